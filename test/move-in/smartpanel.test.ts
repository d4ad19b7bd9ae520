import { beforeAll, describe, expect, test } from 'vitest'
import { panelOfDump } from '../../server/move-in/from-dump.ts'
import type { Panel } from '../../server/move-in/panel.ts'
import { smartpanel } from '../../server/move-in/smartpanel.ts'
import { openDocket } from '../support/docket.ts'
import { keyOf, SMALL, smartpanelTables, writeDump } from './dumps.ts'
import { bring, brokenAfter, openDumpDirectory, SECRET, timesOf } from './moved.ts'

const docket = openDocket({ DOCKET_SECRET: SECRET })
const inDirectory = openDumpDirectory()
const size = { ...SMALL, orders: 12_000 }
let panel: Panel

beforeAll(async () => {
  const file = await inDirectory('smartpanel.sql')
  await writeDump(file, smartpanelTables(size, 'https://acme.example/api/v2'), 'phpMyAdmin')
  panel = panelOfDump(smartpanel, file, 'smart')
})

const rows = async () =>
  (
    await docket.db.query<{ orders: number; lines: number; wallets: string }>(`
      select (select count(*) from orders)::int as orders, (select count(*) from transfers)::int as lines, (select sum(wallet) from books)::text as wallets`)
  ).rows[0]!

describe('a panel of the SmartPanel family', () => {
  test('that broke off in its orders goes on where it was', async () => {
    await expect(bring(docket, brokenAfter(panel, 8000))).rejects.toThrow('broke off')
    const half = await rows()
    expect(half.orders).toBeGreaterThan(4000)
    expect(half).toMatchObject({ lines: 0, wallets: '0' })
  })

  test('that broke off between the balances of its accounts has brought each of them with its open orders, or not at all', async () => {
    let batches = 0
    const onProgress = (what: string) => {
      batches += what === 'balances' ? 1 : 0
      if (what === 'balances') throw new Error('killed')
    }
    await expect(bring(docket, panel, { onProgress })).rejects.toThrow('killed')
    expect(batches).toBe(1)
    expect((await rows()).lines).toBeGreaterThan(0)
  })

  test('has everything once it was run to its end, and nothing twice', async () => {
    const report = await bring(docket, panel)
    expect(report.counts).toMatchObject({
      accounts: { here: 30, brought: 0 },
      keys: { brought: 30 },
      'ended orders': { brought: 0 },
      'open orders': { brought: 0 },
    })
    const done = await rows()
    expect(done.orders).toBe(size.orders - 1)
    await bring(docket, panel)
    expect(await rows()).toEqual(done)
    expect(timesOf(report, 'a link was cut')).toBe(1)
    expect(timesOf(report, 'below zero')).toBe(1)
    expect(timesOf(report, 'general rate of its own')).toBe(1)
  })

  test('has its words for the state of an order read', async () => {
    const { rows: found } = await docket.db.query('select id::int, status, ended from orders where id in (1, 2, 3, 4) order by id')
    expect(found).toEqual([
      { id: 1, status: 'Completed', ended: true },
      { id: 2, status: 'Canceled', ended: true },
      { id: 3, status: 'Pending', ended: false },
      { id: 4, status: 'Pending', ended: false },
    ])
    const { rows: alerts } = await docket.db.query('select order_id::int as order from alerts where order_id in (3, 4) order by 1')
    expect(alerts).toEqual([{ order: 3 }, { order: 4 }])
  })

  test('charges a drip-feed once, and not its runs again', async () => {
    const { rows: found } = await docket.db.query(
      'select o.id::int, o.charge, h.state from orders o join hand_offs h on h.order_id = o.id where o.id in (6, 7) order by o.id',
    )
    expect(found).toEqual([
      { id: 6, charge: 300_000n, state: 'attention' },
      { id: 7, charge: 0n, state: 'sent' },
    ])
  })

  test('leaves each wallet at the balance there', async () => {
    const wallets = await docket.db.query<{ account: number; wallet: bigint; owed: bigint }>(
      'select account_id as account, wallet, owed from books where account_id in (2, 3, 4) and not play order by 1',
    )
    expect(wallets.rows.map(({ wallet, owed }) => [wallet, owed])).toEqual([
      [0n, -350_000n],
      [5_025_000n, 0n],
      [410_000n, 0n],
    ])
    expect(await docket.balance(keyOf(4))).toBe('4.10000')
  })

  test('does not let in who was suspended there', async () => {
    expect(await docket.call({ key: keyOf(3), action: 'balance' })).toMatchObject({ error: 'Invalid API key' })
  })

  test('gives a refill of an order that had been done before', async () => {
    await docket.db.query('update services set refill = true, refill_days = null where id = 1')
    const { rows: done } = await docket.db.query<{ id: bigint; account: number }>(`
      select o.id, b.account_id as account from orders o join books b on b.id = o.book_id where o.status = 'Completed' and o.service_id = 1 and o.id > 7 order by o.id limit 1`)
    const answer = await docket.call({ key: keyOf(done[0]!.account), action: 'refill', order: Number(done[0]!.id) })
    expect(answer).toEqual({ refill: expect.anything() })
  })
})
