import { TOTP } from 'otpauth'
import { describe, expect, test, vi } from 'vitest'
import { pagePublish } from '../../server/acts/page-publish.ts'
import { pageSet } from '../../server/acts/page-set.ts'
import { settingsSet } from '../../server/acts/settings-set.ts'
import { suspendAccount } from '../../server/customers/accounts.ts'
import { findUserByEmail } from '../../server/customers/users.ts'
import { transaction } from '../../server/db/pool.ts'
import { makeReferrer } from '../../server/referrals/referrers.ts'
import { houseOf, run } from '../support/acts.ts'
import { accountContext, logOf, mailsTo, PASSWORD } from '../support/people.ts'
import {
  atProvider,
  begin,
  comeBack,
  hidden,
  isSignedIn,
  linkedTo,
  opened,
  openWorld,
  placeOf,
  someone,
  titleOf,
  withPassword,
} from './world.ts'

const world = openWorld()

describe('somebody new', () => {
  test('is asked before an account is opened, and then has one with the address that the provider has confirmed', async () => {
    const browser = world.browser()
    const ana = someone()
    const asks = await comeBack(world, browser, ana)
    expect([asks.status, titleOf(asks)]).toEqual([200, 'Create account'])
    expect(asks.html).toContain(ana.email)
    expect(await findUserByEmail(world.db, ana.email!)).toBeUndefined()

    const done = await browser.post('/register/with-provider', { ticket: hidden(asks.html, 'ticket') })
    expect(done.location).toBe('/start')
    expect(await isSignedIn(browser)).toBe(true)
    const user = (await findUserByEmail(world.db, ana.email!))!
    expect(user.passwordHash).toBeNull()
    const { rows } = await world.db.query('select email_confirmed_at is not null as confirmed from users where id = $1', [user.id])
    expect(rows).toEqual([{ confirmed: true }])
    const front = await accountContext(world)
    expect(await logOf(front, user.accountId)).toEqual(['registered', 'sign-in linked'])
    expect((await mailsTo(front, ana.email!)).map(({ name }) => name)).toEqual(['signInLinked'])
  })

  test('signs in again without being asked anything, to the page they wanted', async () => {
    const { who, person } = await opened(world)
    const browser = world.browser()
    const back = await comeBack(world, browser, { ...who, email: 'moved@mail.example' }, '/orders')
    expect([back.status, back.location]).toEqual([303, '/orders'])
    expect(await isSignedIn(browser)).toBe(true)
    // The address of the account stays what it was.
    expect((await findUserByEmail(world.db, who.email!))!.id).toBe(person.userId)
    expect(await logOf(await accountContext(world), person.accountId)).toEqual(['registered', 'sign-in linked', 'signed in'])
  })

  test('gets one account, however often and from however many pages they ask at once', async () => {
    const ana = someone()
    const browsers = [world.browser(), world.browser(), world.browser()]
    const pages = await Promise.all(browsers.map(async (browser) => browser.get(await atProvider(world, await begin(browser), ana))))
    const tries = browsers.flatMap((browser, at) =>
      [0, 1].map(() => browser.post('/register/with-provider', { ticket: hidden(pages[at]!.html, 'ticket') })),
    )
    const done = await Promise.all(tries)
    expect(done.map(({ status }) => status)).toEqual(tries.map(() => 303))
    const { rows } = await world.db.query('select count(*)::int as count from accounts where email = $1', [ana.email])
    expect(rows).toEqual([{ count: 1 }])
    const user = (await findUserByEmail(world.db, ana.email!))!
    expect(await linkedTo(world, user.id)).toEqual([ana.sub])
    for (const browser of browsers) expect(await isSignedIn(browser)).toBe(true)
  })

  test('gets one account also when the provider tells another address meanwhile', async () => {
    const [one, other] = [world.browser(), world.browser()]
    const ana = someone()
    const first = await comeBack(world, one, ana)
    const second = await comeBack(world, other, { ...ana, email: `new.${ana.email}` })
    const done = await Promise.all([
      one.post('/register/with-provider', { ticket: hidden(first.html, 'ticket') }),
      other.post('/register/with-provider', { ticket: hidden(second.html, 'ticket') }),
    ])
    expect(done.map(({ status }) => status)).toEqual([303, 303])
    const { rows } = await world.db.query('select count(*)::int as count from linked_sign_ins where subject = $1', [ana.sub])
    expect(rows).toEqual([{ count: 1 }])
    const { rows: accounts } = await world.db.query('select count(*)::int as count from accounts where email = any ($1)', [
      [ana.email, `new.${ana.email}`],
    ])
    expect(accounts).toEqual([{ count: 1 }])
  })
})

