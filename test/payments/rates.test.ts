import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { rateSet } from '../../server/acts/rate-set.ts'
import { rateSource } from '../../server/acts/rate-source.ts'
import { fetchRates, readSource, watchRates } from '../../server/payments/rate-source.ts'
import { addRate, addRates, listRates, readRate } from '../../server/payments/rates.ts'
import { readRates } from '../../server/payments/read-rates.ts'
import { houseOf, run } from '../support/acts.ts'
import { openPaymentDocket, paymentsOf } from './world.ts'

const NOW = new Date('2026-11-29T18:00:00Z')
const ECB = `<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
	<gesmes:subject>Reference rates</gesmes:subject>
	<Cube>
		<Cube time='2026-11-27'>
			<Cube currency='USD' rate='1.0842'/>
			<Cube currency='JPY' rate='163.55'/>
			<Cube currency='BRL' rate='6.1730'/></Cube>
	</Cube>
</gesmes:Envelope>`

describe('what a source answers', () => {
  test('the daily file of the European Central Bank', () => {
    expect(readRates(ECB, NOW)).toEqual({
      base: 'EUR',
      at: new Date('2026-11-27T15:00:00Z'),
      rates: [
        { currency: 'USD', rate: '1.0842' },
        { currency: 'JPY', rate: '163.55' },
        { currency: 'BRL', rate: '6.1730' },
      ],
    })
  })

  test('JSON with a time as text or in seconds; what is no rate is left out', () => {
    const rates = { EUR: 0.92, JPY: '150.1', USD: 1, BAD: 'x', ZERO: 0, MINUS: -1, HUGE: 1e300, NONE: null, lower: 2 }
    const read = [{ currency: 'EUR', rate: '0.92' }, { currency: 'JPY', rate: '150.1' }] // prettier-ignore
    expect(readRates(JSON.stringify({ base: 'USD', at: '2026-11-29T17:00:00Z', rates }), NOW)).toEqual({
      base: 'USD',
      at: new Date('2026-11-29T17:00:00Z'),
      rates: read,
    })
    expect(readRates(JSON.stringify({ base: 'USD', timestamp: 1_795_971_600, rates }), NOW)).toMatchObject({
      at: new Date(1_795_971_600_000),
    })
  })

  test.each([
    ['nothing', ''],
    ['a page', '<html>Sign in</html>'],
    ['broken JSON', '{"base": "USD"'],
    ['no rates', '{"base": "USD", "rates": {}}'],
    ['rates that are a list', '{"base": "USD", "rates": [1, 2]}'],
    ['no base', '{"rates": {"EUR": 1}}'],
    ['a time in the future', '{"base": "USD", "at": "2026-12-24T00:00:00Z", "rates": {"EUR": 1}}'],
    ['no time that can be read', '{"base": "USD", "at": "yesterday", "rates": {"EUR": 1}}'],
    [
      'thousands of currencies',
      JSON.stringify({ base: 'USD', rates: Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`X${at}`.padEnd(5, '0'), 1])) }),
    ],
    ['a file without rows', "<Cube time='2026-11-27'></Cube>"],
    ['null', 'null'],
  ])('%s is a fault in words', (_, text) => {
    expect(readRates(text, NOW)).toEqual({ fault: expect.any(String) })
  })
})

