import { beforeAll, describe, expect, test } from 'vitest'
import { changeCatalogue } from '../../server/catalog/catalogue.ts'
import { setCustomRate } from '../../server/catalog/import.ts'
import { setAccount, suspendAccount } from '../../server/customers/accounts.ts'
import { houseRuleAdd } from '../../server/acts/house-rule-add.ts'
import { listRules } from '../../server/house-rules/registry.ts'
import { openDocket } from '../support/docket.ts'
import { catalogueIsHeard, change, onSale } from '../support/on-sale.ts'
import { type OwnPages, ownPages } from '../support/own-pages.ts'
import { asScript } from '../support/page-script.ts'
import { houseOf, run } from '../support/acts.ts'

const docket = openDocket()
const LINK = 'https://example.com/p/1'
const RETRY = 'a'.repeat(22)

const quote = async (me: OwnPages, service: number, fields: Record<string, string>) =>
  (await asScript(docket, me, '/order/quote', { service: String(service), ...fields })).data
const place = (me: OwnPages, service: number, fields: Record<string, string>) =>
  asScript(docket, me, '/order', { service: String(service), retry: RETRY, step: 'place', ...fields })
const textOf = (html: string) => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')

async function orderCount(account: number): Promise<number> {
  const { rows } = await docket.db.query<{ n: number }>(
    'select count(*)::int as n from orders o join books b on b.id = o.book_id where b.account_id = $1',
    [account],
  )
  return rows[0]!.n
}

