import { Writable } from 'node:stream'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hashKey } from '../../server/customers/key.ts'
import { listKeys } from '../../server/customers/keys.ts'
import { type Node, startNode } from '../../server/main.ts'
import { openDocket, testConfig } from '../support/docket.ts'
import { catalogueIsHeard, onSale } from '../support/on-sale.ts'
import { type OwnPages, ownPages } from '../support/own-pages.ts'
import { PASSWORD } from '../support/people.ts'
import { everyTable } from '../support/tables.ts'

const docket = openDocket()
const LINK = 'https://example.com/p/1'

interface Made {
  readonly id: number
  readonly key: string
  readonly html: string
}

const PLAIN = { label: 'Shop', kind: 'live', access: 'everything', daily_cap: '', services: '', networks: '', expires: '', step: 'save' }

async function sendForm(me: OwnPages, fields: Record<string, string> = {}) {
  const { html } = await me.get('/keys/new')
  const form = { ...PLAIN, form: me.hidden(html, 'form'), ...fields }
  return { ...(await me.post('/keys/new', form)), again: () => me.post('/keys/new', form) }
}

async function made(me: OwnPages, fields: Record<string, string> = {}): Promise<Made> {
  const { status, html } = await sendForm(me, fields)
  expect(status).toBe(200)
  const [key] = /dk_(?:live|test)_[\w-]{32}/.exec(html)!
  return { html, key, id: Number(/href="\/keys\/(\d+)"/.exec(html)![1]) }
}

const faultOf = (html: string, name: string) => new RegExp(`id="${name}-fault">([^<]*)<`).exec(html)?.[1]
const keysOf = (me: OwnPages) => listKeys(docket.db, me.account, docket.clock.now())
const logOf = async (me: OwnPages) =>
  (
    await docket.db.query<{ act: string; about: string }>('select act, about from account_log where account_id = $1 order by id', [
      me.account,
    ])
  ).rows

