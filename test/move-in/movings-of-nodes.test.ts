import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { movingAdd } from '../../server/acts/moving-add.ts'
import { movingLook } from '../../server/acts/moving-look.ts'
import { movingRun } from '../../server/acts/moving-run.ts'
import { movingStop } from '../../server/acts/moving-stop.ts'
import { MovingFiles } from '../../server/move-in/moving-files.ts'
import { findMoving } from '../../server/move-in/movings.ts'
import { beginFile, takePiece } from '../../server/move-in/receive-file.ts'
import type { Report } from '../../server/move-in/report.ts'
import { openSecret } from '../../server/secret.ts'
import { run } from '../support/acts.ts'
import { eventually } from '../support/clients.ts'
import { booksBalance, freshDatabase, openDocket } from '../support/docket.ts'
import { secondNode } from '../support/second-node.ts'
import { endServers, serve } from '../support/server-process.ts'
import { addDump, dataDirectory, houseHere, until } from './desk-moving.ts'
import { glyconTables, keyOf, SMALL, smartpanelTables, writeDump } from './dumps.ts'
import { openDumpDirectory, SECRET } from './moved.ts'

const [data, other] = [dataDirectory(), dataDirectory()]
const docket = openDocket({ DOCKET_SECRET: SECRET, DOCKET_DATA: data })
const inDirectory = openDumpDirectory()
const LARGE = { ...SMALL, orders: 30_000 }
let dump: string
const house = () => houseHere(docket)
const counts = (report: unknown) => (report as Report).counts

beforeAll(async () => {
  dump = await inDirectory('glycon.sql')
  await writeDump(dump, glyconTables(LARGE, 'http://127.0.0.1:9/api/v2'))
})
afterAll(endServers)

test('a file that is sent to another node reaches the one that holds it, sealed on the way', async () => {
  const node = await secondNode(docket, { DOCKET_SECRET: SECRET, DOCKET_DATA: other })
  onTestFinished(() => node.stop())
  const { moving } = await run(house(), movingAdd, { source: 'csv', name: 'two' })
  const id = moving!
  const secret = await openSecret({ secret: SECRET, dataDirectory: '' })
  const at = (directory: string) => ({ db: docket.db, files: new MovingFiles(directory), secret, now: docket.clock.now() })
  const text = Buffer.from('id,email,key\n7,seven@shop.example,a-key-that-nobody-may-read\n')
  const name = 'accounts.csv'
  await beginFile(at(data), id, { name, bytes: text.length, stamp: '' })
  await takePiece(at(data), id, { name, at: 0n, bytes: text.subarray(0, 10) })
  for (let from = 10; from < text.length; from += 10) {
    const piece = { name, at: BigInt(from), bytes: text.subarray(from, from + 10) }
    await eventually('the piece is taken', async () => (await takePiece(at(other), id, piece)).at > piece.at || undefined)
  }
  const { rows } = await docket.db.query<{ text: string }>('select p::text as text from moving_pieces p')
  expect(rows.map((row) => row.text).join()).not.toContain('nobody-may-read')
  await eventually('all of it is there', async () => {
    const [file] = (await docket.db.query<{ received: bigint }>('select received from moving_files where moving_id = $1', [id])).rows
    return file!.received === BigInt(text.length) || undefined
  })
  const moved = await findMoving(docket.db, id)
  expect(await new MovingFiles(data).sizeOf(moved, name)).toBe(text.length)
  expect((await docket.db.query('select from moving_pieces')).rowCount).toBe(0)
  // The node without the file does not work on it.
  await run(house(), movingLook, { moving: id })
  const { report, holderName } = await until(docket.db, id, 'looked')
  expect(counts(report).accounts).toMatchObject({ brought: 1 })
  expect(holderName).not.toBe(null)
  expect(await readdir(path.join(other, 'moving'))).toEqual(['id'])
})