describe('the price while a form is filled in', () => {
  let me: OwnPages
  let service: number
  beforeAll(async () => {
    me = await ownPages(docket)
    service = await onSale(docket, { rate: '0.90', min: 10, max: 5000, dripfeed: true })
  })

  test('is known from the quantity on, before there is a link, and asking buys nothing', async () => {
    const told = await quote(me, service, { link: '', quantity: '2000' })

    expect(textOf(told.cost)).toContain('Cost $1.80 $0.90 × 2,000 ÷ 1,000 = $1.80 Balance $100.00 Balance afterwards $98.20')
    expect(told).toMatchObject({ faults: { link: 'Please fill this in.' }, lasting: [], place: null })
    expect(told.spoken).toBe('Cost: $1.80. Balance afterwards: $98.20.')
    expect(await docket.balance(me.key)).toBe('100.00000')
  })

  test('comes with what placing takes once nothing is wrong', async () => {
    const told = await quote(me, service, { link: LINK, quantity: '2000' })

    expect(told).toMatchObject({ faults: {}, place: { maxCharge: '1.80000', text: 'Place the order for $1.80' } })
  })

  test('all that is wrong is told at once, and which of it typing on does not mend', async () => {
    expect(await quote(me, service, { link: 'two words', quantity: '5001' })).toMatchObject({
      faults: { link: 'This link or name isn’t valid.', quantity: 'More than the service’s maximum' },
      lasting: ['quantity'],
      cost: null,
      place: null,
    })
    expect(await quote(me, service, { link: '', quantity: '5' })).toMatchObject({
      faults: { link: 'Please fill this in.', quantity: 'Less than the service’s minimum' },
      lasting: [],
    })
    expect(await quote(me, service, { link: LINK, quantity: '100', runs: '3' })).toMatchObject({
      faults: { interval: 'Please fill this in.' },
      cost: null,
    })
  })

  test('what is asked for because of a stand-in alone is no fault', async () => {
    const traffic = await onSale(docket, { type: 'Web Traffic', rate: '2', min: 10, max: 5000 })
    const told = await quote(me, traffic, { link: LINK, quantity: '1000', country: 'US', device: '9', type_of_traffic: '' })

    expect(Object.keys(told.faults).toSorted()).toEqual(['device', 'type_of_traffic'])
    expect(textOf(told.cost)).toContain('$2.00')
  })

  test('what the balance does not cover is priced all the same, with what is missing', async () => {
    const poor = await ownPages(docket, { balance: '0.5' })
    const told = await quote(poor, service, { link: LINK, quantity: '1000' })

    expect(textOf(told.cost)).toContain('Cost $0.90')
    expect(textOf(told.cost)).toContain('Missing $0.40')
    expect(told).toMatchObject({ faults: { form: 'The balance does not cover the charge' }, lasting: ['form'], place: null })
  })

  test('says whose rate it is: a discount, or one that was agreed', async () => {
    const [discounted, agreed] = [await ownPages(docket), await ownPages(docket)]
    await changeCatalogue(docket.db, (tx) => setAccount(tx, discounted.account, { discountBasisPoints: 750 }))
    await changeCatalogue(docket.db, (tx) => setCustomRate(tx, agreed.account, service, '0.1234567'))

    const [off, own] = await Promise.all([discounted, agreed].map((who) => quote(who, service, { link: LINK, quantity: '1001' })))

    expect(textOf(off.cost)).toContain('$0.8325 × 1,001 ÷ 1,000 ≈ $0.83333 Your discount 7.5% off $0.90')
    expect(textOf(own.cost)).toContain('$0.1234567 × 1,001 ÷ 1,000 ≈ $0.12358 Your own rate instead of $0.90')
  })

  test('packages, lines and posts are reckoned as they are counted', async () => {
    const [parcel, comments, posts] = [
      await onSale(docket, { type: 'Package', rate: '8' }),
      await onSale(docket, { type: 'Custom Comments', rate: '100', min: 1, max: 100 }),
      await onSale(docket, { type: 'Subscriptions', rate: '2', min: 10, max: 1000 }),
    ]
    expect(textOf((await quote(me, parcel, { link: '' })).cost)).toContain('$8.00 × 1 = $8.00')
    const lines = await quote(me, comments, { link: LINK, comments: 'One, two\n\nThree\r\n' })
    expect(textOf(lines.cost)).toContain('$100.00 × 2 ÷ 1,000 = $0.20')
    const each = await quote(me, posts, { username: 'anna', min: '100', max: '150', delay: '0' })
    expect(textOf(each.cost)).toContain('You pay per post: each order is charged when it is placed. $0.20–$0.30')
    expect(each.place).toEqual({ maxCharge: '0.00000', text: 'Place the order' })
  })

  test('a drip-feed is shown run by run, the first and the last of many', async () => {
    const few = textOf((await quote(me, service, { link: LINK, quantity: '100', runs: '4', interval: '90' })).cost)
    expect(few).toContain('$0.90 × 100 × 4 ÷ 1,000 = $0.36')
    expect(few).toContain('4 × 100 = 400 · The last run starts after 4.5 hours.')
    expect(few).toMatch(
      /1 Mar 1, 2026, 12:00 PM UTC 100 100 2 Mar 1, 2026, 1:30 PM UTC 100 200 3 .* 100 300 4 Mar 1, 2026, 4:30 PM UTC 100 400/,
    )

    const many = textOf((await quote(me, service, { link: LINK, quantity: '10', runs: '1000', interval: '60' })).cost)
    expect(many).toContain('3 Mar 1, 2026, 2:00 PM UTC 10 30 … 996 more runs … 1,000 Apr 12, 2026, 3:00 AM UTC 10 10,000')
  })

  test('is drawn alike without script, schedule and all', async () => {
    const { status, html } = await me.post('/order', {
      service: String(service),
      link: LINK,
      quantity: '100',
      runs: '4',
      interval: '90',
      step: 'price',
    })
    expect(status).toBe(200)
    expect(textOf(html)).toContain('4 × 100 = 400 · The last run starts after 4.5 hours.')
    expect(html).toContain('name="max_charge" value="0.36000"')
  })

  test('a link that the house does not take is told, and counted when it is ordered, not while it is typed', async () => {
    const rule = { kind: 'host', pattern: 'kept-out.example', reason: 'test', by: 'anna' } as const
    await run(houseOf(docket.db, docket.clock.now), houseRuleAdd, rule)
    const fields = { link: 'https://kept-out.example/p/1', quantity: '1000' }
    for (let times = 0; times < 3; times += 1) {
      const told = await quote(me, service, fields)
      expect(told.faults).toEqual({ link: 'We do not accept orders for this link.' })
      expect(textOf(told.cost)).toContain('$0.90')
    }

    expect((await place(me, service, { ...fields, max_charge: '1' })).status).toBe(422)

    // Counts are written together, a moment later.
    await expect.poll(async () => (await listRules(docket.db, false))[0]!.refused).toBe(1n)
    expect(await orderCount(me.account)).toBe(0)
  })

  test('a stranger, a form of somebody else and a suspended account get no price', async () => {
    const suspended = await ownPages(docket)
    const fields = { service: String(service), link: LINK, quantity: '100' }
    const stranger = await fetch(`${docket.node.url}/order/quote`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams(fields),
    })
    expect(stranger.status).toBe(403)
    expect((await asScript(docket, me, '/order/quote', fields, 'wrong')).status).toBe(403)
    await suspendAccount(docket.db, suspended.account, true, docket.clock.now())
    expect((await asScript(docket, suspended, '/order/quote', fields, '')).status).toBe(403)
  })
})

