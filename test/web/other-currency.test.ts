import { beforeAll, describe, expect, test } from 'vitest'
import { rateSet } from '../../server/acts/rate-set.ts'
import { settingsSet } from '../../server/acts/settings-set.ts'
import { addRates } from '../../server/payments/rates.ts'
import { readConfig } from '../../server/config.ts'
import { houseOf, run } from '../support/acts.ts'
import { eventually } from '../support/clients.ts'
import { openDocket } from '../support/docket.ts'
import { change, onSale } from '../support/on-sale.ts'
import { type OwnPages, ownPages } from '../support/own-pages.ts'
import { asScript } from '../support/page-script.ts'
import { statementsOf } from '../support/statements.ts'

const docket = openDocket()
const house = (parts = {}) => ({ ...houseOf(docket.db, docket.clock.now), ...parts })
const set = (input: object, parts = {}) => run(house(parts), settingsSet, input)
const say = (base: string, currency: string, exchange: string) => run(house(), rateSet, { base, currency, exchange })
const textOf = (html: string) => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')

/** Shows prices in these currencies too, and waits until the node has heard of it. */
async function show(currencies: readonly string[] | null, more: object = {}) {
  await set({ shown_currencies: currencies, ...more })
  const wanted = (currencies ?? []).filter((code) => code !== 'USD')
  const reader = await ownPages(docket)
  await eventually('the node has heard of it', async () => {
    const { html } = await reader.get('/services')
    const offered = [...html.matchAll(/data-prices="([A-Z]{3})"/g)].map(([, code]) => code)
    return JSON.stringify(offered) === JSON.stringify(wanted) || undefined
  })
}

