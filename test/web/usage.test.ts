import { beforeAll, describe, expect, test } from 'vitest'
import { openCallCounts, readCalls } from '../../server/customers/calls.ts'
import { addKey, listKeys } from '../../server/customers/keys.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { type OwnPages, ownPages } from '../support/own-pages.ts'
import { statementsOf } from '../support/statements.ts'

const docket = openDocket()
let service: number

beforeAll(async () => {
  service = await onSale(docket, { rate: '1' })
})

const order = (key: string, quantity: number) => docket.call({ key, action: 'add', service, link: 'https://example.com/p', quantity })

/** The rows of a table of the page, each cell as it is read. */
function rowsOf(html: string, caption: string): string[][] {
  const table = html.split('<table').find((part) => part.includes(`>${caption}</caption>`)) ?? ''
  return [...table.matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)]
    .slice(1)
    .map(([, row]) => [...row!.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell]) => cell!.replaceAll(/<[^>]*>/g, '')))
}

const keyIdOf = async (me: OwnPages) => (await listKeys(docket.db, me.account, docket.clock.now()))[0]!.id

describe('the usage page', () => {
  test('tells orders, money and calls of each day and key, and why calls were refused', async () => {
    const me = await ownPages(docket, { balance: '10' })
    const second = await addKey(docket.db, me.account, { test: false, label: 'Second' }, docket.clock.now())
    await order(me.key, 1000)
    await order(me.key, 99_000)
    docket.clock.forward({ days: 1 })
    await order(second.key, 500)
    await docket.call({ key: second.key, action: 'status', order: 'x' })
    const { html } = await me.get('/usage?days=7')
    expect(rowsOf(html, 'The figures as a table')).toEqual([
      ['Mar 2, 2026', '1', '$0.50', '$0.00', '1', '1'],
      ['Mar 1, 2026', '1', '$1.00', '$0.00', '1', '1'],
    ])
    expect(rowsOf(html, 'By key')).toEqual([
      ['first', '1', '$1.00', '$0.00', '1', '1'],
      ['Second', '1', '$0.50', '$0.00', '1', '1'],
    ])
    expect(new Map(rowsOf(html, 'Why calls were refused') as [string, string][])).toEqual(
      new Map([
        ['incorrect_order', '1'],
        ['not_enough_funds', '1'],
      ]),
    )
    expect(html).toContain('<title>Mar 1, 2026: $1.00</title>')
    expect(html).toContain('<title>Mar 2, 2026: Successful calls 1, Refused calls 1</title>')
    const one = (await me.get(`/usage?days=7&key=${second.id}`)).html
    expect(rowsOf(one, 'The figures as a table')).toEqual([['Mar 2, 2026', '1', '$0.50', '$0.00', '1', '1']])
  })

  test('orders of the pages are told apart from those of keys', async () => {
    const me = await ownPages(docket)
    const form = (await me.get(`/order?service=${service}`)).html
    const retry = me.hidden(form, 'retry')
    const fields = { service: String(service), link: 'https://example.com/p', quantity: '2000', retry, step: 'place', max_charge: '2' }
    expect((await me.post('/order', fields)).status).toBe(303)
    expect(rowsOf((await me.get('/usage?days=7&key=pages')).html, 'The figures as a table').map((row) => row[2])).toEqual(['$2.00'])
    expect(rowsOf((await me.get(`/usage?days=7&key=${await keyIdOf(me)}`)).html, 'The figures as a table')).toEqual([])
    expect(rowsOf((await me.get('/usage?days=7')).html, 'By key').map((row) => row[0])).toEqual(['Website'])
  })

  test('an empty chart reaches to one whole unit of money, not to its smallest part', async () => {
    const me = await ownPages(docket, { balance: '0' })
    const { html } = await me.get('/usage?days=7')
    expect([...html.matchAll(/class="chart-top[^>]*><bdi dir="ltr">([^<]*)</g)].map(([, top]) => top)).toEqual(['$1.00', '1', '1'])
  })

  test('a period has a bar a day, whatever is asked; nothing is told as nothing', async () => {
    const me = await ownPages(docket, { balance: '0' })
    for (const [asked, bars] of [
      ['7', 7],
      ['30', 30],
      ['90', 90],
      ['1000000', 30],
      ['', 30],
    ] as const) {
      const { html } = await me.get(`/usage?days=${asked}&key=nobody`)
      expect({ asked, bars: html.match(/class="bar"/g)!.length }).toEqual({ asked, bars: bars * 3 })
      expect(html).toContain('Nothing in this period.')
    }
  })

  test('another account’s key shows nothing of it', async () => {
    const me = await ownPages(docket)
    await order(me.key, 1000)
    const stranger = await ownPages(docket)
    const { html } = await stranger.get(`/usage?days=7&key=${await keyIdOf(me)}`)
    expect(rowsOf(html, 'The figures as a table')).toEqual([])
  })
})

describe('calls are counted', () => {
  test('S4 without a write per call: once per minute, one row per key, day, action and outcome', async () => {
    const me = await ownPages(docket)
    await docket.call({ key: me.key, action: 'balance' })
    const asked = await statementsOf(() => Promise.all(Array.from({ length: 300 }, () => docket.call({ key: me.key, action: 'balance' }))))
    expect(asked.filter(({ text }) => /insert|update|delete/i.test(text))).toEqual([])
    await me.get('/usage')
    const { rows } = await docket.db.query('select action, outcome, calls from key_calls where key_id = $1', [await keyIdOf(me)])
    expect(rows).toEqual([{ action: 'balance', outcome: 'ok', calls: 301n }])
  })

  test('two nodes at once lose none, and the last use is the latest', async () => {
    const me = await ownPages(docket)
    const keyId = await keyIdOf(me)
    const nodes = [openCallCounts(docket.db, docket.clock.now), openCallCounts(docket.db, docket.clock.now)]
    for (let n = 0; n < 50; n += 1) {
      for (const node of nodes) node.count(keyId, 'status', n % 5 === 0 ? 'too_many_requests' : 'ok')
      if (n % 10 === 0) await Promise.all(nodes.map((node) => node.flush()))
    }
    docket.clock.forward({ minutes: 3 })
    nodes[1]!.count(keyId, 'status', 'ok')
    await Promise.all(nodes.map((node) => node.stop()))
    const calls = await readCalls(docket.db, [keyId], '2026-01-01')
    expect(Object.fromEntries(calls.map(({ outcome, calls }) => [outcome, calls]))).toEqual({ ok: 81n, too_many_requests: 20n })
    const [key] = await listKeys(docket.db, me.account, docket.clock.now())
    expect(key!.lastUsedAt).toEqual(docket.clock.now())
  })

  test('midnight parts what is counted', async () => {
    const me = await ownPages(docket)
    const keyId = await keyIdOf(me)
    const node = openCallCounts(docket.db, docket.clock.now)
    node.count(keyId, 'balance', 'ok')
    docket.clock.forward({ days: 1 })
    node.count(keyId, 'balance', 'ok')
    await node.stop()
    expect((await readCalls(docket.db, [keyId], '2026-01-01')).map(({ calls }) => calls)).toEqual([1n, 1n])
  })
})
