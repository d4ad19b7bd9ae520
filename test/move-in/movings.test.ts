import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { movingAdd } from '../../server/acts/moving-add.ts'
import { movingLook } from '../../server/acts/moving-look.ts'
import { movingRemove } from '../../server/acts/moving-remove.ts'
import { movingRun } from '../../server/acts/moving-run.ts'
import { movingStop } from '../../server/acts/moving-stop.ts'
import { panelOfDump } from '../../server/move-in/from-dump.ts'
import { glycon } from '../../server/move-in/glycon.ts'
import { MovingFiles } from '../../server/move-in/moving-files.ts'
import type { Report } from '../../server/move-in/report.ts'
import { beginFile, takePiece } from '../../server/move-in/receive-file.ts'
import { openSecret } from '../../server/secret.ts'
import { readLog, verifyLog } from '../../server/staff/log.ts'
import { run } from '../support/acts.ts'
import { openDocket } from '../support/docket.ts'
import { FAKE_KEY } from '../support/fake-supplier.ts'
import { addDump, dataDirectory, houseHere, sendFile, until } from './desk-moving.ts'
import { glyconTables, keyOf, SMALL, writeDump } from './dumps.ts'
import { bring, openDumpDirectory, SECRET } from './moved.ts'

const data = dataDirectory()
const docket = openDocket({ DOCKET_SECRET: SECRET, DOCKET_DATA: data })
const inDirectory = openDumpDirectory()
let dump: string

beforeAll(async () => {
  dump = await inDirectory('glycon.sql')
  await writeDump(dump, glyconTables(SMALL, 'http://127.0.0.1:9/api/v2'))
})

const house = () => houseHere(docket)
const counts = (report: unknown) => (report as Report).counts
const EVERYTHING = { staff: null, act: null, account: null, order: null, service: null, supplier: null }

describe('a moving', () => {
  let id: number

  test('is looked at by a node that has its file, and tells what the command tells', async () => {
    id = await addDump(docket, data, 'glycon', dump)
    await run(house(), movingLook, { moving: id })
    const { report } = await until(docket.db, id, 'looked')
    const told = await bring(docket, panelOfDump(glycon, dump, 'glycon'), { dryRun: true })
    expect({ ...(report as Report), odd: [] }).toEqual({ ...told, odd: [] })
    expect((report as Report).odd.map(({ code, times }) => [code, times])).toEqual(told.odd.map(({ code, times }) => [code, times]))
    expect((await docket.db.query('select from orders')).rowCount).toBe(0)
  })

  test('is private on the disk, and its file is read by nobody else', async () => {
    const folder = (await readdir(path.join(data, 'moving'))).find((name) => name !== 'id')
    const modes = await Promise.all(
      ['moving', `moving/${folder}`, `moving/${folder}/dump.sql`, 'moving/id'].map((name) => stat(path.join(data, name))),
    )
    expect(modes.map(({ mode }) => (mode & 0o777).toString(8))).toEqual(['700', '700', '600', '600'])
  })

  test('is brought over once a person says so, with its line in the log, and its file is removed', async () => {
    await run(house(), movingRun, { moving: id })
    const moving = await until(docket.db, id, 'done')
    const { report, result } = moving
    expect(counts(result)).toEqual(counts(report))
    expect((result as Report).money).toMatchObject({ ...(report as Report).money, customersHad: expect.any(String) })
    expect(await docket.balance(keyOf(8))).toBe('8.30000')
    expect(await readLog(docket.db, EVERYTHING, { before: null, most: 2 })).toMatchObject([
      { act: 'move-in', who: 'tester' },
      { act: 'moving run' },
    ])
    expect(await verifyLog(docket.db)).toMatchObject({ fault: null, isWhole: true })
    await expect.poll(() => readdir(path.join(data, 'moving')), { timeout: 300_000 }).toEqual(['id'])
    expect((await docket.db.query('select from moving_files')).rowCount).toBe(0)
  })

  test('of the same panel brings only what is new', async () => {
    const again = await addDump(docket, data, 'glycon', dump)
    await run(house(), movingLook, { moving: again })
    const { report } = await until(docket.db, again, 'looked')
    expect(Object.values(counts(report)).map(({ brought }) => brought)).toEqual([0, 0, 0, 0, 0, 0, 0])
    const orders = (await docket.db.query('select from orders')).rowCount
    await run(house(), movingRun, { moving: again })
    const { result } = await until(docket.db, again, 'done')
    expect(Object.values(counts(result)).map(({ brought }) => brought)).toEqual([0, 0, 0, 0, 0, 0, 0])
    expect((await docket.db.query('select from orders')).rowCount).toBe(orders)
    expect(await docket.balance(keyOf(8))).toBe('8.30000')
  })

  test('holds nobody’s key where people or programs can read it', async () => {
    const { rows } = await docket.db.query<{ text: string }>(
      `select m::text as text from movings m union all select l::text from staff_log l union all select f::text from moving_files f`,
    )
    const told = rows.map(({ text }) => text).join('\n')
    for (const key of [keyOf(1), keyOf(8), FAKE_KEY]) expect(told).not.toContain(key)
  })
})