describe('the pages of keys', () => {
  let service: number
  let other: number
  let second: Node
  const logged: string[] = []

  beforeAll(async () => {
    const lines = new Writable({ write: (line: Buffer, _, done) => (logged.push(line.toString()), done()) })
    second = await startNode(testConfig(docket.databaseUrl), pino({ level: 'trace' }, lines), docket.clock.now)
    service = await onSale(docket, { name: 'Views <b>&' })
    other = await onSale(docket)
  })
  afterAll(() => second.stop())

  test('a key is made, shown once, and works as it was limited', async () => {
    const me = await ownPages(docket)
    const limits = { access: 'chosen', 'scope-balance': 'on', 'scope-order': 'on', daily_cap: '1.5', services: `${service}-${service}` }
    const { key, id } = await made(me, limits)
    const order = { key, action: 'add', link: LINK, quantity: 1000 }
    expect(await docket.call({ key, action: 'balance' })).toHaveProperty('balance')
    expect(await docket.call({ key, action: 'status', order: 1 })).toEqual({ error: 'This API key may not use this action' })
    expect(await docket.call({ ...order, service: other })).toEqual({ error: 'This API key may not order this service' })
    expect(await docket.call({ ...order, service })).toEqual({ order: expect.any(Number) })
    expect(await docket.call({ ...order, service })).toEqual({ error: 'The daily spend limit of this API key is reached' })

    const list = (await me.get('/keys')).html
    expect(list).toContain('Shop')
    expect(list).toContain('Read the balance · Order, cancel, request refills and get prices')
    expect(list).toContain('$1.00')
    expect(list).toContain('$1.50')
    const page = (await me.get(`/keys/${id}`)).html
    expect(page).toContain('Views &lt;b>&amp;')
    expect(page).toMatch(/Charged[\s\S]*<td>1<\/td><td><bdi[^>]*>\$1\.00</)
    expect(page).toMatch(/Its latest orders[\s\S]*href="\/orders\/\d+"/)
  })

  test('S1 no page, no row and no log line holds a key that was shown', async () => {
    const me = await ownPages(docket)
    const { html } = await me.get('/keys/new')
    const body = new URLSearchParams({ ...PLAIN, form: me.hidden(html, 'form'), csrf: me.hidden(html, 'csrf') })
    const headers = { cookie: `docket-session=${me.token}` }
    const shown = await (await fetch(`${second.url}/keys/new`, { method: 'POST', body, headers })).text()
    const [key] = /dk_live_[\w-]{32}/.exec(shown)!
    const id = Number(/href="\/keys\/(\d+)"/.exec(shown)![1])
    await (await fetch(`${second.url}/api/v2`, { method: 'POST', body: new URLSearchParams({ key, action: 'balance' }) })).text()
    expect(logged.length).toBeGreaterThan(0)
    expect(logged.filter((line) => line.includes(key.slice(12)))).toEqual([])
    for (const path of ['/keys', `/keys/${id}`, `/keys/${id}/edit`, `/keys/${id}/revoke`, '/account/log', '/usage'])
      expect({ path, told: (await me.get(path)).html.includes(key.slice(12)) }).toEqual({ path, told: false })
    for (const table of await everyTable(docket.db)) {
      const { rows } = await docket.db.query<{ rows: number }>(
        `select count(*)::int as rows from ${table} t where strpos(t::text, $1) > 0`,
        [key.slice(12)],
      )
      expect({ table, rows: rows[0]!.rows }).toEqual({ table, rows: 0 })
    }
    const { rows } = await docket.db.query('select from api_keys where id = $1 and hash = $2', [id, hashKey(key)])
    expect(rows).toHaveLength(1)
    expect(await logOf(me)).toContainEqual({ act: 'key added', about: `${key.slice(0, 12)}… Shop` })
  })

  test('the page that shows a key is kept by nobody', async () => {
    const me = await ownPages(docket)
    const { html } = await me.get('/keys/new')
    const body = new URLSearchParams({ ...PLAIN, form: me.hidden(html, 'form'), csrf: me.hidden(html, 'csrf') })
    const response = await fetch(`${docket.node.url}/keys/new`, { method: 'POST', body, headers: { cookie: `docket-session=${me.token}` } })
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.url).toBe(`${docket.node.url}/keys/new`)
    await response.text()
  })

  test('a form that is sent twice makes one key, and the second answer shows none', async () => {
    const me = await ownPages(docket)
    const first = await sendForm(me)
    const second = await first.again()
    expect(second.status).toBe(303)
    expect(second.location).toMatch(/^\/keys\/\d+\?done=made$/)
    expect((await me.get(second.location!)).html).toContain('This form was already sent')
    expect(await keysOf(me)).toHaveLength(2)
  })

  test('two at once make one key', async () => {
    const me = await ownPages(docket)
    const { html } = await me.get('/keys/new')
    const form = { ...PLAIN, form: me.hidden(html, 'form') }
    const answers = await Promise.all([1, 2, 3].map(() => me.post('/keys/new', form)))
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 303, 303])
    expect(await keysOf(me)).toHaveLength(2)
  })

  test('a revoked key is refused at once, on every node', async () => {
    const me = await ownPages(docket)
    const { key, id } = await made(me)
    const elsewhere = async () =>
      (await fetch(`${second.url}/api/v2`, { method: 'POST', body: new URLSearchParams({ key, action: 'balance' }) })).json()
    expect(await elsewhere()).toHaveProperty('balance')
    expect(await docket.call({ key, action: 'balance' })).toHaveProperty('balance')
    const asked = (await me.get(`/keys/${id}/revoke`)).html
    expect(asked).toMatch(/Last used<\/dt><dd><time/)
    const answers = await Promise.all([me.post(`/keys/${id}/revoke`, {}), me.post(`/keys/${id}/revoke`, {})])
    expect(answers.map(({ location }) => location)).toEqual([`/keys/${id}?done=revoked`, `/keys/${id}?done=revoked`])
    expect(await docket.call({ key, action: 'balance' })).toEqual({ error: 'Invalid API key' })
    expect(await elsewhere()).toEqual({ error: 'Invalid API key' })
    expect((await logOf(me)).filter(({ act }) => act === 'key revoked')).toHaveLength(1)
    expect((await me.get(`/keys/${id}`)).html).not.toContain(`/keys/${id}/edit`)
  })

  test('limits are changed, and what is empty is taken away', async () => {
    const me = await ownPages(docket)
    const { key, id } = await made(me, { services: String(other), networks: '203.0.113.7', expires: '2026-03-05' })
    const form = (await me.get(`/keys/${id}/edit`)).html
    expect(form).toContain(`value="${other}"`)
    expect(form).toContain('>203.0.113.7/32</textarea>')
    expect(form).toContain('value="2026-03-05"')
    expect(await docket.call({ key, action: 'balance' })).toEqual({ error: 'This API key may not be used from this address' })
    const { location } = await me.post(`/keys/${id}/edit`, { ...PLAIN, label: 'Renamed', daily_cap: '5' })
    expect(location).toBe(`/keys/${id}?done=changed`)
    await catalogueIsHeard(docket)
    expect(await docket.call({ key, action: 'add', service, link: LINK, quantity: 1000 })).toEqual({ order: expect.any(Number) })
    const row = (await keysOf(me)).find((one) => one.id === id)!
    expect(row).toMatchObject({
      label: 'Renamed',
      scopes: null,
      serviceIds: null,
      addresses: null,
      expiresAt: null,
      dailyCap: 500_000n,
      spentToday: 100_000n,
    })
  })

  test('what cannot be meant is said at its field, all at once, and what was typed stays', async () => {
    const me = await ownPages(docket)
    const { status, html } = await sendForm(me, {
      label: '',
      access: 'chosen',
      daily_cap: '-1',
      services: '1,abc',
      networks: '203.0.113.0/99',
      expires: '2026-02-28',
    })
    expect(status).toBe(422)
    expect(faultOf(html, 'label')).toBe('Please fill this in.')
    expect(faultOf(html, 'access')).toBe('Choose at least one.')
    expect(faultOf(html, 'daily_cap')).toBe('Enter an amount above 0, like 50 or 0.25.')
    expect(faultOf(html, 'services')).toBe('Enter service numbers, like 1,4,10-20.')
    expect(faultOf(html, 'networks')).toMatch(/^Enter addresses or networks/)
    expect(faultOf(html, 'expires')).toBe('Choose a day that is not over yet.')
    expect(html).toContain('value="1,abc"')
    expect((await sendForm(me, { services: '888888' })).html).toContain('There is no service 888888.')
    expect(await keysOf(me)).toHaveLength(1)
  })

  test('the names of services and the own address are filled in without making anything', async () => {
    const me = await ownPages(docket)
    const names = await sendForm(me, { services: `${service}-${service + 5000}`, step: 'names', label: 'Kept' })
    expect(names.status).toBe(200)
    expect(names.html).toContain('Views &lt;b>&amp;')
    expect(names.html).toContain('value="Kept"')
    const address = await sendForm(me, { networks: '203.0.113.0/24', step: 'address' })
    expect(address.html).toContain('>203.0.113.0/24\n127.0.0.1</textarea>')
    expect(await keysOf(me)).toHaveLength(1)
  })

  test('a person who has not proved themselves lately is asked in the form, and loses nothing', async () => {
    const me = await ownPages(docket)
    docket.clock.forward({ minutes: 20 })
    const asked = await sendForm(me, { label: 'Late', daily_cap: '2' })
    expect(asked.status).toBe(422)
    expect(faultOf(asked.html, 'password')).toBe('Please fill this in.')
    expect(asked.html).toContain('value="Late"')
    const wrong = await sendForm(me, { password: 'wrong' })
    expect(faultOf(wrong.html, 'password')).toBeDefined()
    expect(await keysOf(me)).toHaveLength(1)
    const { id } = await made(me, { password: PASSWORD })
    docket.clock.forward({ minutes: 20 })
    expect((await me.post(`/keys/${id}/revoke`, {})).status).toBe(422)
    expect((await me.post(`/keys/${id}/edit`, PLAIN)).status).toBe(422)
    expect((await keysOf(me)).find((key) => key.id === id)!.revokedAt).toBeNull()
  })

  test('another account’s key is not found, whatever is asked of it', async () => {
    const me = await ownPages(docket)
    const { id, key } = await made(me)
    const stranger = await ownPages(docket)
    for (const path of [`/keys/${id}`, `/keys/${id}/edit`, `/keys/${id}/revoke`, '/keys/0', '/keys/99999999999'])
      expect({ path, status: (await stranger.get(path)).status }).toEqual({ path, status: 404 })
    expect((await stranger.post(`/keys/${id}/revoke`, {})).status).toBe(404)
    expect((await stranger.post(`/keys/${id}/edit`, PLAIN)).status).toBe(404)
    expect(await docket.call({ key, action: 'balance' })).toHaveProperty('balance')
    const { rows } = await docket.db.query<{ id: number }>('select id from api_keys where account_id = $1 and of_pages', [me.account])
    expect((await me.get(`/keys/${rows[0]!.id}`)).status).toBe(404)
  })

  test('a test key has test money, and its orders are apart', async () => {
    const me = await ownPages(docket, { balance: '0' })
    const { key, id } = await made(me, { kind: 'test' })
    expect(key).toMatch(/^dk_test_/)
    const { order } = await docket.call({ key, action: 'add', service, link: LINK, quantity: 1000 })
    expect(order).toBeGreaterThan(0)
    expect((await me.get(`/keys/${id}`)).html).toMatch(/Charged[\s\S]*\$1\.00/)
    const charged = '<dt>Charged</dt><dd><bdi class="figure amount" dir="ltr">'
    expect((await me.get('/usage?days=7')).html).toContain(`${charged}$0.00`)
    expect((await me.get('/usage?days=7&key=test')).html).toContain(`${charged}$1.00`)
  })

  test('strangers are asked to sign in, and a form without our token is refused', async () => {
    for (const path of ['/keys', '/keys/new', '/keys/1', '/webhooks', '/webhooks/new', '/webhooks/verify', '/usage']) {
      const response = await fetch(docket.node.url! + path, { redirect: 'manual' })
      expect({ path, status: response.status }).toEqual({ path, status: 303 })
    }
    const me = await ownPages(docket)
    expect((await me.post('/keys/new', PLAIN, 'wrong')).status).toBe(403)
    expect(await keysOf(me)).toHaveLength(1)
  })
})
