import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { exportTo } from '../../server/move-in/export.ts'
import { exported, leftBehind } from '../../server/move-in/exported.ts'
import { fieldWords } from '../../server/move-in/field-words.ts'
import { panelOfDump } from '../../server/move-in/from-dump.ts'
import { glycon } from '../../server/move-in/glycon.ts'
import { moveInExport } from '../../server/move-in/move-in-export.ts'
import { hashAt } from '../../server/ledger/seal.ts'
import { openSecret } from '../../server/secret.ts'
import { machineUser } from '../../server/staff/actor.ts'
import { pagePublish } from '../../server/acts/page-publish.ts'
import { pageSet } from '../../server/acts/page-set.ts'
import { savedReplyAdd } from '../../server/acts/saved-reply.ts'
import { readPublicPage } from '../../server/site-pages/read-pages.ts'
import { houseOf, run } from '../support/acts.ts'
import { type Docket, openDocket } from '../support/docket.ts'
import { opened } from '../support/tickets.ts'
import { workThrough } from '../support/fulfilment.ts'
import { tablesOfMigrations } from '../support/table-writes.ts'
import { glyconTables, keyOf, SMALL, writeDump } from './dumps.ts'
import { bring, openDumpDirectory, SECRET } from './moved.ts'

const first = openDocket({ DOCKET_SECRET: SECRET })
const second = openDocket({ DOCKET_SECRET: SECRET })
const inDirectory = openDumpDirectory()
let directory: string
let key: string

/** The hash of the last line of each book: it holds all lines before. */
async function bookHashes({ db }: Docket) {
  const { rows } = await db.query<{ id: number; currency: string; lines: bigint }>('select id, currency, lines from books order by id')
  return Promise.all(rows.map(async ({ id, currency, lines }) => [id, lines, await hashAt(db, { id, currency }, lines)] as const))
}

async function moveInto(docket: Docket, dryRun = false) {
  const secret = await openSecret({ secret: SECRET, dataDirectory: '' })
  return moveInExport({
    db: docket.db,
    directory,
    now: docket.clock.now(),
    dryRun,
    actor: machineUser('tests'),
    secret,
    onProgress: () => {},
  })
}

beforeAll(async () => {
  const file = await inDirectory('glycon.sql')
  await writeDump(file, glyconTables(SMALL, 'https://acme.example/api/v2'))
  await bring(first, panelOfDump(glycon, file, 'old'))
  const service = await first.service({ dripfeed: true, refill: true, cancel: true }, { startWithin: 1, compensationBasisPoints: 1000 })
  ;({ key } = await first.account({ balance: '500' }))
  for (let at = 0; at < 30; at += 1)
    await first.call({
      key,
      action: 'add',
      service,
      link: `https://example.com/${at}`,
      quantity: 100 + at,
      ...(at % 5 === 0 ? { runs: 3, interval: 1 } : {}),
    })
  await workThrough(first, 20, 5)
  const { rows } = await first.db.query<{ account: number; id: bigint }>(
    'select b.account_id as account, o.id from orders o join books b on b.id = o.book_id order by o.id desc limit 1',
  )
  await opened(first, rows[0]!.account, { orders: [Number(rows[0]!.id)], pictures: [Buffer.from('a picture')] })
  await run(houseOf(first.db, first.clock.now), savedReplyAdd, { name: 'Hello', text: 'Hello {customer}' })
  const house = houseOf(first.db, first.clock.now)
  await run(house, pageSet, { page: 'terms', language: 'sl', title: 'Pogoji', text: '# Pogoji' })
  await run(house, pagePublish, { page: 'terms' })
  directory = await inDirectory('export')
})

