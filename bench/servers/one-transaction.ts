// The server as most people would write it: the same protocol, checks and books, but a transaction per request. `one-transaction.ts PORT
// statements` sends six statements, `… function` one call that does the work of all six.
import type { ApiContext } from '../../server/api/context.ts'
import { priceOrder } from '../../server/ordering/price-order.ts'
import { sendJson } from '../../server/api/send.ts'
import { openCatalogue } from '../../server/catalog/catalogue.ts'
import { openCallers } from '../../server/customers/callers.ts'
import { openPool, transaction } from '../../server/db/pool.ts'
import type { PricedOrder } from '../../server/orders/priced-order.ts'
import { DEBIT, LOCK_BOOK, ONE_STATEMENT, STORE_ORDER, STORE_TRANSFER } from '../load/single-order.ts'
import { listen } from './stack.ts'

const [port, way] = process.argv.slice(2)
const db = openPool(process.env['DATABASE_URL']!, { size: 16, name: 'docket bench' })
const callers = openCallers(db, () => true, 100_000)
const catalogue = await openCatalogue(db)
const clock = { now: () => new Date() } as ApiContext
const place = way === 'statements' ? placeInSixStatements : placeInOne

await listen(Number(port), async (parameters, reply) => {
  const key = parameters['key'] ?? ''
  const caller = callers.remembered(key) ?? (await callers.find(key))
  if (!caller) throw new Error('Invalid API key')
  const order = priceOrder(clock, { caller, parameters }, catalogue.current(), null)
  return sendJson(reply, `{"order":${await place(order)}}`)
})

function placeInSixStatements(order: PricedOrder): Promise<bigint> {
  const { bookId, charge } = order
  return transaction(db, async (tx) => {
    const locked = await tx.query<{ wallet: bigint }>({ name: 'lock', text: LOCK_BOOK, values: [bookId] })
    if (locked.rows[0]!.wallet < charge) throw new Error('Not enough funds on balance')
    const debited = await tx.query<{ line: bigint; wallet: bigint }>({ name: 'debit', text: DEBIT, values: [bookId, charge] })
    const { line, wallet } = debited.rows[0]!
    const values = [bookId, line, order.keyId, order.serviceId, order.supplierId, order.quantity, charge, order.rate, order.link]
    const { id } = (await tx.query<{ id: bigint }>({ name: 'order', text: STORE_ORDER, values })).rows[0]!
    await tx.query({ name: 'transfer', text: STORE_TRANSFER, values: [bookId, line, charge, wallet, id] })
    return id
  })
}

async function placeInOne(order: PricedOrder): Promise<bigint> {
  const values = [order.bookId, order.keyId, order.serviceId, order.supplierId, order.quantity, order.charge, order.rate, order.link]
  const { rows } = await db.query<{ id: bigint | null }>({ name: 'one', text: ONE_STATEMENT, values })
  if (!rows[0]?.id) throw new Error('Not enough funds on balance')
  return rows[0].id
}
