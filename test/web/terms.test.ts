import { beforeAll, describe, expect, test, vi } from 'vitest'
import { accountInvite } from '../../server/acts/account-invite.ts'
import { pagePublish } from '../../server/acts/page-publish.ts'
import { pageSet } from '../../server/acts/page-set.ts'
import type { AccountContext } from '../../server/customers/account-context.ts'
import { askForReset, askToRegister } from '../../server/customers/ask-by-mail.ts'
import { findUserByEmail } from '../../server/customers/users.ts'
import { houseOf, run } from '../support/acts.ts'
import { openDesk } from '../support/desk.ts'
import { openDocket, send } from '../support/docket.ts'
import { ownPages } from '../support/own-pages.ts'
import { accountContext, linkTo, logOf, person, visit } from '../support/people.ts'

const docket = openDocket({
  DOCKET_REGISTRATION: 'on',
  DOCKET_SECRET: 'a secret of at least thirty-two characters',
  DOCKET_NAME: 'Example Panel',
})
const house = () => houseOf(docket.db, docket.clock.now, { secret: async () => front.secret })
let front: AccountContext
beforeAll(async () => {
  front = await accountContext(docket)
}) // prettier-ignore

const publish = async (text: string, more: object = {}) => {
  await run(house(), pageSet, { page: 'terms', language: 'en', title: 'Terms of service', text })
  const { version } = await run(house(), pagePublish, { page: 'terms', ...more })
  // The node has heard of it when the page to choose a password asks for that version.
  const probe = await registering()
  await vi.waitFor(async () => expect((await probe.page()).html).toContain(`name="terms" value="${version}"`), { timeout: 300_000, interval: 10 })
  return version
} // prettier-ignore

let people = 0

/** Somebody who has asked to register, at the page to choose a password. */
async function registering() {
  const email = `new${(people += 1)}@example.com`
  await askToRegister(front, email, visit())
  return choosing(email)
}

async function choosing(email: string) {
  const path = `/reset/${await linkTo(front, email)}`
  const cookie = 'docket-visitor=vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv; language=en'
  const ask = async (init: RequestInit = {}) => {
    const response = await fetch(docket.node.url + path, { redirect: 'manual', headers: { cookie, origin: docket.node.url! }, ...init })
    return { status: response.status, html: await response.text(), location: response.headers.get('location') }
  }
  const csrf = /name="csrf" value="([^"]+)"/.exec((await ask()).html)![1]!
  return {
    email,
    page: () => ask(),
    choose: (fields: Record<string, string> = {}) =>
      ask({ method: 'POST', body: new URLSearchParams({ csrf, wanted: 'another 7 lanterns', ...fields }) }),
  }
}

const accepted = async (email: string) =>
  (
    await docket.db.query<{ version: number }>(
      'select t.version from terms_accepted t join users u on u.id = t.user_id where u.email = $1 order by 1',
      [email],
    )
  ).rows.map(({ version }) => version)

describe('whoever opens an account', () => {
  test('accepts nothing where the house has no terms', async () => {
    const ana = await registering()
    expect((await ana.page()).html).not.toContain('name="accept"')
    expect((await ana.choose()).location).toBe('/start')
    expect(await accepted(ana.email)).toEqual([])
  })

  test('accepts the terms, and their version is kept with the time; without it no account is opened', async () => {
    const version = await publish('Be kind.')
    const ana = await registering()
    expect((await ana.page()).html).toContain('<a href="/en/p/terms" target="_blank" rel="noopener"><bdi>Terms of service</bdi></a>')
    for (const fields of [{}, { terms: String(version) }, { accept: 'on' }, { accept: 'on', terms: '99' }, { accept: 'on', terms: 'x' }]) {
      const refused = await ana.choose(fields)
      expect([refused.status, refused.html.includes('Accept the terms to continue.')]).toEqual([422, true])
    }
    expect(await findUserByEmail(docket.db, ana.email)).toBeUndefined()
    expect((await ana.choose({ accept: 'on', terms: String(version) })).location).toBe('/start')
    expect(await accepted(ana.email)).toEqual([version])
    const user = (await findUserByEmail(docket.db, ana.email))!
    expect(await logOf(front, user.accountId)).toEqual(['registered', 'terms accepted'])
  })

  test('accepts what was shown: terms that were published meanwhile are shown first', async () => {
    const ana = await registering()
    const version = await publish('Be very kind.')
    expect((await ana.choose({ accept: 'on', terms: String(version - 1) })).status).toBe(422)
    expect((await ana.choose({ accept: 'on', terms: String(version) })).location).toBe('/start')
  })

  test('by an invitation accepts them too, and whoever forgot a password does not', async () => {
    const invited = await person(front, null)
    await run(house(), accountInvite, { account: invited.accountId })
    expect((await (await choosing(invited.email)).page()).html).toContain('name="accept"')
    const old = await person(front)
    await askForReset(front, old.email, visit())
    const again = await choosing(old.email)
    expect((await again.page()).html).not.toContain('name="accept"')
    expect((await again.choose()).location).toBe('/account')
    expect(await accepted(old.email)).toEqual([])
  })
})