describe('a price in another currency', () => {
  let plain: OwnPages
  let service: number
  let quiet: number
  let before: string
  const priceOf = async (me: OwnPages, id = service) =>
    textOf(/<p class="price">(.*?)<\/p>/s.exec((await me.get(`/services?find=${id}`)).html)![1]!).trim()
  const rateLine = async (me: OwnPages) => {
    const { html } = await me.get(`/services?find=${service}`)
    return textOf(/<div class="other-currency">.*?<p class="soft small">(.*?)<\/p>/s.exec(html)?.[1] ?? '').trim()
  }

  beforeAll(async () => {
    service = await onSale(docket, { name: 'Priced', rate: '0.90', min: 10, max: 100_000 })
    quiet = await onSale(docket, { name: 'Tiny', rate: '0.00087', min: 10, max: 100_000 })
    plain = await ownPages(docket, { prices: 'EUR' })
    before = await (await docket.request({ key: plain.key, action: 'services' })).text()
  })

  test('is not seen, and costs no statement, while the house shows none', async () => {
    await plain.get('/services')
    const statements = await statementsOf(() => plain.get('/services'))
    expect(statements.filter(({ text }) => text.includes('exchange_rates'))).toEqual([])
    const { html } = await plain.get(`/order?service=${service}`)
    expect(html).not.toMatch(/other-currency|data-conversion|≈|class="other-price"/)
    expect((await plain.get('/services?prices=EUR')).status).toBe(200)
  })

  test('needs a rate: a setting without one is refused with all that lack one, and says what to do', async () => {
    await say('EUR', 'USD', '1.0842')
    await expect(set({ shown_currencies: ['EUR', 'JPY', 'KWD'] })).rejects.toMatchObject({
      code: 'no_rate_to_show',
      message:
        'There is no exchange rate from USD to JPY, KWD: say one, like "docket rate set USD JPY 1.08", or choose where rates come from with "docket rate source"',
    })
    await say('EUR', 'JPY', '163.55')
    await say('KWD', 'USD', '3.25')
    await expect(set({ shown_currencies: ['eur'] })).rejects.toMatchObject({ code: 'incorrect_act_field' })
    await expect(set({ shown_currencies: ['EUR', 'EUR'] })).rejects.toMatchObject({ code: 'incorrect_act_field' })
    await show(['EUR', 'JPY', 'KWD'])
  })

  test('leaves the API as it is, byte for byte, and its GET form too', async () => {
    const headers = { cookie: 'prices=EUR' }
    const after = await docket.request({ key: plain.key, action: 'services', prices: 'EUR' }, 'form', headers)
    expect(await after.text()).toBe(before)
    const address = `${docket.node.url}/api/v2?key=${plain.key}&action=services&prices=EUR`
    const asked = await fetch(address, { redirect: 'manual', headers })
    expect([asked.status, await asked.text()]).toEqual([200, before])
  })

  test('is chosen by its address, which a cookie remembers', async () => {
    const chosen = await plain.get('/services?find=priced&prices=EUR')
    expect([chosen.status, chosen.response.headers.get('location')]).toEqual([303, '/services?find=priced'])
    expect(chosen.response.headers.get('set-cookie')).toMatch(/^prices=EUR; Max-Age=31536000; Path=\/; SameSite=Lax/)
    const none = await plain.get('/services?prices=none')
    expect(none.response.headers.get('set-cookie')).toMatch(/^prices=; .*Expires=Thu, 01 Jan 1970/)
    expect((await plain.get('/services?prices=BRL')).status).toBe(200)
  })

  test.each([
    ['EUR', '$0.90 ≈ €0.83 per 1000', '$1 ≈ €0.922339 · Source: Docket, 1 minute old · Your account is charged in USD.'],
    ['JPY', '$0.90 ≈ ¥136 per 1000', '$1 ≈ ¥150.848 · Source: Docket, 1 minute old · Your account is charged in USD.'],
    ['KWD', '$0.90 ≈ KWD 0.277 per 1000', '$1 ≈ KWD 0.307692 · Source: Docket, 1 minute old · Your account is charged in USD.'],
  ])('stands beside the own one, marked as approximate, with the digits of %s and the rate with its age', async (prices, price, rate) => {
    const me = await ownPages(docket, { prices })
    expect((await priceOf(me)).replaceAll('\u00a0', ' ')).toContain(price)
    expect((await rateLine(me)).replaceAll('\u00a0', ' ')).toBe(rate)
  })

  test('of a tiny rate keeps its digits', async () => {
    expect(await priceOf(plain, quiet)).toContain('$0.00087 ≈ €0.000802')
  })

  test('is written as the reader’s language writes it', async () => {
    const german = await ownPages(docket, { prices: 'EUR', language: 'de' })
    expect(await priceOf(german)).toMatch(/0,90\s\$ ≈ 0,83\s€/)
    const arabic = await ownPages(docket, { prices: 'JPY', language: 'ar' })
    expect(await priceOf(arabic)).toMatch(/≈ .*136/)
  })

  test('tells the cost of an order too, and the order is charged in the account’s own', async () => {
    const me = await ownPages(docket, { prices: 'JPY' })
    const { html } = await me.get(`/order?service=${service}`)
    expect(textOf(html)).toContain('$0.90 ≈ ¥136')
    const base = docket.node.url!
    const cookie = `docket-session=${me.token}; language=en; prices=JPY`
    const body = new URLSearchParams({
      service: String(service),
      link: 'https://example.com/p/1',
      quantity: '2000',
      csrf: me.hidden(html, 'csrf'),
    })
    const quote = await fetch(`${base}/order/quote`, {
      method: 'POST',
      headers: { cookie, origin: base, accept: 'application/json' },
      body,
    })
    const told = (await quote.json()) as { cost: string; spoken: string; place: object }
    expect(textOf(told.cost)).toContain('Cost $1.80 ≈ ¥272 $0.90 × 2,000')
    expect(told.spoken).toBe('Cost: $1.80 ≈ ¥272. Balance afterwards: $98.20.')
    expect(told.place).toEqual({ maxCharge: '1.80000', text: 'Place the order for $1.80' })
    const fields = {
      service: String(service),
      link: 'https://example.com/p/1',
      quantity: '2000',
      step: 'place',
      retry: 'b'.repeat(22),
      max_charge: '1.80000',
    }
    expect((await asScript(docket, me, '/order', fields)).data).toHaveProperty('placed')
    expect(await docket.balance(me.key)).toBe('98.20000')
  })

  test('tells what both ends of a subscription’s post cost', async () => {
    const posts = await onSale(docket, { type: 'Subscriptions', rate: '1', min: 10, max: 100_000 })
    const html = (
      await plain.post('/order', {
        service: String(posts),
        username: 'somebody',
        min: '1000',
        max: '2000',
        delay: '0',
        posts: '3',
        step: 'price',
      })
    ).html
    expect(textOf(html)).toContain('$1.00–$2.00 ≈ €0.922–€1.84')
  })

  test('is told where prices have changed', async () => {
    await change(docket, service, { rate: '0.95' })
    expect(textOf((await plain.get('/services/changes')).html)).toContain('$0.90 → $0.95 ≈ €0.876')
    await change(docket, service, { rate: '0.90' })
  })

  test('has the operator’s margin in it, as payments have', async () => {
    const told = (price: string) => eventually(price, async () => ((await priceOf(plain)).includes(price) ? price : undefined))
    await show(['EUR', 'JPY', 'KWD'], { rate_margin_percent: '2.5' })
    expect(await told('≈ €0.851')).toBeDefined()
    await set({ rate_margin_percent: null })
    expect(await told('≈ €0.83')).toBeDefined()
  })

  test('names the European Central Bank, and never who of staff said a rate', async () => {
    expect(await rateLine(plain)).not.toContain('tester')
    docket.clock.forward({ minutes: 1 })
    await addRates(
      docket.db,
      { base: 'EUR', at: docket.clock.now(), rates: [{ currency: 'USD', rate: '1.09' }] },
      'European Central Bank',
      docket.clock.now(),
    )
    expect(await rateLine(plain)).toContain('Source: European Central Bank, 1 minute old')
  })

  test('takes one statement more where one was chosen, and none where none was', async () => {
    const none = await ownPages(docket)
    const rates = async (me: OwnPages) =>
      (await statementsOf(() => me.get('/services'))).filter(({ text }) => text.includes('exchange_rates')).length
    expect([await rates(plain), await rates(none)]).toEqual([1, 0])
  })

  test('is not told in the currency of the account itself', async () => {
    await show(['USD', 'EUR', 'JPY'])
    const euros = await ownPages(docket, { currency: 'EUR', prices: 'EUR' })
    const { html } = await euros.get('/services')
    expect(html).not.toContain('≈')
    expect([...html.matchAll(/data-prices="(\w+)"/g)].map(([, code]) => code)).toEqual(['USD', 'JPY', 'none'])
  })

  test('is on no page of strangers: they are told no prices', async () => {
    for (const path of ['/en', '/en/api']) {
      const html = await (await fetch(docket.node.url! + path, { headers: { cookie: 'prices=EUR' } })).text()
      expect(html).not.toMatch(/≈ €|data-prices/)
    }
  })

  test('is not told by a rate that is too old, and that is said; a newer rate brings it back', async () => {
    docket.clock.forward({ hours: 97 })
    expect(await priceOf(plain)).not.toContain('≈')
    expect(await rateLine(plain)).toBe('The exchange rate from USD to EUR is 4 days old, so prices are shown in USD only.')
    const { html } = await plain.get(`/order?service=${service}`)
    expect(html).not.toContain('data-conversion')
    expect(html).not.toContain('≈')
    await say('USD', 'EUR', '0.93')
    expect(await priceOf(plain)).toContain('$0.90 ≈ €0.837')
  })

  test('that the environment fixes is shown as fixed, and one without a rate says so', async () => {
    const config = readConfig({}, { DOCKET_SHOWN_CURRENCIES: 'EUR, BRL,EUR' })
    expect(config.shownCurrencies).toEqual(['EUR', 'BRL'])
    await expect(set({ shown_currencies: ['JPY'] }, { config })).rejects.toMatchObject({ code: 'setting_is_fixed' })
    expect(() => readConfig({}, { DOCKET_SHOWN_CURRENCIES: 'EUR;BRL' })).toThrow('DOCKET_SHOWN_CURRENCIES')
  })

  test('ends with the setting', async () => {
    await show(null)
    const { html } = await plain.get('/services')
    expect(html).not.toMatch(/other-currency|≈/)
  })
})

describe('a currency that the environment names without a rate', () => {
  const fixed = openDocket({ DOCKET_SHOWN_CURRENCIES: 'BRL' })

  test('shows nothing, and says so', async () => {
    const me = await ownPages(fixed, { prices: 'BRL' })
    const { html } = await me.get('/services')
    expect(html).toContain('There is no exchange rate from USD to BRL, so prices are shown in USD only.')
    expect(html).not.toContain('≈')
  })
})
