import { beforeAll, describe, expect, test } from 'vitest'
import { workExport } from '../../server/acts/export-worker.ts'
import { orderExport } from '../../server/acts/order-export.ts'
import { reportExport } from '../../server/acts/report-export.ts'
import { addPiece, claimExport, everyPart, findExport, forgetOldExports } from '../../server/jobs/exports.ts'
import { answerOf, houseOf, run } from '../support/acts.ts'
import { openDesk } from '../support/desk.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { placed, tell } from '../support/order-life.ts'

// A node that writes no files: the test does.
const docket = openDocket({ DOCKET_ROLE: 'http' })
const house = () => houseOf(docket.db, docket.clock.now)
const orders: number[] = []

beforeAll(async () => {
  const service = await onSale(docket, { name: 'Follow, "me"' })
  const { key } = await docket.account()
  for (let at = 0; at < 5; at += 1) orders.push(await placed(docket, key, { service, quantity: 100 }))
  await tell(docket, orders[0]!, 'Completed')
})

async function textOf(id: number): Promise<string> {
  let text = ''
  for await (const part of everyPart(docket.db, BigInt(id))) text += part
  return text
}

describe('a list that is taken out', () => {
  test('is written by a job, the newest order first, as a table and as JSON lines', async () => {
    const table = (await run(house(), orderExport, { state: 'open' })).export!
    const lines = (await run(house(), orderExport, { state: 'ended', format: 'jsonl' })).export!
    expect(await findExport(docket.db, BigInt(table))).toMatchObject({ rows: 0, endedAt: null })
    while ((await workExport(house())) > 0);
    const rows = (await textOf(table)).split('\r\n')
    expect(rows[0]).toMatch(/^order,account,email,test,/)
    expect(rows.slice(1, -1).map((row) => Number(row.split(',')[0]))).toEqual(orders.slice(1).toReversed())
    expect(JSON.parse(await textOf(lines))).toMatchObject({ order: orders[0], status: 'Completed', charge: '0.10000' })
    expect(await findExport(docket.db, BigInt(table))).toMatchObject({ rows: 4, endedAt: docket.clock.now() })
  })

  test('has each row once when a node ends in the middle, and two nodes write no piece twice', async () => {
    const id = BigInt((await run(house(), orderExport, { format: 'jsonl' })).export!)
    const claimed = (await claimExport(docket.db, docket.clock.now(), id))!
    const piece = { text: 'one\n', rows: 1, next: { before: String(orders[4]) } }
    expect(await addPiece(docket.db, claimed, piece, docket.clock.now())).toMatchObject({ parts: 1 })
    // Another node that had claimed it before comes too late.
    expect(await addPiece(docket.db, claimed, piece, docket.clock.now())).toBeUndefined()
    expect(await workExport(house(), () => false, id)).toBe(0)
    docket.clock.forward({ minutes: 1 })
    expect(await workExport(house(), () => false, id)).toBe(1)
    const [first, ...rest] = (await textOf(Number(id))).trim().split('\n')
    expect(first).toBe('one')
    expect(rest.map((line) => (JSON.parse(line) as { order: number }).order)).toEqual(orders.slice(0, 4).toReversed())
  })

  test('is told by a dry run without taking a number', async () => {
    expect((await answerOf(house(), orderExport, {}, { dryRun: true })).result).toMatchObject({ export: null })
    const report = { by: 'day', from: '2026-03-01', to: '2026-03-02' }
    expect((await answerOf(house(), reportExport, report, { dryRun: true })).result).toMatchObject({ export: null })
  })

  test('is offered to those who may see the list, and deleted after a week', async () => {
    const desk = await openDesk(docket)
    await desk.post('/desk/orders/export', { address: 'state=ended', format: 'csv' })
    const { export: report } = await run(house(), reportExport, { by: 'day', from: '2026-03-01', to: '2026-03-02' })
    while ((await workExport(house())) > 0);
    const path = `/desk/files/${report}/file`
    expect((await desk.get('/desk/files')).html).toContain(path)
    const fulfilment = await openDesk(docket, { role: 'fulfilment' })
    expect((await fulfilment.get('/desk/files')).html).not.toContain(path)
    expect((await fulfilment.get(path)).status).toBe(404)
    expect((await desk.get(path)).status).toBe(200)
    docket.clock.forward({ days: 8 })
    await forgetOldExports(docket.db, docket.clock.now())
    expect((await (await openDesk(docket)).get(path)).html).toContain(`There is no file ${report}`)
  })
})
