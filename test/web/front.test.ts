import pino from 'pino'
import { beforeAll, describe, expect, test } from 'vitest'
import { pageCaller } from '../../server/customers/page-callers.ts'
import { parseUnits } from '../../server/ledger/money.ts'
import { moveSubscriptions } from '../../server/orders/subscriptions.ts'
import { countOrders } from '../../server/orders/tally.ts'
import { addWebhook, setBalanceLow } from '../../server/webhooks/registry.ts'
import { startNode } from '../../server/main.ts'
import { languages } from '../../server/texts/languages.ts'
import { openDocket, testConfig } from '../support/docket.ts'
import { textOf } from './docs-page.ts'
import { change, onSale } from '../support/on-sale.ts'
import { ownPages } from '../support/own-pages.ts'
import { testSecret } from '../support/people.ts'
import { statementsOf } from '../support/statements.ts'

const docket = openDocket({ DOCKET_NAME: 'Example Panel' })
const LINK = 'https://example.com/p/1'
let service: number

beforeAll(async () => {
  service = await onSale(docket, { name: 'Captions for clips', category: 'Words', rate: '0.90', min: 10, max: 5000, cancel: true })
})

const ask = (path: string, init: RequestInit = {}) => fetch(docket.node.url + path, { redirect: 'manual', ...init })