test('a moving that is stopped keeps what came, and goes on to the same end', async () => {
  const id = await addDump(docket, data, 'glycon', dump)
  await run(house(), movingLook, { moving: id })
  const { report } = await until(docket.db, id, 'looked')
  await run(house(), movingRun, { moving: id })
  await eventually('some orders came', async () => (await docket.db.query('select from orders limit 1')).rowCount || undefined)
  await run(house(), movingStop, { moving: id })
  const stopped = await until(docket.db, id, 'stopped')
  expect(stopped).toMatchObject({ stopAskedBy: 'tester', result: null })
  await booksBalance(docket.db)
  await run(house(), movingRun, { moving: id })
  const { result } = await until(docket.db, id, 'done')
  expect(counts(result)).toEqual(counts(report))
  expect((result as Report).money.deposits).toBe((report as Report).money.deposits)
})

test('a node that is killed in the middle goes on when it is started again, and counts each thing once', async () => {
  const directory = dataDirectory()
  const databaseUrl = await freshDatabase()
  const settings = { DATABASE_URL: databaseUrl, DOCKET_SECRET: SECRET, DOCKET_DATA: directory }
  const file = await inDirectory('smartpanel.sql')
  await writeDump(file, smartpanelTables(LARGE, 'http://127.0.0.1:9/api/v2'))
  const { openPool } = await import('../../server/db/pool.ts')
  const db = openPool(databaseUrl, { size: 2, name: 'test' })
  onTestFinished(() => db.end())
  const there = { ...docket, db, clock: { now: () => new Date(), forward() {} } }
  const first = await serve(settings)
  const id = await addDump(there, directory, 'smartpanel', file)
  await run(houseHere(there), movingLook, { moving: id })
  const { report } = await until(db, id, 'looked')
  await run(houseHere(there), movingRun, { moving: id })
  await eventually('some orders came', async () => (await db.query('select from orders limit 1')).rowCount || undefined)
  await first.kill()
  expect((await findMoving(db, id)).state).toBe('run')
  const second = await serve(settings)
  const { result } = await until(db, id, 'done')
  expect(counts(result)).toEqual(counts(report))
  expect((result as Report).money.deposits).toBe((report as Report).money.deposits)
  expect((await db.query(`select from staff_log where act = 'move-in'`)).rowCount).toBe(1)
  await booksBalance(db)
  const answer = await fetch(`${second.url}/api/v2`, { method: 'POST', body: new URLSearchParams({ key: keyOf(8), action: 'balance' }) })
  expect(await answer.json()).toMatchObject({ balance: '8.10000' })
})

test('a hosted panel in one’s own network is asked only where that was said, and its keys are sealed and then forgotten', async () => {
  const asked: string[] = []
  const server: Server = createServer((request, response) => {
    asked.push(request.url!)
    const isServices = request.url === '/api/v2'
    const list = isServices
      ? [{ service: 4001, name: 'Likes', type: 'Default', category: 'Social', rate: '1', min: '1', max: '10' }]
      : {
          data: {
            list: request.url!.includes('users') ? [{ id: 5001, username: 'u', email: 'u@hosted.example', balance: { value: '7.5' } }] : [],
          },
        }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(list))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const input = { source: 'hosted', url, key: 'operator-key-of-hosted', services_key: 'reseller-key-of-hosted' }

  const { moving: outside } = await run(house(), movingAdd, input)
  expect((await until(docket.db, outside!, 'failed')).why).toMatchObject({ code: 'old_panel_unclear' })
  expect(asked).toEqual([])

  const { moving } = await run(house(), movingAdd, { ...input, private_network: true })
  await until(docket.db, moving!, 'looked')
  const kept = (
    await docket.db.query<{ text: string }>(`select m::text || l.input::text as text from movings m, staff_log l where m.id = $1`, [moving])
  ).rows
  expect(kept.map(({ text }) => text).join()).not.toContain('key-of-hosted')
  await run(house(), movingRun, { moving: moving! })
  await until(docket.db, moving!, 'done')
  expect((await docket.db.query('select from movings where id = $1 and sealed is null', [moving])).rowCount).toBe(1)
  expect((await docket.db.query<{ wallet: bigint }>('select wallet from books where account_id = 5001')).rows[0]!.wallet).toBe(750_000n)
})
