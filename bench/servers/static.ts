// Answers without a database, over the same HTTP stack: the baseline for the answers of the real server. `static.ts PORT [FILE]`, where FILE holds
// the bodies of the status-of-100 load.
import { readFile } from 'node:fs/promises'
import { sendJson } from '../../server/api/send.ts'
import { openPool } from '../../server/db/pool.ts'
import { rememberOrders } from './remembered-orders.ts'
import { rememberServices } from './remembered-services.ts'
import { listen } from './stack.ts'

const BALANCE = '{"balance":"999999999.91000","currency":"USD"}'
const STATUS = '{"charge":"0.09000","start_count":"700","status":"Completed","remains":"0","currency":"USD"}'

const [port, bodiesFile] = process.argv.slice(2)
const db = openPool(process.env['DATABASE_URL']!, { size: 4, name: 'docket bench' })
const sendServices = await rememberServices(db)
const bodies = bodiesFile === undefined ? [] : (await readFile(bodiesFile, 'utf8')).trim().split('\n')
const statusOf = await rememberOrders(db, bodies)
await db.end()

await listen(Number(port), async (parameters, reply, headers) => {
  if (parameters['action'] === 'services') return sendServices(reply, headers)
  if (parameters['orders'] !== undefined) return sendJson(reply, await statusOf(parameters))
  return sendJson(reply, parameters['action'] === 'balance' ? BALANCE : STATUS)
})