describe('what cannot be done', () => {
  test('a moving that was not looked at, has no whole file, or has ended is refused', async () => {
    const { moving } = await run(house(), movingAdd, { source: 'glycon', name: 'other' })
    await expect(run(house(), movingLook, { moving })).rejects.toMatchObject({ code: 'moving_without_files' })
    await expect(run(house(), movingRun, { moving })).rejects.toMatchObject({ code: 'moving_not_looked_at' })
    await expect(run(house(), movingStop, { moving })).rejects.toMatchObject({ code: 'moving_not_under_way' })
    await run(house(), movingRemove, { moving })
    await expect(run(house(), movingLook, { moving })).rejects.toMatchObject({ code: 'moving_ended' })
    await expect(run(house(), movingLook, { moving: 999 })).rejects.toMatchObject({ code: 'unknown_moving' })
    await expect(run(house(), movingAdd, { source: 'hosted', url: 'https://old.example' })).rejects.toMatchObject({
      code: 'moving_without_address',
    })
    await expect(run(house(), movingAdd, { source: 'glycon', currency: 'EUR' })).rejects.toMatchObject({ code: 'another_currency_here' })
  })

  test('a dump that was cut fails with the reason, and is looked at again with another file', async () => {
    const cut = await inDirectory('cut.sql')
    await writeFile(cut, (await readFile(dump)).subarray(0, 20_000))
    const id = await addDump(docket, data, 'glycon', cut, 'cut')
    await run(house(), movingLook, { moving: id })
    expect((await until(docket.db, id, 'failed')).why).toMatchObject({
      code: 'panel_file_unreadable',
      words: expect.stringContaining('cut'),
    })
    await sendFile(docket, data, id, 'dump.sql', dump)
    await run(house(), movingLook, { moving: id })
    await until(docket.db, id, 'looked')
    await run(house(), movingRemove, { moving: id })
  })

  test('a file that was deleted from the disk is told, whoever did it', async () => {
    const id = await addDump(docket, data, 'glycon', dump, 'lost')
    const files = new MovingFiles(data)
    const { rows } = await docket.db.query<{ folder: string }>('select folder from movings where id = $1', [id])
    await files.removeFolder(rows[0]!)
    await run(house(), movingLook, { moving: id })
    expect((await until(docket.db, id, 'failed')).why).toMatchObject({ code: 'moving_lost_files' })
    await run(house(), movingRemove, { moving: id })
  })
})

describe('a file that is sent in pieces', () => {
  test('is gone on with where it broke off, and no piece is taken twice or at another place', async () => {
    const { moving } = await run(house(), movingAdd, { source: 'csv', name: 'pieces' })
    const id = moving!
    const receiving = {
      db: docket.db,
      files: new MovingFiles(data),
      secret: await openSecret({ secret: SECRET, dataDirectory: '' }),
      now: docket.clock.now(),
    }
    const text = Buffer.from('id,email\n1,one@shop.example\n')
    const name = 'accounts.csv'
    expect(await beginFile(receiving, id, { name, bytes: text.length, stamp: 'a' })).toEqual({ at: 0n })
    const first = { name, at: 0n, bytes: text.subarray(0, 10) }
    expect(await takePiece(receiving, id, first)).toEqual({ at: 10n, isFull: false })
    expect(await takePiece(receiving, id, first)).toEqual({ at: 10n, isFull: false })
    expect(await takePiece(receiving, id, { name, at: 20n, bytes: text.subarray(20) })).toEqual({ at: 10n, isFull: false })
    expect(await beginFile(receiving, id, { name, bytes: text.length, stamp: 'a' })).toEqual({ at: 10n })
    // Another file of the same name begins at its beginning.
    expect(await beginFile(receiving, id, { name, bytes: text.length, stamp: 'b' })).toEqual({ at: 0n })
    expect(await takePiece(receiving, id, { name, at: 0n, bytes: text })).toEqual({ at: BigInt(text.length), isFull: false })
    await expect(takePiece(receiving, id, { name, at: BigInt(text.length), bytes: text })).rejects.toMatchObject({ code: 'file_too_large' })
    await expect(beginFile(receiving, id, { name: '../secret', bytes: 1, stamp: '' })).rejects.toMatchObject({ code: 'file_not_of_moving' })
    await run(house(), movingRemove, { moving: id })
  })
})
