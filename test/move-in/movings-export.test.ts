import { execFileSync } from 'node:child_process'
import { readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { movingAdd } from '../../server/acts/moving-add.ts'
import { movingLook } from '../../server/acts/moving-look.ts'
import { movingOut } from '../../server/acts/moving-out.ts'
import { movingRemove } from '../../server/acts/moving-remove.ts'
import { movingRun } from '../../server/acts/moving-run.ts'
import type { Database } from '../../server/db/pool.ts'
import { hashAt } from '../../server/ledger/seal.ts'
import { MovingFiles } from '../../server/move-in/moving-files.ts'
import type { ExportReport } from '../../server/move-in/movings.ts'
import { EXPORT_FILE } from '../../server/move-in/take-export.ts'
import { run } from '../support/acts.ts'
import { booksBalance, openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { dataDirectory, houseHere, sendFile, until } from './desk-moving.ts'
import { openDumpDirectory, SECRET } from './moved.ts'

const [data, other] = [dataDirectory(), dataDirectory()]
const from = openDocket({ DOCKET_SECRET: SECRET, DOCKET_DATA: data })
const into = openDocket({ DOCKET_SECRET: SECRET, DOCKET_DATA: other })
const inDirectory = openDumpDirectory()

/** The hash of the last line of each book: it holds all lines before. */
async function hashes(db: Database) {
  const { rows } = await db.query<{ id: number; currency: string; lines: bigint }>('select id, currency, lines from books order by id')
  return Promise.all(rows.map(async ({ id, currency, lines }) => [id, lines, await hashAt(db, { id, currency }, lines)] as const))
}

describe('everything', () => {
  let out: number
  let file: string

  test('is taken out as one file, as of one moment, which any tar unpacks', async () => {
    const { key } = await from.account({ balance: '50' })
    const service = await onSale(from, { rate: '1' })
    const { order } = await from.call({ key, action: 'add', service, link: 'https://example.com/p', quantity: 1000 })
    expect(order).toEqual(expect.any(Number))
    out = (await run(houseHere(from), movingOut, {})).moving!
    const moving = await until(from.db, out, 'done')
    const { rows, bytes } = moving.result as ExportReport
    expect(rows).toMatchObject({ orders: 1, services: expect.any(Number) })
    file = new MovingFiles(data).fileOf(moving, EXPORT_FILE)
    expect((await stat(file)).size).toBe(bytes)
    expect(((await stat(file)).mode & 0o777).toString(8)).toBe('600')
    const names = execFileSync('tar', ['tzf', file], { encoding: 'utf8' }).trim().split('\n')
    expect(names).toContain('about.json')
    expect(names.length).toBe(Object.keys(rows).length + 1)
    const orders = execFileSync('tar', ['xzOf', file, 'orders.jsonl'], { encoding: 'utf8' })
    expect(JSON.parse(orders)).toMatchObject({ id: String(order), link: 'https://example.com/p' })
  })

  test('moves into another Docket that is empty, with the lines of its books as they were', async () => {
    const { moving } = await run(houseHere(into), movingAdd, { source: 'docket' })
    await sendFile(into, other, moving!, EXPORT_FILE, file)
    await run(houseHere(into), movingLook, { moving: moving! })
    const looked = await until(into.db, moving!, 'looked')
    expect((looked.report as ExportReport).rows).toMatchObject({ orders: 1 })
    expect((await into.db.query('select from accounts')).rowCount).toBe(0)
    await run(houseHere(into), movingRun, { moving: moving! })
    await until(into.db, moving!, 'done')
    expect(await hashes(into.db)).toEqual(await hashes(from.db))
    await booksBalance(into.db)
    const { rows } = await into.db.query<{ wallet: bigint }>('select wallet from books where not play and wallet > 0')
    expect(rows).toMatchObject([{ wallet: 4_900_000n }])
  })

  test('is not moved into a Docket that has customers', async () => {
    const { moving } = await run(houseHere(into), movingAdd, { source: 'docket' })
    await sendFile(into, other, moving!, EXPORT_FILE, file)
    await run(houseHere(into), movingLook, { moving: moving! })
    expect((await until(into.db, moving!, 'failed')).why).toMatchObject({ code: 'house_not_empty' })
  })

  test('is removed from the disk when somebody says so', async () => {
    await run(houseHere(from), movingRemove, { moving: out })
    await expect.poll(() => stat(file).catch(() => 'gone'), { timeout: 300_000 }).toBe('gone')
  })
})

describe('an archive that is none, or holds something else, is refused', () => {
  const dumps = dataDirectory()
  const packed = async (name: string, entry: string) => {
    const folder = path.join(dumps, name)
    await writeFile(path.join(dumps, entry), 'x')
    execFileSync('tar', ['czf', folder, '-C', dumps, entry])
    return folder
  }
  const refused = async (name: string, file: string) => {
    const { moving } = await run(houseHere(into), movingAdd, { source: 'docket', name })
    await sendFile(into, other, moving!, EXPORT_FILE, file)
    await run(houseHere(into), movingLook, { moving: moving! })
    return (await until(into.db, moving!, 'failed')).why?.code
  }

  test('a text', async () => {
    const text = await inDirectory('text')
    await writeFile(text, 'not packed')
    expect(await refused('text', text)).toBe('incorrect_archive')
  })
  test('packed bytes that are no tar', async () => {
    const bytes = await inDirectory('bytes')
    await writeFile(bytes, gzipSync(Buffer.alloc(5000, 1)))
    expect(await refused('bytes', bytes)).toBe('incorrect_archive')
  })
  test('another file', async () => expect(await refused('another', await packed('another.tar.gz', 'passwd'))).toBe('incorrect_archive'))
  test('an export without its description', async () =>
    expect(await refused('bare', await packed('bare.tar.gz', 'orders.jsonl'))).toBe('incorrect_archive'))
  test('one that was cut', async () => {
    const whole = await readFile(await packed('cut.tar.gz', 'about.json'))
    const cut = await inDirectory('cut.tar.gz')
    await writeFile(cut, whole.subarray(0, whole.length - 20))
    expect(await refused('cut', cut)).toBe('incorrect_archive')
  })
})
