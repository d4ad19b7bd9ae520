import pino from 'pino'
import { describe, expect, test } from 'vitest'
import { openSettings } from '../../server/settings/settings.ts'
import { accountSuspend } from '../../server/acts/account-suspend.ts'
import { staffEnd } from '../../server/acts/staff-end.ts'
import { accountViewAs } from '../../server/acts/account-view-as.ts'
import { readAccountLog } from '../../server/customers/account-log.ts'
import { type HttpNode, openHttp } from '../../server/http.ts'
import { openRequestsUnderWay } from '../../server/requests/under-way.ts'
import { readLog, WHOLE_LOG } from '../../server/staff/log.ts'
import { houseOf, run } from '../support/acts.ts'
import { hiddenIn, openDesk } from '../support/desk.ts'
import { openDocket, testConfig } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { placed } from '../support/order-life.ts'
import { type OwnPages, ownPages } from '../support/own-pages.ts'

const docket = openDocket()

/** The browser of a member of staff who sees the pages of an account. */
async function viewing(own: OwnPages, role: 'support' | 'read-only' = 'support') {
  const desk = await openDesk(docket, { role })
  const begun = await desk.post(`/desk/customers/${own.account}/view`, { reason: 'They asked why an order waits.' })
  expect([begun.status, begun.location]).toEqual([303, expect.stringMatching(/^\/view\/[\w-]{43}$/)])
  const base = docket.node.url!
  const opened = await fetch(base + begun.location!, { redirect: 'manual' })
  const [, token] = /docket-view=([^;]+)/.exec(opened.headers.getSetCookie().join('\n'))!
  const headers = { cookie: `docket-view=${token}; language=en`, origin: base, accept: 'text/html' }
  return {
    desk,
    link: begun.location!,
    opened,
    async get(path: string) {
      const response = await fetch(base + path, { redirect: 'manual', headers })
      return { status: response.status, html: await response.text(), location: response.headers.get('location') }
    },
    async send(path: string, method: string, fields: Record<string, string>) {
      const response = await fetch(base + path, { redirect: 'manual', method, headers, body: new URLSearchParams(fields) })
      return { status: response.status, html: await response.text(), location: response.headers.get('location') }
    },
  }
}

/** Every route of the customers' pages that takes a form, with something in place of each name in its address. */
async function formsOfCustomers(): Promise<{ method: string; path: string }[]> {
  const config = testConfig('postgres://nowhere/none')
  const app = openHttp(config, pino({ level: 'silent' }), {
    settings: openSettings(config),
    requests: openRequestsUnderWay(),
    noteWork: () => {},
    phase: () => 'ready',
  } as unknown as HttpNode)
  const forms: { method: string; path: string }[] = []
  app.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) forms.push({ method: each, path: url.replaceAll(/:\w+/g, '1').replaceAll('*', 'x') })
  })
  await app.ready()
  await app.close()
  const own = /^\/(api\/v2|adminapi|operator|desk|hooks|deposits|healthz|readyz|metrics|view\/end)/
  return forms.filter(({ method, path }) => !['GET', 'HEAD', 'OPTIONS'].includes(method) && !own.test(path))
}

describe('the customers', () => {
  test('are found and walked; a page shows one with all that belongs to it', async () => {
    const own = await ownPages(docket, { balance: '40' })
    await placed(docket, own.key, { service: await onSale(docket), quantity: 100 })
    const desk = await openDesk(docket)
    const list = await desk.get(`/desk/customers?q=${own.account}`)
    expect(list.html).toContain(`href="/desk/customers/${own.account}"`)
    expect((await desk.get('/desk/customers?q=nobody-at-all')).html).toContain('No such customer')

    const { html } = await desk.get(`/desk/customers/${own.account}`)
    expect(html).toContain(`href="/desk/orders?account=${own.account}"`)
    expect(html).toContain(`${own.key.slice(0, 12)}…`)
    expect(html).not.toContain(own.key)
    for (const act of ['fund', 'account-set', 'account-suspend', 'account-invite', 'key-add', 'webhook-add'])
      expect(html).toContain(`/desk/do/${act}?account=${own.account}&amp;back=`)
    expect((await desk.get('/desk/customers/999999')).status).not.toBe(500)
    expect((await desk.get('/desk/customers/0')).status).not.toBe(500)
  })

  test('are walked page by page in each order', async () => {
    for (let n = 0; n < 55; n += 1) await docket.account({ balance: String(1000 + n) })
    const desk = await openDesk(docket)
    for (const order of ['newest', 'balance', 'spent']) {
      const first = (await desk.get(`/desk/customers?order=${order}`)).html
      const next = /href="(\/desk\/customers\?[^"]*after=[^"]*)"/.exec(first)![1]!.replaceAll('&amp;', '&')
      const rows = (html: string) => [...html.matchAll(/href="\/desk\/customers\/(\d+)"/g)].map(([, id]) => id!)
      const second = rows((await desk.get(next)).html)
      expect(rows(first)).toHaveLength(50)
      expect(second.length).toBeGreaterThan(0)
      expect(second.filter((id) => rows(first).includes(id))).toEqual([])
    }
  })

  test('show a reader no more than they may see', async () => {
    const own = await ownPages(docket)
    const reader = await openDesk(docket, { role: 'read-only' })
    const { html } = await reader.get(`/desk/customers/${own.account}`)
    expect(html).not.toMatch(/\/desk\/do\/(fund|account-|key-|webhook-)/)
    expect((await (await openDesk(docket, { role: 'fulfilment' })).get('/desk/customers')).status).toBe(403)
  })

  test('are changed by the forms of acts: a deposit asks for its reason', async () => {
    const own = await ownPages(docket, { balance: '10' })
    const desk = await openDesk(docket, { role: 'money' })
    const back = `/desk/customers/${own.account}`
    const refused = await desk.post('/desk/do/fund', { account: String(own.account), amount: '5', 'form:back': back })
    expect(refused.status).toBe(422)
    const done = await desk.do('fund', { account: String(own.account), amount: '5', note: 'bank transfer', 'form:back': back })
    expect(done.location).toMatch(new RegExp(`^${back}\\?told=\\d+$`))
    expect(await docket.balance(own.key)).toBe('15.00000')
    expect((await own.get('/account/log')).html).toContain('5.00000 USD: bank transfer')
    expect((await own.get('/funds')).html).toContain('bank transfer')
  })
})