describe('the front door', () => {
  test('tells a stranger in each language what the house is, and where it goes on', async () => {
    const titles = new Set<string>()
    for (const { code } of languages) {
      const html = await (await ask(`/${code}`)).text()
      titles.add(/<h1>(.*?)<\/h1>/.exec(html)![1]!)
      expect(html).toContain('Example Panel')
      expect(html).toContain('href="/sign-in"')
      expect(html).toContain(`href="/${code}/api"`)
    }
    expect(titles.size).toBe(languages.length)
  })

  test('is found in every language, and asked for its head only', async () => {
    const html = await (await ask('/sl')).text()
    expect(html).toContain(`<link rel="canonical" href="${docket.node.url}/sl"/>`)
    expect([...html.matchAll(/rel="alternate" hreflang="[^"]+"/g)]).toHaveLength(languages.length + 1)
    expect((await ask('/sl', { method: 'HEAD' })).status).toBe(200)
    expect((await ask('/', { method: 'HEAD' })).status).toBe(302)
  })

  test('shows an order as a program places it, of a service that is on sale here', async () => {
    const html = await (await ask('/en', { headers: { cookie: 'code=php' } })).text()
    const words = textOf(html)
    expect(words).toContain(`-d service=${service}`)
    expect(words).toContain('-d quantity=1000')
    expect(words).toContain('key=YOUR_KEY')
    expect(words).toContain(`'service' => '${service}'`)
    expect(html).toMatch(/value="php" checked/)
  })

  test('names what is on sale by category, and no price nor what is hidden', async () => {
    const hidden = await onSale(docket, { name: 'Whispers', category: 'Secrets', rate: '7.77' })
    await change(docket, hidden, { state: 'hidden' })
    const html = await (await ask('/en')).text()
    const [, shown] = /aria-labelledby="on-sale"(.*?)<\/section>/s.exec(html)!
    expect(textOf(shown!)).toContain('Words1 service')
    expect(html).not.toContain('Secrets')
    expect(html).not.toContain('0.90')
  })

  test('keeps the names and numbers of what is on sale to itself where the house wants that', async () => {
    const quiet = await startNode(
      testConfig(docket.databaseUrl, { DOCKET_FRONT_CATEGORIES: 'off' }),
      pino({ level: 'silent' }),
      docket.clock.now,
    )
    try {
      const html = await (await fetch(`${quiet.url}/en`)).text()
      expect(html).toContain('Never paid twice')
      expect(html).not.toContain('on-sale')
      expect(html).not.toContain('Words')
    } finally {
      await quiet.stop()
    }
  })

  test('promises what a customer can hold the house to', async () => {
    const words = textOf(await (await ask('/en')).text())
    for (const promise of ['Never paid twice', 'You know where each order stands', 'A statement that proves itself', 'Feeds and webhooks'])
      expect(words).toContain(promise)
  })

  test('offers an account only where the house opens them', async () => {
    expect(await (await ask('/en')).text()).not.toContain('href="/register"')
  })

  test('leads whoever is signed in to the overview', async () => {
    const me = await ownPages(docket)
    const { status, response } = await me.get('/en')
    expect([status, response.headers.get('location')]).toEqual([303, '/'])
  })
})

describe('the overview', () => {
  test('shows the balance, the orders by status and the last of them', async () => {
    const me = await ownPages(docket)
    const { order } = await docket.call({ key: me.key, action: 'add', service, link: LINK, quantity: 1000 })
    const { order: canceled } = await docket.call({ key: me.key, action: 'add', service, link: LINK, quantity: 1000 })
    await docket.call({ key: me.key, action: 'cancel', orders: canceled })
    const { status, html, response } = await me.get('/')
    expect(status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(html).toContain('$99.10')
    for (const words of ['Pending', 'Canceled'])
      expect(html).toMatch(new RegExp(`href="/orders\\?status=${words}">.*?${words}.*?<span class="figure">1<`))
    expect(html).toContain(`href="/orders/${order}"`)
    expect(html).toContain('Captions for clips')
  })

  test('an account without orders is told how to begin', async () => {
    const me = await ownPages(docket, { balance: '0' })
    const { html } = await me.get('/')
    expect(html).toContain('No orders yet')
    expect(html).toContain('href="/start"')
    expect(html).not.toContain('Needs your attention')
  })

  test('says what waits: a balance below its alarm, webhooks that fail, subscriptions that rest', async () => {
    const me = await ownPages(docket)
    const subscription = await onSale(docket, { type: 'Subscriptions', rate: '1', min: 1, max: 20 })
    const watch = { username: 'someone', min: 1, max: 2, posts: 3, delay: 0 }
    const { order } = await docket.call({ key: me.key, action: 'add', service: subscription, ...watch })
    const quiet = (await me.get('/')).html
    expect(quiet).not.toContain('Needs your attention')

    await setBalanceLow(docket.db, me.account, false, parseUnits('250'))
    const hook = { accountId: me.account, test: false, url: 'https://hooks.example/docket', events: ['order.*'] }
    const deps = { secret: await testSecret(), outgoing: { check: () => Promise.resolve(null) } }
    await addWebhook(docket.db, deps, hook, docket.clock.now())
    await docket.db.query('update webhooks set failing_since = $2 where account_id = $1', [me.account, docket.clock.now()])
    await moveSubscriptions(docket.db, [BigInt(order)], 'Paused', 'balance too low', docket.clock.now())
    const { html } = await me.get('/')
    expect(html).toContain('Your balance is below your alert of $250.00.')
    expect(html).toContain('1 webhook cannot be delivered')
    expect(html).toContain('1 subscription is paused')
  })

  test('without an alarm it says when the last order could not be ordered again', async () => {
    const me = await ownPages(docket, { balance: '1' })
    await docket.call({ key: me.key, action: 'add', service, link: LINK, quantity: 1000 })
    expect((await me.get('/')).html).toContain('Your balance does not cover another order like your last one.')
  })

  test('counts no further than can be told apart', async () => {
    const me = await ownPages(docket)
    for (let n = 0; n < 4; n += 1) await docket.call({ key: me.key, action: 'add', service, link: LINK, quantity: 10 })
    const { bookId } = await pageCaller(docket.db, me.account, docket.clock.now())
    const { tally, goesOn } = await countOrders(docket.db, bookId, 3)
    expect(tally.get('Pending')).toBe(3)
    expect(tally.get('Completed')).toBe(0)
    expect(goesOn).toBe(false)
  })

  test('the balance above every page costs no statement of its own', async () => {
    const me = await ownPages(docket, { balance: '12.5' })
    await me.get('/account')
    let html = ''
    const statements = await statementsOf(async () => {
      html = (await me.get('/account')).html
    })
    expect(statements.filter(({ text }) => /from (sessions|books)/.test(text))).toHaveLength(1)
    expect(html).toContain('$12.50')
  })
})

describe('services for whoever types', () => {
  interface Found {
    readonly services: readonly { id: number; name: string; category: string; rate: string; price: string }[]
  }
  const found = async (me: Awaited<ReturnType<typeof ownPages>>, query: string) =>
    (JSON.parse((await me.get(`/services/find?q=${encodeURIComponent(query)}`)).html) as Found).services

  test('are found by words and number, at the own rate, the best first', async () => {
    const me = await ownPages(docket)
    const other = await onSale(docket, { name: 'Translated captions for clips', category: 'Words', rate: '2' })
    await docket.db.query('insert into custom_rates (account_id, service_id, rate) values ($1, $2, $3)', [me.account, service, '0.7125'])
    expect(await found(me, 'captions')).toEqual([
      { id: service, name: 'Captions for clips', category: 'Words', rate: '0.7125', price: '$0.7125' },
      { id: other, name: 'Translated captions for clips', category: 'Words', rate: '2', price: '$2.00' },
    ])
    expect((await found(me, String(other)))[0]!.id).toBe(other)
    expect(await found(me, 'nothing-is-called-so')).toEqual([])
    await change(docket, other, { state: 'hidden' })
    expect(await found(me, 'translated')).toEqual([])
    await docket.db.query('delete from custom_rates where account_id = $1', [me.account])
  })

  test('are twenty at most, and kept by nobody', async () => {
    const me = await ownPages(docket)
    for (let n = 0; n < 21; n += 1) await docket.service({ name: `Many ${n}`, category: 'Many' })
    await onSale(docket, { name: 'Many last' })
    expect(await found(me, 'many')).toHaveLength(20)
    const { response } = await me.get('/services/find?q=many')
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
  })

  test('are told to nobody who is not signed in, in a way that a script understands', async () => {
    const response = await ask('/services/find?q=captions')
    expect([response.status, await response.json()]).toEqual([401, { error: 'signed out' }])
  })
})