describe('placing at the price that is shown', () => {
  test('answers where the order is; two at once, and once more later, are one order', async () => {
    const service = await onSale(docket, { rate: '0.90' })
    const me = await ownPages(docket)
    const fields = { link: LINK, quantity: '1000', max_charge: '0.90000' }

    const answers = await Promise.all([place(me, service, fields), place(me, service, fields)])
    answers.push(await place(me, service, fields))

    expect(new Set(answers.map(({ data }) => data.placed)).size).toBe(1)
    expect(answers[0].data.placed).toMatch(/^\/orders\/\d+\?done=placed$/)
    expect(await orderCount(me.account)).toBe(1)
    expect(await docket.balance(me.key)).toBe('99.10000')
  })

  test('a price that turned since is shown anew, and nothing is bought', async () => {
    const service = await onSale(docket, { rate: '1' })
    const me = await ownPages(docket)
    const fields = { link: LINK, quantity: '1000' }
    const { place: shown } = await quote(me, service, fields)
    await change(docket, service, { rate: '1.5' })

    const { status, data } = await place(me, service, { ...fields, max_charge: shown.maxCharge })

    expect(status).toBe(200)
    expect(data).toMatchObject({ faults: {}, place: { maxCharge: '1.50000', text: 'Place the order for $1.50' } })
    expect(data.turned).toContain('The price has changed')
    expect(await orderCount(me.account)).toBe(0)
    const asPage = await me.post('/order', {
      ...fields,
      service: String(service),
      retry: RETRY,
      step: 'place',
      max_charge: shown.maxCharge,
    })
    expect(textOf(asPage.html)).toContain('The price has changed. Nothing was bought.')
    expect((await place(me, service, { ...fields, max_charge: '1.50000' })).data.placed).toMatch(/^\/orders\//)
  })

  test('a form that was never priced is priced, not placed', async () => {
    const service = await onSale(docket, { rate: '1' })
    const me = await ownPages(docket)
    const { status, html } = await me.post('/order', {
      service: String(service),
      link: LINK,
      quantity: '1000',
      retry: RETRY,
      step: 'place',
    })

    expect(status).toBe(200)
    expect(html).toContain('name="max_charge" value="1.00000"')
    expect(await orderCount(me.account)).toBe(0)
  })

  test('a refusal is told with all that is wrong, and buys nothing', async () => {
    const service = await onSale(docket, { rate: '1', min: 10 })
    const me = await ownPages(docket)
    const { status, data } = await place(me, service, { link: '', quantity: '5', max_charge: '1' })

    expect(status).toBe(422)
    expect(Object.keys(data.faults).toSorted()).toEqual(['link', 'quantity'])
    expect(await orderCount(me.account)).toBe(0)
  })
})

describe('finding a service', () => {
  test('words in place of a number lead to the list that they find', async () => {
    const me = await ownPages(docket)
    const { response } = await me.get('/order?service=real+followers')
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('/services?find=real+followers')
    expect((await me.get('/order?service=99')).status).toBe(422)
  })

  test('the whole offer comes once, at the own rate and in the reader’s words, and then only when it changed', async () => {
    const service = await onSale(docket, {
      name: 'Likes',
      category: 'Social',
      rate: '0.90',
      refill: true,
      translations: { de: { name: 'Gefällt mir', category: 'Soziales' } },
    })
    const [me, german] = [await ownPages(docket), await ownPages(docket, { language: 'de' })]
    await changeCatalogue(docket.db, (tx) => setCustomRate(tx, me.account, service, '0.5'))
    await catalogueIsHeard(docket)
    const offer = async (who: OwnPages) => {
      const { response, html } = await who.get('/services/offer')
      const { categories, services } = JSON.parse(html)
      const [, name, category, rate, min, max, marks, other] = services.find(([id]: [number]) => id === service)
      return { row: { name, category: categories[category], rate, min, max, marks, other }, response }
    }

    const mine = await offer(me)
    expect(mine.row).toEqual({ name: 'Likes', category: 'Social', rate: '0.5', min: 1, max: 1_000_000, marks: 2, other: undefined })
    expect((await offer(german)).row).toMatchObject({ name: 'Gefällt mir', category: 'Soziales', rate: '0.90', other: 'Likes' })
    expect(mine.response.headers.get('cache-control')).toBe('private, no-cache')

    const again = await fetch(`${docket.node.url}/services/offer`, {
      headers: { cookie: `docket-session=${me.token}; language=en`, 'if-none-match': mine.response.headers.get('etag')! },
    })
    expect(again.status).toBe(304)
    expect((await fetch(`${docket.node.url}/services/offer`, { redirect: 'manual' })).status).toBe(303)
  })
})