describe('exchange rates', () => {
  const docket = openPaymentDocket()
  const textOf = async (base: string, currency: string) => (await readRate(docket.db, base, currency))?.text

  /** A source on this machine. */
  async function source(answer: () => { status?: number; text: string }) {
    const calls: string[] = []
    const server = createServer((request, response) => {
      calls.push(request.url!)
      const { status = 200, text } = answer()
      response.writeHead(status).end(text)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())))
    return { calls, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/rates?app_id=a-secret` }
  }

  async function world() {
    await docket.db.query('delete from exchange_rates')
    await docket.db.query('delete from rate_sources')
    const payments = await paymentsOf(docket)
    return { payments, house: houseOf(docket.db, docket.clock.now, { payments: async () => payments }) }
  }

  test('rates to one currency serve any two of it, in both directions', async () => {
    await world()
    const now = docket.clock.now()
    await addRates(docket.db, { base: 'EUR', at: now, rates: [{ currency: 'USD', rate: '1.25' }, { currency: 'BRL', rate: '6' }] }, 'bank', now) // prettier-ignore
    expect([
      await textOf('EUR', 'BRL'),
      await textOf('BRL', 'EUR'),
      await textOf('USD', 'BRL'),
      await textOf('BRL', 'USD'),
      await textOf('USD', 'JPY'),
    ]).toEqual(['6', '0.166666666667', '4.8', '0.208333333333', undefined])
    expect(await readRate(docket.db, 'USD', 'BRL')).toMatchObject({ source: 'bank', at: now })
  })

  test('what an operator says wins over what follows from the same day, until there is something newer', async () => {
    const { house } = await world()
    const now = docket.clock.now()
    await addRates(docket.db, { base: 'EUR', at: now, rates: [{ currency: 'USD', rate: '1.25' }, { currency: 'BRL', rate: '6' }] }, 'bank', now) // prettier-ignore
    await run(house, rateSet, { base: 'USD', currency: 'BRL', exchange: '5.5' })
    expect(await textOf('USD', 'BRL')).toBe('5.5')
    docket.clock.forward({ days: 2 })
    const later = docket.clock.now()
    await addRates(docket.db, { base: 'EUR', at: later, rates: [{ currency: 'USD', rate: '1.2' }, { currency: 'BRL', rate: '6' }] }, 'bank', later) // prettier-ignore
    expect(await textOf('USD', 'BRL')).toBe('5')
    await expect(run(house, rateSet, { base: 'USD', currency: 'USD', exchange: '1' })).rejects.toMatchObject({
      code: 'incorrect_exchange_rate',
    })
    await expect(run(house, rateSet, { base: 'USD', currency: 'EUR', exchange: '0.00' })).rejects.toMatchObject({
      code: 'incorrect_exchange_rate',
    })
  })

  test('nobody is asked before a source is set; then once an hour, and its key is neither shown nor logged', async () => {
    const { payments, house } = await world()
    let rate = 1.1
    const { calls, url } = await source(() => ({
      text: JSON.stringify({ base: 'EUR', at: docket.clock.now().toISOString(), rates: { USD: rate } }),
    }))
    expect(await fetchRates(payments)).toBe(0)
    await run(house, rateSource, { source: 'url', url, private_network: true })
    expect(calls).toHaveLength(1)
    expect(await textOf('EUR', 'USD')).toBe('1.1')
    expect(await fetchRates(payments)).toBe(0)
    rate = 1.2
    docket.clock.forward({ minutes: 61 })
    expect(await Promise.all([fetchRates(payments), fetchRates(payments)])).toContain(1)
    expect(calls).toHaveLength(2)
    expect(await textOf('EUR', 'USD')).toBe('1.2')
    const { rows } = await docket.db.query<{ all: string }>(
      `select coalesce(string_agg(l::text, ' '), '') || (select string_agg(r::text, ' ') from rate_sources r) as all from staff_log l`,
    )
    expect(rows[0]!.all).not.toContain('a-secret')
    await run(house, rateSource, { source: 'none' })
    docket.clock.forward({ hours: 5 })
    expect(await fetchRates(payments)).toBe(0)
    expect(calls).toHaveLength(2)
  })

  test('a source that cannot be read is not saved; one that is away later keeps its rates, and is asked again', async () => {
    const { payments, house } = await world()
    let answer: { status?: number; text: string } = { status: 403, text: 'no' }
    const { url, calls } = await source(() => answer)
    await expect(run(house, rateSource, { source: 'url', url, private_network: true })).rejects.toMatchObject({
      code: 'rate_source_unreadable',
    })
    await expect(run(house, rateSource, { source: 'url', url: 'no address' })).rejects.toMatchObject({ code: 'incorrect_act_field' })
    await expect(run(house, rateSource, { source: 'url', url })).rejects.toMatchObject({ code: 'rate_source_unreadable' })
    expect(await readSource(docket.db)).toMatchObject({ kind: 'none' })
    answer = { text: ECB }
    docket.clock.forward({ seconds: (Date.now() - docket.clock.now().getTime()) / 1000 })
    await run(house, rateSource, { source: 'url', url, private_network: true })
    answer = { status: 500, text: '' }
    docket.clock.forward({ minutes: 61 })
    await fetchRates(payments)
    expect(await readSource(docket.db)).toMatchObject({ kind: 'url', fault: 'It answered 500' })
    expect(await textOf('USD', 'EUR')).toBeDefined()
    const before = calls.length
    docket.clock.forward({ minutes: 6 })
    await fetchRates(payments)
    expect(calls).toHaveLength(before + 1)
  })

  test('a rate that changed by more than half is left to a person, and the same again adds no row', async () => {
    await world()
    const say = (usd: string, jpy: string) =>
      addRates(docket.db, { base: 'EUR', at: docket.clock.now(), rates: [{ currency: 'USD', rate: usd }, { currency: 'JPY', rate: jpy }] }, 'bank', docket.clock.now()) // prettier-ignore
    expect(await say('1.1', '160')).toEqual([])
    expect(await say('1.1', '160')).toEqual([])
    docket.clock.forward({ hours: 1 })
    expect(await say('11', '161')).toEqual(['USD'])
    expect([await textOf('EUR', 'USD'), await textOf('EUR', 'JPY')]).toEqual(['1.1', '161'])
    expect((await docket.db.query('select from exchange_rates')).rowCount).toBe(3)
    docket.clock.forward({ days: 9 })
    await say('1.2', '162')
    expect((await docket.db.query('select from exchange_rates')).rowCount).toBe(2)
    expect(await listRates(docket.db)).toMatchObject([{ currency: 'JPY', rate: '162' }, { currency: 'USD', rate: '1.2' }]) // prettier-ignore
  })

  test('staff are told while a way to pay has no fresh rate, and no longer', async () => {
    const { payments } = await world()
    await docket.account({ balance: '0', currency: 'USD' })
    await docket.db.query(
      `insert into payment_methods (gateway, name, is_on, hook_token, currency) values ('manual', 'BRL only', true, 'brl', 'BRL')`,
    )
    onTestFinished(async () => void (await docket.db.query(`update payment_methods set is_on = false where name = 'BRL only'`)))
    const alerts = async () =>
      (await docket.db.query<{ words: string }>(`select words from alerts where kind = 'exchange rates old' and closed_at is null`)).rows
    expect(await watchRates(payments)).toBe(1)
    expect(await alerts()).toEqual([{ words: expect.stringContaining('USD → BRL') }])
    const now = docket.clock.now()
    await addRate(docket.db, { base: 'USD', currency: 'BRL', rate: '5', source: 'ana', at: now }, now)
    expect(await watchRates(payments)).toBe(0)
    expect(await alerts()).toEqual([])
    docket.clock.forward({ hours: 97 })
    expect(await watchRates(payments)).toBe(1)
  })
})
