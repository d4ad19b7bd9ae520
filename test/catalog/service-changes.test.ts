import { readdir } from 'node:fs/promises'
import { describe, expect, inject, test } from 'vitest'
import { changeCatalogue } from '../../server/catalog/catalogue.ts'
import { setCustomRate } from '../../server/catalog/import.ts'
import { readPriceChanges } from '../../server/catalog/price-changes.ts'
import { readTrail } from '../../server/catalog/sync-trail.ts'
import { setAccount } from '../../server/customers/accounts.ts'
import { migrate } from '../../server/db/migrate.ts'
import { openPool } from '../../server/db/pool.ts'
import { onServer, withDatabase } from '../support/database-server.ts'
import { openDocket } from '../support/docket.ts'
import { listed, openShop } from './shop.ts'

const docket = openDocket()
const shop = openShop(docket)

const feed = (key: string, since?: string) => docket.call({ key, action: 'service_changes', since })

/** All that is new to a reader, page by page. */
async function follow(key: string, since?: string) {
  const pages = [await feed(key, since)]
  while (pages.at(-1).more) pages.push(await feed(key, pages.at(-1).cursor))
  return { cursor: pages.at(-1).cursor as string, pages }
}

describe('the feed of service changes', () => {
  test('tells of new, gone and repriced services at the caller’s own rate', async () => {
    const panel = await shop.panelOnSale(
      [1, 2, 3, 4, 5].map((id) => listed(id)),
      { whenCostPasses: 'raise' },
    )
    const [plain, discounted, agreed] = [await docket.account(), await docket.account(), await docket.account()]
    const [gone, raised] = panel.ours as [number, number]
    await changeCatalogue(docket.db, (tx) => setAccount(tx, discounted.account, { discountBasisPoints: 1000 }))
    await changeCatalogue(docket.db, (tx) => setCustomRate(tx, agreed.account, raised, '1.05'))
    const { cursor } = await follow(plain.key)
    panel.lists(listed(2, { rate: '2' }), listed(3, { min: '20' }), listed(4), listed(5), listed(6))

    await panel.sync()
    const { added } = await panel.import()

    const fresh = added[0]!.service
    expect(await feed(plain.key, cursor)).toEqual({
      cursor: expect.stringMatching(/^\d+$/),
      new: [{ service: fresh, rate: '1.20' }],
      gone: [{ service: gone, rate: '1.20' }],
      prices: [{ service: raised, old_rate: '1.20', rate: '2.40' }],
      more: false,
    })
    expect(await feed(discounted.key, cursor)).toMatchObject({
      new: [{ rate: '1.08' }],
      gone: [{ rate: '1.08' }],
      prices: [{ service: raised, old_rate: '1.08', rate: '2.16' }],
    })
    expect((await feed(agreed.key, cursor)).prices).toEqual([])
  })

  test('answers nothing twice: the cursor of an answer is where the next begins', async () => {
    const service = await docket.service({ rate: '1' })
    const { key } = await docket.account()
    const { cursor } = await follow(key)

    expect(await feed(key, cursor)).toEqual({ cursor, new: [], gone: [], prices: [], more: false })
    await shop.set(service, { rate: '2' })
    const first = await feed(key, cursor)
    await shop.set(service, { rate: '3' })
    const second = await feed(key, first.cursor)

    expect([first.prices, second.prices]).toEqual([[{ service, old_rate: '1', rate: '2' }], [{ service, old_rate: '2', rate: '3' }]])
    expect((await feed(key, cursor)).prices).toEqual([{ service, old_rate: '1', rate: '3' }])
  })

  test('does not mention what moved and moved back, nor a price that is only written otherwise', async () => {
    const [back, written] = [await docket.service({ rate: '1' }), await docket.service({ rate: '1' })]
    const { key } = await docket.account()
    const { cursor } = await follow(key)
    await shop.set(back, { state: 'hidden', rate: '5' })
    await shop.set(back, { state: 'on sale', rate: '1' })
    await shop.set(written, { rate: '1.00' })

    expect(await feed(key, cursor)).toMatchObject({ new: [], gone: [], prices: [] })
  })

  test('tells one customer of its own agreed rate and discount, and nobody else', async () => {
    const [one, other] = [await docket.service({ rate: '10' }), await docket.service({ rate: '20' })]
    const [mine, theirs] = [await docket.account(), await docket.account()]
    const { cursor } = await follow(mine.key)
    await changeCatalogue(docket.db, (tx) => setCustomRate(tx, mine.account, one, '9'))
    await changeCatalogue(docket.db, (tx) => setAccount(tx, mine.account, { discountBasisPoints: 2500 }))

    const { prices } = await feed(mine.key, cursor)

    expect(prices.filter(({ service }: any) => service === one || service === other)).toEqual([
      { service: one, old_rate: '10', rate: '9' },
      { service: other, old_rate: '20', rate: '15.00' },
    ])
    expect((await feed(theirs.key, cursor)).prices).toEqual([])
    await changeCatalogue(docket.db, (tx) => setCustomRate(tx, mine.account, one, null))
    expect((await feed(mine.key, (await feed(theirs.key, cursor)).cursor)).prices).toEqual([])
    const { cursor: now } = await feed(mine.key, cursor)
    expect((await feed(mine.key, now)).prices).toEqual([])
  })

  test('followed from the beginning, page by page, it is the service list', async () => {
    const panel = await shop.panelOnSale(
      Array.from({ length: 700 }, (_, n) => listed(n + 1)),
      { whenCostPasses: 'raise' },
    )
    panel.lists(...Array.from({ length: 650 }, (_, n) => listed(n + 1, { rate: `${(n % 3) + 1}` })))
    await panel.sync()
    const { key } = await docket.account()
    await shop.onSaleAtTheNode(key, panel.ours[0]!)
    const mine = new Map<number, string>()

    const { pages } = await follow(key)
    for (const page of pages) {
      for (const { service, rate } of page.new) expect(mine.set(service, rate)).toBe(mine)
      for (const { service, rate } of page.gone) {
        expect(mine.get(service)).toBe(rate)
        mine.delete(service)
      }
      for (const { service, old_rate: old, rate } of page.prices) {
        expect(mine.get(service)).toBe(old)
        mine.set(service, rate)
      }
    }

    const list = await docket.call({ key, action: 'services' })
    expect(pages.length).toBeGreaterThan(2)
    expect(Object.fromEntries(mine)).toEqual(Object.fromEntries(list.map(({ service, rate }: any) => [service, rate])))
  })

  test.each(['x', '-1', '1.5', '9'.repeat(19), '999999999'])('a cursor like "%s" is refused', async (since) => {
    const { key } = await docket.account()

    expect(await feed(key, since)).toMatchObject({ error: 'Incorrect request' })
  })
})

