import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { providerSet } from '../../server/acts/provider-set.ts'
import { settingsSet } from '../../server/acts/settings-set.ts'
import { secretOf } from '../../server/children/access.ts'
import { findChild } from '../../server/children/children.ts'
import { findUserByEmail } from '../../server/customers/users.ts'
import type { Database } from '../../server/db/pool.ts'
import { openOutgoing } from '../../server/outgoing/fetch.ts'
import type { PaymentContext } from '../../server/payments/payments.ts'
import { openSecret, type Secret } from '../../server/secret.ts'
import { atProvider, begin, hidden, isSignedIn, someone, titleOf } from '../sign-in-providers/world.ts'
import { houseOf, run } from '../support/acts.ts'
import { eventually } from '../support/clients.ts'
import { type CookieBrowser, cookieBrowser } from '../support/cookie-browser.ts'
import { openIdProvider, type OpenIdProvider } from '../support/openid-provider.ts'
import { sellingIn } from './selling.ts'
import { openWorld, SECRET } from './world.ts'

const [PARENT, CHILD] = ['panel.test', 'one.example']
const world = openWorld({ DOCKET_REGISTRATION: 'on', DOCKET_PUBLIC_URL: `http://${PARENT}` })
const { sellPanel } = sellingIn(world)
const outgoing = openOutgoing({ allowPrivate: true })

describe('a child panel whose customers sign in by a provider that its parent has too', () => {
  let provider: OpenIdProvider
  let inChild: Database

  beforeAll(async () => {
    await sellPanel(CHILD)
    inChild = await world.inside(CHILD)
    provider = await openIdProvider(world.clock.now)
    const secret = await openSecret({ secret: SECRET, dataDirectory: '' })
    const sealing = await openSecret({ secret: secretOf(secret, await findChild(world.db, CHILD)), dataDirectory: '' })
    await run(houseOf(inChild, world.clock.now), settingsSet, { registration: true })
    await offer(world.db, secret)
    await offer(inChild, sealing)
    for (const host of [PARENT, CHILD])
      await eventually(`${host} shows the button`, async () => (await browserAt(host).get('/register')).html.includes('/sign-in/with/own'))
  })
  afterEach(() => {
    provider.play = {}
  })
  afterAll(() => Promise.all([provider.close(), outgoing.close()]))

  /** Both ask it as the same client, which is the worst case. */
  async function offer(db: Database, secret: Secret) {
    const payments = async () => ({ secret, outgoing: () => outgoing }) as unknown as PaymentContext
    const house = houseOf(db, world.clock.now, { secret: async () => secret, payments })
    const { issuer, clientId: client_id, clientSecret: client_secret } = provider
    await run(house, providerSet, { provider: 'own', name: 'Own ID', issuer, client_id, client_secret, private_network: true })
  }

  /** A browser that asks for a host, with more headers. */
  function browserAt(host: string, more: Record<string, string> = {}): CookieBrowser {
    return cookieBrowser(`http://${host}`, 'en', async (url, { body, headers }) => {
      const form = body && { method: 'POST', body: body.toString() }
      const type = { 'content-type': 'application/x-www-form-urlencoded' }
      const asked = { ...form, headers: { ...headers, ...(form && type), ...more } }
      const { status, text, headers: answered } = await world.ask(host, url.pathname + url.search, asked)
      const pairs = Object.entries(answered).flatMap(([name, value]) => [value ?? []].flat().map((each): [string, string] => [name, each]))
      return new Response(text, { status, headers: pairs })
    })
  }

  const callbackOf = (host: string) => `http://${host}/sign-in/with/own/callback`
  const there = (place: URL) => place.searchParams.get('redirect_uri')

  test.each([CHILD, PARENT])('at %s the provider leads back to that host, whatever else a request says', async (host) => {
    expect(there(await begin(browserAt(host)))).toBe(callbackOf(host))
    for (const forged of [{ 'x-forwarded-host': 'evil.example' }, { forwarded: 'host=evil.example' }, { 'x-forwarded-host': PARENT }])
      expect(there(await begin(browserAt(host, forged)))).toBe(callbackOf(host))
  })

  test('opens an account in the child alone, also for somebody who has one at the parent', async () => {
    const ana = someone()
    const opened: Record<string, CookieBrowser> = {}
    for (const host of [PARENT, CHILD]) {
      const browser = browserAt(host)
      const back = await atProvider({ provider }, await begin(browser), ana)
      expect(back.split('?')[0]).toBe(callbackOf(host))
      const asks = await browser.get(back)
      expect([host, asks.status, titleOf(asks)]).toEqual([host, 200, 'Create account'])
      expect(await findUserByEmail(inChild, ana.email!)).toBeUndefined()
      expect((await browser.post('/register/with-provider', { ticket: hidden(asks.html, 'ticket') })).location).toBe('/start')
      opened[host] = browser
    }
    for (const db of [world.db, inChild]) expect(await findUserByEmail(db, ana.email!)).toMatchObject({ email: ana.email })
    // A session of the one opens nothing in the other.
    const stranger = browserAt(CHILD)
    for (const [name, value] of opened[PARENT]!.cookies) stranger.cookies.set(name, value)
    expect([await isSignedIn(opened[CHILD]!), await isSignedIn(stranger)]).toEqual([true, false])
  })

  test.each([
    [CHILD, PARENT],
    [PARENT, CHILD],
  ])('an answer for %s opens nothing at %s, and still counts where it was asked for', async (host, other) => {
    const browser = browserAt(host)
    const back = await atProvider({ provider }, await begin(browser), someone())
    const stray = browserAt(other)
    for (const [name, value] of browser.cookies) stray.cookies.set(name, value)
    const { search } = new URL(back)
    expect(titleOf(await stray.get(`/sign-in/with/own/callback${search}`))).toBe('This sign-in can’t continue')
    expect(titleOf(await browser.get(back))).toBe('Create account')
  })

  test('believes no token that was made for another panel, nor a code that was asked for by its parent', async () => {
    provider.play = { claims: (claims) => ({ ...claims, aud: 'another panel' }) }
    const browser = browserAt(CHILD)
    const refused = 'Own ID didn’t confirm who you are'
    expect(titleOf(await browser.get(await atProvider({ provider }, await begin(browser), someone())))).toBe(refused)

    provider.play = {}
    const place = await begin(browser)
    const parents = new URL(await atProvider({ provider }, await begin(browserAt(PARENT)), someone()))
    const mixed = new URL(await atProvider({ provider }, place, someone()))
    mixed.searchParams.set('code', parents.searchParams.get('code')!)
    expect(titleOf(await browser.get(mixed.toString()))).toBe(refused)
  })
})