describe('somebody new where the house has terms', () => {
  const world = openWorld()

  test('accepts them, and their version is kept', async () => {
    const house = houseOf(world.db, world.clock.now)
    await run(house, pageSet, { page: 'terms', language: 'en', title: 'Terms of service', text: 'Be kind.' })
    await run(house, pagePublish, { page: 'terms' })
    const browser = world.browser()
    const ana = someone()
    await vi.waitFor(async () => expect((await comeBack(world, browser, ana)).html).toContain('name="terms"'), {
      timeout: 300_000,
      interval: 10,
    })
    const page = await comeBack(world, browser, ana)
    const fields = { ticket: hidden(page.html, 'ticket'), terms: hidden(page.html, 'terms') }
    const refused = await browser.post('/register/with-provider', fields)
    expect([refused.status, refused.html.includes('Accept the terms to continue.')]).toEqual([422, true])
    expect(await findUserByEmail(world.db, ana.email!)).toBeUndefined()
    expect((await browser.post('/register/with-provider', { ...fields, accept: 'on' })).location).toBe('/start')
    const user = (await findUserByEmail(world.db, ana.email!))!
    const { rows } = await world.db.query('select version from terms_accepted where user_id = $1', [user.id])
    expect(rows).toEqual([{ version: 1 }])
    expect(await logOf(await accountContext(world), user.accountId)).toEqual(['registered', 'terms accepted', 'sign-in linked'])
  })
})

describe('somebody whom a customer brought', () => {
  const world = openWorld()

  test('is attributed as after a registration by mail', async () => {
    await run(houseOf(world.db, world.clock.now), settingsSet, { referrals: true, referral_percent: '5' })
    const { account } = await world.account()
    const { code } = await transaction(world.db, (tx) => makeReferrer(tx, account, world.clock.now()))
    const browser = world.browser()
    await vi.waitFor(async () => expect((await browser.get(`/?ref=${code}`)).status).toBe(303), { timeout: 300_000, interval: 10 })
    const page = await comeBack(world, browser, someone())
    expect((await browser.post('/register/with-provider', { ticket: hidden(page.html, 'ticket') })).location).toBe('/start')
    const { rows } = await world.db.query('select referrer_id as by from referrals')
    expect(rows).toEqual([{ by: account }])
    expect(browser.cookies.has('docket-came-by')).toBe(false)
  })
})

describe('where nobody may register', () => {
  const world = openWorld({ DOCKET_REGISTRATION: 'off' })

  test('a provider opens no account, and whoever has one signs in', async () => {
    const browser = world.browser()
    const page = await comeBack(world, browser, someone())
    expect(titleOf(page)).toContain('Accounts are opened by')
    const known = someone()
    const person = await withPassword(world, known.email!)
    expect((await comeBack(world, browser, known)).location).toBe('/')
    expect(await linkedTo(world, person.userId)).toEqual([known.sub])
  })
})