describe('customers who are there already', () => {
  test('are not asked for a new version, unless the operator says so; then before anything else, and once', async () => {
    const me = await ownPages(docket)
    await publish('Be kind to all.')
    expect((await me.get('/orders')).status).toBe(200)
    const version = await publish('Be kind to all, always.', { accept_again: true })
    const email = (await docket.db.query<{ email: string }>('select email from users where account_id = $1', [me.account])).rows[0]!.email

    const led = await me.get('/orders')
    expect([led.status, led.response.headers.get('location')]).toEqual([303, '/accept-terms?next=/orders'])
    for (const path of ['/en/p/terms', '/p/terms', '/api']) expect((await me.get(path)).status).toBe(200)
    expect((await send(docket.node.url!, { key: me.key, action: 'balance' })).status).toBe(200)

    const page = (await me.get('/accept-terms?next=/orders')).html
    const csrf = me.hidden(page, 'csrf')
    const changed = await me.post('/account/language', { locale: 'sl' }, csrf)
    expect(changed.location).toBe('/accept-terms?next=/')
    expect((await docket.db.query('select locale from users where email = $1', [email])).rows).toEqual([{ locale: null }])
    expect((await me.post('/accept-terms', { next: '/orders', terms: String(version) }, csrf)).status).toBe(422)
    const fields = { next: '/orders', terms: String(version), accept: 'on' }
    const both = await Promise.all([me.post('/accept-terms', fields, csrf), me.post('/accept-terms', fields, csrf)])
    expect(both.map(({ location }) => location)).toEqual(['/orders', '/orders'])
    expect(await accepted(email)).toEqual([version])
    expect((await logOf(front, me.account)).filter((act) => act === 'terms accepted')).toHaveLength(1)
    expect((await me.get('/orders')).status).toBe(200)
  })

  test('are not led elsewhere than to a page of our own', async () => {
    const me = await ownPages(docket)
    const page = (await me.get('/accept-terms?next=https://evil.example/')).html
    expect(me.hidden(page, 'next')).toBe('/')
    const version = Number(me.hidden(page, 'terms'))
    const done = await me.post('/accept-terms', { next: '//evil.example', terms: String(version), accept: 'on' }, me.hidden(page, 'csrf'))
    expect(done.location).toBe('/')
  })

  test('accept by themselves: staff who look at their pages are not asked, and accept nothing', async () => {
    const me = await ownPages(docket)
    expect((await me.get('/orders')).status).toBe(303)
    const desk = await openDesk(docket)
    const opened = await desk.post(`/desk/customers/${me.account}/view`, { reason: 'They asked why an order waits.' })
    const entered = await fetch(new URL(opened.location!, docket.node.url), { redirect: 'manual' })
    const cookie = entered.headers.getSetCookie().map((each) => each.split(';', 1)[0]).join('; ')
    const seen = await fetch(`${docket.node.url}/orders`, { redirect: 'manual', headers: { cookie } })
    expect(seen.status).toBe(200)
  }) // prettier-ignore
})