describe('the trail', () => {
  const since = new Date('2026-01-01T00:00:00Z')

  test('has every change with its cause, whoever made it', async () => {
    const panel = await shop.panelOnSale([listed(1), listed(2), listed(3)])
    const service = panel.ours[0]!
    docket.clock.forward({ hours: 1 })
    panel.lists(listed(1, { rate: '1.5', max: '500' }), listed(2), listed(3))
    await panel.sync()
    panel.lists(listed(2), listed(3))
    await panel.sync()
    await shop.set(service, { rate: '2' })
    await docket.db.query('update services set name = $2 where id = $1', [service, 'Renamed'])

    const lines = await readTrail(docket.db, since, service, 100)

    const shown = lines.map(({ what, old, new: now, cause }) => `${cause}: ${what} ${old} → ${now}`)
    expect(shown.slice(0, 3)).toEqual([
      `import from ${panel.name}: state null → on sale`,
      `import from ${panel.name}: rate null → 1.20`,
      `import from ${panel.name}: cost null → 1.00`,
    ])
    expect(shown.slice(3).toSorted()).toEqual(
      [
        `sync of ${panel.name}: cost 1.00 → 1.50`,
        `sync of ${panel.name}: max 1000 → 500`,
        `sync of ${panel.name}: state on sale → disabled`,
        `sync of ${panel.name}: sync pause null → cost`,
        `sync of ${panel.name}: listed yes → no`,
        `sync of ${panel.name}: sync pause cost → gone`,
        'operator: rate 1.20 → 2',
        'operator: name Their service 1 → Renamed',
      ].toSorted(),
    )
    expect(lines[0]!.at < lines[3]!.at).toBe(true)
    expect(lines.find(({ what }) => what === 'cost')).toMatchObject({ supplier: panel.name })
  })

  test('of a docket that has sold already begins with what is on sale', async () => {
    const name = `${inject('template')}_before_the_trail`
    await onServer(inject('serverUrl'), `create database "${name}"`)
    const url = withDatabase(inject('serverUrl'), name)
    const migrations = (await readdir(new URL('../../server/db/migrations', import.meta.url))).toSorted()
    await migrate(url, migrations[migrations.indexOf('0014-sync-prices.sql') - 1]!.replace('.sql', ''))
    const insert = (table: string, columns: string, values: string) => onServer(url, `insert into ${table} (${columns}) values (${values})`)
    await insert('accounts', 'email, currency, discount_basis_points', `'a@example.com', 'EUR', 1000`)
    for (const [id, state] of [
      [7, 'on sale'],
      [8, 'hidden'],
      [9, 'on sale'],
    ])
      await insert(
        'services',
        'id, position, name, category, type, rate, min, max, state',
        `${id}, ${id}, 'x', '', 'Default', '1', 1, 2, '${state}'`,
      )
    await insert('custom_rates', 'account_id, service_id, rate', `1, 9, '0.5'`)

    await migrate(url)

    const db = openPool(url)
    const { rows } = await db.query('select currency from catalogue')
    const { cursor, new: added } = await readPriceChanges(db, 1, 0n)
    await db.end()
    expect(rows).toEqual([{ currency: 'EUR' }])
    expect(cursor).toBe(7n)
    expect(added).toEqual([
      { service: 7, rate: '0.90' },
      { service: 9, rate: '0.5' },
    ])
  })

  test('is never changed and never deleted', async () => {
    await docket.service()

    for (const statement of ['update service_changes set new = null', 'delete from service_changes', 'truncate service_changes'])
      await expect(docket.db.query(statement)).rejects.toThrow('append-only')
  })

  test('is numbered without a gap, also when many write at once', async () => {
    const services = await Promise.all(Array.from({ length: 8 }, () => docket.service()))

    await Promise.all(services.flatMap((service) => ['2', '3', '4'].map((rate) => shop.set(service, { rate }))))

    const { rows } = await docket.db.query<{ lines: bigint; last: bigint; changes: bigint }>(
      'select count(*) as lines, max(number) as last, (select changes from catalogue) as changes from service_changes',
    )
    expect(rows[0]!.lines).toBe(rows[0]!.last)
    expect(rows[0]!.changes).toBe(rows[0]!.last)
  })

  test('a sync that changes nothing writes nothing and turns no catalogue', async () => {
    const panel = await shop.panelOnSale([listed(1), listed(2)])
    await panel.sync()
    const state = async () => (await docket.db.query('select version, changes from catalogue')).rows[0]
    const before = await state()

    await panel.sync()

    expect(await state()).toEqual(before)
  })
})