describe('seeing as the customer sees', () => {
  test('shows the pages of the customer with a banner, tells both logs, and ends with the way out', async () => {
    const own = await ownPages(docket, { balance: '12.34' })
    const view = await viewing(own)
    expect([view.opened.status, view.opened.headers.get('location')]).toEqual([303, '/'])
    for (const path of [
      '/',
      '/orders',
      '/order',
      '/funds',
      '/keys',
      '/webhooks',
      '/usage',
      '/services',
      '/account',
      '/account/log',
      '/start',
    ]) {
      const { status, html } = await view.get(path)
      expect([path, status]).toEqual([path, 200])
      expect(html).toContain('class="view-banner"')
    }
    expect((await view.get('/')).html).toContain('12.34')
    const [line] = await readAccountLog(docket.db, own.account, { before: null, most: 1 })
    expect(line).toMatchObject({ by: 'staff', act: 'viewed', about: 'They asked why an order waits.' })
    expect((await own.get('/account/log')).html).toContain('Your pages were looked at')
    const [logged] = await readLog(docket.db, { ...WHOLE_LOG, account: own.account }, { before: null, most: 1 })
    expect(logged).toMatchObject({ act: 'account view-as', who: view.desk.email })
    expect(JSON.stringify(logged, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).not.toContain(
      view.link.slice(6),
    )

    const csrf = hiddenIn((await view.get('/')).html, 'csrf')
    expect(await view.send('/view/end', 'POST', { csrf })).toMatchObject({ status: 303, location: `/desk/customers/${own.account}` })
    expect((await view.get('/orders')).location).toBe('/sign-in?next=/orders')
  })

  test('refuses every form of the customer app, and says why', async () => {
    const own = await ownPages(docket)
    const view = await viewing(own)
    const before = await everythingOf(own.account)
    const csrf = hiddenIn((await view.get('/')).html, 'csrf')
    const forms = await formsOfCustomers()
    expect(forms.length).toBeGreaterThan(25)
    const letThrough: string[] = []
    for (const { method, path } of forms) {
      const { status, html } = await view.send(path, method, { csrf })
      if (status !== 403 || !/You only look|Not shown/.test(html)) letThrough.push(`${method} ${path}: ${status}`)
    }
    expect(letThrough).toEqual([])
    expect(await everythingOf(own.account)).toEqual(before)
  })

  test('shows no secret: no codes, no links of mails', async () => {
    const own = await ownPages(docket)
    const view = await viewing(own)
    for (const path of ['/account/codes', '/reset/x', '/confirm-mail/x']) {
      expect(await view.get(path)).toMatchObject({ status: 403, html: expect.stringContaining('Not shown') })
    }
    const keys = (await view.get('/keys')).html
    expect(keys).not.toContain(own.key)
  })

  test('ends after half an hour, with the access of whoever began it, and with a suspension', async () => {
    const own = await ownPages(docket)
    const first = await viewing(own)
    docket.clock.forward({ minutes: 29 })
    expect((await first.get('/orders')).status).toBe(200)
    docket.clock.forward({ minutes: 1 })
    expect((await first.get('/orders')).status).toBe(303)

    const second = await viewing(own, 'read-only')
    await run(houseOf(docket.db, docket.clock.now), staffEnd, { staff: second.desk.staffId })
    expect((await second.get('/orders')).status).toBe(303)

    const third = await viewing(own)
    await run(houseOf(docket.db, docket.clock.now), accountSuspend, { account: own.account })
    expect((await third.get('/orders')).status).toBe(303)
    await expect(run(houseOf(docket.db), accountViewAs, { account: own.account, reason: 'x' })).rejects.toMatchObject({
      code: 'account_suspended',
    })
  })

  test('begins only with a reason, and its link works once', async () => {
    const own = await ownPages(docket)
    const desk = await openDesk(docket)
    const asked = await desk.post(`/desk/customers/${own.account}/view`, { reason: ' ' })
    expect([asked.status, asked.html.includes('Say why.')]).toEqual([422, true])
    const view = await viewing(own)
    const again = await fetch(docket.node.url + view.link, { redirect: 'manual' })
    expect([again.headers.get('location'), again.headers.getSetCookie()]).toEqual(['/desk/customers', []])
  })

  test('leaves the desk and the staff member’s own account as they are', async () => {
    const own = await ownPages(docket)
    const view = await viewing(own)
    const both = { cookie: `${view.desk.cookie}; docket-view=anything`, accept: 'text/html' }
    expect((await fetch(`${docket.node.url}/desk/customers`, { headers: both })).status).toBe(200)
  })
})

/** What a customer's forms could change. */
async function everythingOf(account: number): Promise<unknown> {
  const counts = `
    select (select count(*) from api_keys where account_id = $1 and not of_pages) as keys, (select count(*) from webhooks where account_id = $1) as hooks,
      (select lines from books where account_id = $1 and not play) as lines, (select count(*) from sessions) as sessions,
      (select array_agg(u::text) from users u where account_id = $1) as people, (select count(*) from mails) as mails,
      (select count(*) from account_log where account_id = $1) as log`
  return (await docket.db.query(counts, [account])).rows
}