describe('an export', () => {
  test('has every table, or says why it stays behind', () => {
    const told = [...exported.map(({ table }) => table), ...Object.keys(leftBehind)]
    expect(told.toSorted()).toEqual([...tablesOfMigrations(), 'migrations'].toSorted())
  })

  test('describes every field', async () => {
    const about = await exportTo(first.db, directory, first.clock.now(), () => {})
    expect(
      about.kinds.flatMap(({ kind, fields }) => fields.filter(({ name }) => !(name in fieldWords)).map(({ name }) => `${kind}.${name}`)),
    ).toEqual([])
    const orders = (await readFile(join(directory, 'orders.jsonl'), 'utf8')).trimEnd().split('\n')
    const [order] = orders.map((line) => JSON.parse(line) as object)
    expect(Object.keys(order!)).toEqual(about.kinds.find(({ kind }) => kind === 'orders')!.fields.map(({ name }) => name))
  })

  test('holds no secret', async () => {
    const all = await Promise.all(exported.map(({ table }) => readFile(join(directory, `${table}.jsonl`), 'utf8')))
    for (const secret of [key, keyOf(7), 'fake-key']) expect(all.join('\n')).not.toContain(secret)
    expect(JSON.parse((await readFile(join(directory, 'suppliers.jsonl'), 'utf8')).split('\n')[1]!)).not.toHaveProperty('sealed_key')
  })

  test('is not written over another one', async () => {
    await expect(exportTo(first.db, directory, first.clock.now(), () => {})).rejects.toThrow('is not empty')
  })

  test('is looked at by a dry run, which changes nothing', async () => {
    const told = await moveInto(second, true)
    expect(told.suppliersWithoutKey).toEqual(['acme'])
    expect((await second.db.query('select from orders')).rowCount).toBe(0)
  })

  test('moves into an empty Docket with the hashes of all books, and the audit is clean', async () => {
    await moveInto(second)
    expect(await bookHashes(second)).toEqual(await bookHashes(first))
    expect((await bookHashes(second)).length).toBeGreaterThan(30)
  })

  test('has clients order on with their keys at once, and the numbers go on', async () => {
    const before = await first.call({ key, action: 'balance' })
    expect(await second.call({ key, action: 'balance' })).toEqual(before)
    expect(await second.call({ key: keyOf(8), action: 'balance' })).toEqual(await first.call({ key: keyOf(8), action: 'balance' }))
    const [there, here] = [
      await first.call({ key, action: 'add', service: 4, link: 'https://example.com/x', quantity: 100 }),
      await second.call({ key, action: 'add', service: 4, link: 'https://example.com/x', quantity: 100 }),
    ]
    expect(here.order).toBeGreaterThan(SMALL.orders)
    expect(there.order).toBeGreaterThan(SMALL.orders)
    await expect(second.account()).rejects.toThrow('There is an account for customer1@example.com already')
    const account = await second.account()
    expect(account.account).toBeGreaterThan(SMALL.customers)
  })

  test('has its tickets with their orders and pictures, and gives the next one its own number', async () => {
    const tickets = async ({ db }: Docket) =>
      (await db.query(`select t.id, t.state, m.text, o.order_id, p.picture from tickets t join ticket_messages m on m.ticket_id = t.id
        join ticket_orders o on o.ticket_id = t.id join ticket_pictures p on p.message_id = m.id`)).rows // prettier-ignore
    expect(await tickets(second)).toEqual(await tickets(first))
    expect(await tickets(second)).toHaveLength(1)
    expect((await second.db.query('select name from saved_replies')).rows).toEqual([{ name: 'Hello' }])
    expect(await opened(second, (await second.account()).account)).toBe(2n)
  })

  test('has its own pages, public as they were', async () => {
    expect(await readPublicPage(second.db, 'terms', 'sl', ['sl'])).toEqual(await readPublicPage(first.db, 'terms', 'sl', ['sl']))
    expect(await readPublicPage(second.db, 'terms', 'sl', ['sl'])).toMatchObject({ title: 'Pogoji', languages: ['sl'] })
  })

  test('has its suppliers wait for their keys', async () => {
    const { rows } = await second.db.query("select paused from suppliers where protocol = 'api-v2'")
    expect(rows).toEqual([{ paused: true }])
  })

  test('is not moved into a Docket that has anything, nor when a file was changed', async () => {
    await expect(moveInto(first)).rejects.toThrow('into an empty one')
    await appendFile(join(directory, 'books.jsonl'), '\n')
    await expect(moveInto(second)).rejects.toThrow('books.jsonl is not as it was exported')
  })
})