describe('an account that has the address already', () => {
  test('is signed in to and linked where the provider and we have both confirmed it', async () => {
    const ana = someone()
    const person = await withPassword(world, ana.email!.toUpperCase())
    const browser = world.browser()
    expect((await comeBack(world, browser, ana)).location).toBe('/')
    expect(await linkedTo(world, person.userId)).toEqual([ana.sub])
    const front = await accountContext(world)
    expect(await logOf(front, person.accountId)).toEqual(['sign-in linked', 'signed in'])
    expect((await mailsTo(front, person.email)).map(({ name }) => name)).toEqual(['signInLinked'])
  })

  test('is neither signed in to nor linked where we have not confirmed it', async () => {
    const ana = someone()
    const person = await withPassword(world, ana.email!, { confirmed: false })
    const browser = world.browser()
    const page = await comeBack(world, browser, ana)
    expect([page.status, titleOf(page)]).toEqual([422, 'Sign in first'])
    expect(page.html).toContain('href="/sign-in"')
    expect(await isSignedIn(browser)).toBe(false)
    expect(await linkedTo(world, person.userId)).toEqual([])
  })

  test.each([[false], [undefined], ['false']])('is not told of where the provider has not confirmed it (%s)', async (email_verified) => {
    const [ana, nobody] = [someone({ email_verified: email_verified! }), someone({ email_verified: email_verified! })]
    const person = await withPassword(world, ana.email!)
    const pages: string[] = []
    for (const who of [ana, nobody]) {
      const browser = world.browser()
      const page = await comeBack(world, browser, who)
      expect(titleOf(page)).toBe('Own ID confirms no address of yours')
      expect(await isSignedIn(browser)).toBe(false)
      pages.push(page.html.replaceAll(/value="[^"]*"/g, ''))
    }
    expect(pages[0]).toBe(pages[1])
    expect(await linkedTo(world, person.userId)).toEqual([])
    expect(await findUserByEmail(world.db, nobody.email!)).toBeUndefined()
  })

  test('is asked for its code first, and is linked only then', async () => {
    const ana = someone()
    const person = await withPassword(world, ana.email!)
    const code = await withSecondFactor(person.userId)
    const browser = world.browser()
    const page = await comeBack(world, browser, ana, '/orders')
    expect(page.html).toContain('action="/sign-in/code"')
    expect([await isSignedIn(browser), await linkedTo(world, person.userId)]).toEqual([false, []])
    const ticket = hidden(page.html, 'ticket')
    const wrong = await browser.post('/sign-in/code', { ticket, next: '/orders', code: '000000' })
    expect([wrong.status, await linkedTo(world, person.userId)]).toEqual([422, []])
    const right = await browser.post('/sign-in/code', { ticket, next: '/orders', code: code() })
    expect(right.location).toBe('/orders')
    expect(await linkedTo(world, person.userId)).toEqual([ana.sub])
    // Linked, it is asked for as well.
    world.clock.forward({ minutes: 2 })
    expect((await comeBack(world, world.browser(), ana)).html).toContain('action="/sign-in/code"')
  })

  test('that is suspended lets nobody in', async () => {
    const { who, person } = await opened(world)
    await suspendAccount(world.db, person.accountId, true, world.clock.now())
    const browser = world.browser()
    const page = await comeBack(world, browser, who)
    expect([page.status, page.html.includes('This account is suspended')]).toEqual([422, true])
    expect(await isSignedIn(browser)).toBe(false)
  })
})

/** Signs in by password. */
async function byPassword(email: string) {
  const browser = world.browser()
  await browser.get('/sign-in')
  expect((await browser.post('/sign-in', { email, password: PASSWORD, next: '/account' })).location).toBe('/account')
  return browser
}

async function withSecondFactor(userId: number): Promise<() => string> {
  const { secret } = await accountContext(world)
  const app = new TOTP()
  await world.db.query('insert into second_factors (user_id, sealed_secret, confirmed_at) values ($1, $2, $3)', [
    userId,
    secret.seal(app.secret.base32),
    world.clock.now(),
  ])
  return () => app.generate({ timestamp: world.clock.now().getTime() })
}

describe('a customer', () => {
  test('links a provider on the account page, signs in by it, and unlinks it; each is in the log and told by mail', async () => {
    const person = await withPassword(world, someone().email!)
    const browser = await byPassword(person.email)
    const ana = someone({ email: 'another@mail.example' })
    expect((await browser.get('/account')).html).toContain('Link Own ID')
    const back = await browser.get(await atProvider(world, placeOf(await browser.post('/account/link', { provider: 'own' })), ana))
    expect(back.location).toBe('/account')
    const page = await browser.get('/account')
    expect(page.html).toContain('It is linked')
    expect(page.html).toContain('another@mail.example')

    const elsewhere = world.browser()
    expect((await comeBack(world, elsewhere, ana, '/orders')).location).toBe('/orders')
    expect(await isSignedIn(elsewhere)).toBe(true)

    expect((await browser.post('/account/unlink', { linked: hidden(page.html, 'linked') })).location).toBe('/account')
    expect(await linkedTo(world, person.userId)).toEqual([])
    // What it had opened is closed; what the password has opened is not.
    expect([await isSignedIn(elsewhere), await isSignedIn(browser)]).toEqual([false, true])
    const front = await accountContext(world)
    expect(await logOf(front, person.accountId)).toEqual(['signed in', 'sign-in linked', 'signed in', 'sign-in unlinked'])
    expect((await mailsTo(front, person.email)).map(({ name }) => name)).toEqual(['signInUnlinked', 'signInLinked'])
  })

  test('shows first again who they are, when that was a while ago', async () => {
    const person = await withPassword(world, someone().email!)
    const browser = await byPassword(person.email)
    world.clock.forward({ minutes: 20 })
    await browser.get('/account')
    expect((await browser.post('/account/link', { provider: 'own' })).location).toBe('/account/prove?next=/account')
    expect((await browser.post('/account/unlink', { linked: '1' })).location).toBe('/account/prove?next=/account')
  })

  test('cannot link what another account has linked', async () => {
    const { who } = await opened(world)
    const person = await withPassword(world, someone().email!)
    const browser = await byPassword(person.email)
    await browser.get('/account')
    const page = await browser.get(await atProvider(world, placeOf(await browser.post('/account/link', { provider: 'own' })), who))
    expect([page.status, page.html.includes('is linked to another account here')]).toEqual([422, true])
    expect(await linkedTo(world, person.userId)).toEqual([])
  })

  test('keeps a way in: the only one is not unlinked, of two at once one', async () => {
    const { browser, person } = await opened(world)
    const page = await browser.get('/account')
    const refused = await browser.post('/account/unlink', { linked: hidden(page.html, 'linked') })
    expect([refused.status, refused.html.includes('Choose a password first')]).toEqual([422, true])
    await browser.get(await atProvider(world, placeOf(await browser.post('/account/link', { provider: 'own' })), someone()))
    expect(await linkedTo(world, person.userId)).toHaveLength(2)
    const ids = [...(await browser.get('/account')).html.matchAll(/name="linked" value="(\d+)"/g)].map(([, id]) => id!)
    const done = await Promise.all(ids.map((linked) => browser.post('/account/unlink', { linked })))
    expect(done.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([303, 422])
    expect(await linkedTo(world, person.userId)).toHaveLength(1)
    expect(await isSignedIn(browser)).toBe(true)
  })

  test('without a password shows by the provider again who they are, with a code where one is asked for', async () => {
    const { browser, person, who } = await opened(world)
    const code = await withSecondFactor(person.userId)
    world.clock.forward({ minutes: 20 })
    const page = await browser.get('/account/prove?next=/keys')
    expect(page.html).not.toContain('type="password"')
    expect((await browser.post('/account/prove/with', { provider: 'own', next: '/keys', code: '000000' })).status).toBe(422)
    const place = placeOf(await browser.post('/account/prove/with', { provider: 'own', next: '/keys', code: code() }))
    expect(place.searchParams.get('prompt')).toBe('login')
    const another = await browser.get(await atProvider(world, place, someone()))
    expect([another.status, another.html.includes('is not linked to this account')]).toEqual([422, true])
    world.clock.forward({ minutes: 1 })
    await browser.get('/account/prove')
    const again = placeOf(await browser.post('/account/prove/with', { provider: 'own', next: '/keys', code: code() }))
    expect((await browser.get(await atProvider(world, again, who))).location).toBe('/keys')
    expect((await browser.get('/account/prove?next=/keys')).location).toBe('/keys')
  })

  test('with a password is asked for it, not for the provider', async () => {
    const person = await withPassword(world, someone().email!)
    const browser = await byPassword(person.email)
    world.clock.forward({ minutes: 20 })
    await browser.get('/account')
    expect((await browser.post('/account/prove/with', { provider: 'own', next: '/keys' })).location).toBe('/account/prove?next=/keys')
  })

  test('without a password chooses one by a link in a mail', async () => {
    const { browser, person } = await opened(world)
    expect((await browser.get('/account')).html).toContain('action="/forgot"')
    await browser.post('/forgot', { email: person.email })
    const front = await accountContext(world)
    expect((await mailsTo(front, person.email)).map(({ name }) => name)).toContain('reset')
  })
})

describe('the way there', () => {
  test('asks for a code with PKCE, a state and a nonce, and for no more than the address', async () => {
    const browser = world.browser()
    const place = await begin(browser)
    const asked = Object.fromEntries(place.searchParams)
    expect(asked).toMatchObject({ response_type: 'code', scope: 'openid email', code_challenge_method: 'S256', client_id: 'panel' })
    expect(asked['redirect_uri']).toBe(`${world.node.url}/sign-in/with/own/callback`)
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked[name]).toMatch(/^[\w-]{43}$/)
    const kept = (await world.db.query<{ row: string }>('select p::text as row from provider_sign_ins p')).rows.map(({ row }) => row).join()
    for (const name of ['state', 'nonce']) expect(kept).not.toContain(asked[name])
  })

  test.each(['client_secret_basic', 'client_secret_post'])('shows the secret as the provider takes it: %s', async (way) => {
    world.provider.play = { ways: [way] }
    await world.db.query("update sign_in_providers set changed_at = changed_at + interval '1 s'")
    expect(titleOf(await comeBack(world, world.browser(), someone()))).toBe('Create account')
    world.provider.play = {}
    await world.db.query("update sign_in_providers set changed_at = changed_at + interval '1 s'")
  })

  test('asks apart for an address that the token does not have, and takes signatures by ES256', async () => {
    world.provider.play = { addressApart: true, signing: 'ES256' }
    const ana = someone({ email_verified: 'true' })
    expect((await comeBack(world, world.browser(), ana)).html).toContain(ana.email)
    world.provider.play = {}
  })

  test('keeps no token, no code and no secret', async () => {
    const { who } = await opened(world)
    expect(who.sub).toBeDefined()
    const { rows } = await world.db.query<{ name: string }>(
      "select relname as name from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace",
    )
    for (const { name } of rows) {
      const { rows: all } = await world.db.query<{ row: string }>(`select t::text as row from ${name} t`)
      const text = all.map(({ row }) => row).join('\n')
      expect(text).not.toContain('kept by nobody')
      expect(text).not.toContain(world.provider.clientSecret)
    }
  })
})
