import { describe, expect, test } from 'vitest'
import { providerSet } from '../../server/acts/provider-set.ts'
import { findUserByEmail } from '../../server/customers/users.ts'
import { openOutgoing } from '../../server/outgoing/fetch.ts'
import type { PaymentContext } from '../../server/payments/payments.ts'
import { houseOf, run } from '../support/acts.ts'
import type { Play } from '../support/openid-provider.ts'
import { openDesk } from '../support/desk.ts'
import { testSecret } from '../support/people.ts'
import {
  atProvider,
  begin,
  comeBack,
  hidden,
  isSignedIn,
  linkedTo,
  offer,
  opened,
  openWorld,
  placeOf,
  someone,
  titleOf,
  withPassword,
} from './world.ts'

const world = openWorld()

/** The way there and back while the provider plays something. */
async function playing(play: Play, who = someone()) {
  const browser = world.browser()
  world.provider.play = play
  try {
    const page = await comeBack(world, browser, who)
    return { page, browser, who }
  } finally {
    world.provider.play = {}
  }
}

function without(claims: Record<string, unknown>, name: string) {
  return Object.fromEntries(Object.entries(claims).filter(([each]) => each !== name))
}

const REFUSED = 'Own ID didn’t confirm who you are'
const SILENT = 'Own ID doesn’t answer'
const VOID = 'This sign-in can’t continue'

describe('an answer that is not to be believed signs nobody in', () => {
  const lies: readonly (readonly [string, Play])[] = [
    ['another nonce', { claims: (claims) => ({ ...claims, nonce: 'another' }) }],
    ['no nonce', { claims: (claims) => without(claims, 'nonce') }],
    ['another audience', { claims: (claims) => ({ ...claims, aud: 'another panel' }) }],
    ['several audiences, for another', { claims: (claims) => ({ ...claims, aud: ['panel', 'other'], azp: 'other' }) }],
    ['another issuer', { claims: (claims) => ({ ...claims, iss: 'https://accounts.google.com' }) }],
    [
      'a token of an hour ago',
      { claims: (claims) => ({ ...claims, iat: Number(claims['iat']) - 3600, exp: Number(claims['exp']) - 3600 }) },
    ],
    ['a token of tomorrow', { claims: (claims) => ({ ...claims, nbf: Number(claims['iat']) + 86_400 }) }],
    ['no end', { claims: (claims) => without(claims, 'exp') }],
    ['nobody', { claims: (claims) => without(claims, 'sub') }],
    ['an empty subject', { claims: (claims) => ({ ...claims, sub: '' }) }],
    ['no signature', { signing: 'none' }],
    ['a signature by the secret of the client', { signing: 'HS256' }],
    ['a signature by another key', { signing: 'another key' }],
    ['another issuer beside the code', { redirect: (answer) => answer.set('iss', 'https://accounts.google.com') }],
    ['no issuer beside the code', { redirect: (answer) => answer.delete('iss') }],
    ['two codes', { redirect: (answer) => answer.append('code', 'another') }],
    ['a code that is none', { redirect: (answer) => answer.set('code', 'another') }],
    ['neither code nor error', { redirect: (answer) => answer.delete('code') }],
    ['an error of its own', { redirect: (answer) => { answer.delete('code'); answer.set('error', 'server_error'); answer.set('error_description', '<b>call 555</b>') } }], // prettier-ignore
    ['an answer that is no JSON', { answer: (path, response) => path === '/token' && !!response.end('hello') }],
    ['a redirect instead of tokens', { answer: (path, response) => path === '/token' && !!response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end() }], // prettier-ignore
  ]

  test.each(lies)('%s', async (_, play) => {
    const ana = someone()
    const person = await withPassword(world, ana.email!)
    const { page, browser } = await playing(play, ana)
    expect([page.status, titleOf(page)]).toEqual([422, REFUSED])
    expect(page.html).toContain('href="/sign-in"')
    expect(page.html).not.toContain('555')
    expect([await isSignedIn(browser), await linkedTo(world, person.userId)]).toEqual([false, []])
  })

  test('an address that is none opens no account', async () => {
    const { page } = await playing({}, someone({ email: 'a@example.com, b@example.com' }))
    expect(titleOf(page)).toBe('Own ID confirms no address of yours')
  })
})

describe('a provider that is away is told so', () => {
  const faults: readonly (readonly [string, Play])[] = [
    ['HTTP 500', { answer: (path, response) => path === '/token' && !!response.writeHead(500).end('{}') }],
    ['a body without end', { answer: (path, response) => path === '/token' && endless(response) }],
    ['a connection that breaks', { answer: (path, response) => path === '/token' && !!response.destroy() }],
    ['no answer at all', { answer: (path) => path === '/token' }],
    ['keys that do not come', { answer: (path, response) => path === '/jwks' && !!response.writeHead(503).end() }],
  ]

  test.each(faults)('%s', async (name, play) => {
    // Keys are remembered once they were seen.
    if (name.startsWith('keys')) await offer(world, { name: 'Own ID' })
    const { page, browser } = await playing(play)
    expect([page.status, titleOf(page)]).toEqual([422, SILENT])
    expect(await isSignedIn(browser)).toBe(false)
  })

  test('also before anybody is led there, and the next one is led there again', async () => {
    await offer(world)
    world.provider.play = { answer: (path, response) => path.startsWith('/.well-known') && !!response.writeHead(500).end() }
    const browser = world.browser()
    await browser.get('/sign-in')
    expect(titleOf(await browser.post('/sign-in/with/own'))).toBe(SILENT)
    world.provider.play = {}
    expect(placeOf(await browser.post('/sign-in/with/own')).pathname).toBe('/authorize')
  })
})

function endless(response: import('node:http').ServerResponse): boolean {
  response.writeHead(200, { 'content-type': 'application/json' })
  const more = () => {
    while (!response.destroyed && response.write('x'.repeat(65_536)));
  }
  response.on('drain', more)
  more()
  return true
}

describe('an answer counts once, in the browser that began', () => {
  test('not in another one, which changes nothing for the first', async () => {
    const [mine, theirs] = [world.browser(), world.browser()]
    const who = someone()
    await withPassword(world, who.email!)
    const back = await atProvider(world, await begin(mine), who)
    await begin(theirs)
    for (const browser of [theirs, world.browser()]) {
      expect(titleOf(await browser.get(back))).toBe(VOID)
      expect(await isSignedIn(browser)).toBe(false)
    }
    expect((await mine.get(back)).location).toBe('/')
  })

  test('not twice, and of ten at once one', async () => {
    const browser = world.browser()
    const who = someone()
    await withPassword(world, who.email!)
    const back = await atProvider(world, await begin(browser), who)
    const answers = await Promise.all(Array.from({ length: 10 }, () => browser.get(back)))
    expect(answers.filter(({ location }) => location === '/')).toHaveLength(1)
    expect(answers.filter((page) => titleOf(page) === VOID)).toHaveLength(9)
    expect(titleOf(await browser.get(back))).toBe(VOID)
  })

  test('with the code that it was asked for: that of somebody else is not taken', async () => {
    const [victim, attacker] = [world.browser(), world.browser()]
    const who = someone()
    await withPassword(world, who.email!)
    const stolen = new URL(await atProvider(world, await begin(victim), who)).searchParams.get('code')!
    const own = new URL(await atProvider(world, await begin(attacker), someone()))
    own.searchParams.set('code', stolen)
    expect(titleOf(await attacker.get(own.href))).toBe(REFUSED)
    expect(await isSignedIn(attacker)).toBe(false)
  })

  test('in several tabs of one browser each', async () => {
    const browser = world.browser()
    const who = someone()
    await withPassword(world, who.email!)
    const [first, second] = [await begin(browser, { next: '/orders' }), await begin(browser, { next: '/funds' })]
    expect((await browser.get(await atProvider(world, first, who))).location).toBe('/orders')
    expect((await browser.get(await atProvider(world, second, who))).location).toBe('/funds')
  })

  test('not after ten minutes', async () => {
    const browser = world.browser()
    const back = await atProvider(world, await begin(browser), someone())
    world.clock.forward({ minutes: 10 })
    expect(titleOf(await browser.get(back))).toBe('That took too long')
  })

  test('at the address of its own provider', async () => {
    const house = houseOf(world.db, world.clock.now, { secret: testSecret })
    await run(house, providerSet, {
      provider: 'other',
      issuer: 'https://other.example',
      client_id: 'x',
      client_secret: 'y',
      offered: false,
    })
    const browser = world.browser()
    const back = await atProvider(world, await begin(browser), someone())
    expect(titleOf(await browser.get(back.replace('/own/', '/other/')))).toBe(VOID)
    expect(titleOf(await browser.get(back.replace('/own/', '/none/')))).toBe(VOID)
  })

  test.each(['', '?', '?state=', '?state=x&code=y', `?state=${'s'.repeat(5000)}`, '?error=access_denied'])(
    'and nothing else does: %s',
    async (query) => {
      const page = await world.browser().get(`/sign-in/with/own/callback${query}`)
      expect([page.status, titleOf(page)]).toEqual([422, VOID])
    },
  )

  test('whoever presses cancel is told so, with the way on', async () => {
    const page = await comeBack(world, world.browser(), undefined)
    expect([page.status, titleOf(page)]).toEqual([200, 'You cancelled at Own ID'])
    expect(page.html).toContain('href="/sign-in"')
    expect(page.html).toContain('href="/register"')
  })
})

describe('another site', () => {
  test('begins no sign-in in somebody’s browser', async () => {
    const browser = world.browser()
    await browser.get('/sign-in')
    expect((await browser.get('/sign-in/with/own')).status).toBe(404)
    expect((await browser.post('/sign-in/with/own', { csrf: 'another' })).status).toBe(403)
  })

  test('links nothing to the account of whoever is signed in', async () => {
    const { browser, person } = await opened(world)
    for (const path of ['/account/link', '/account/link?provider=own']) expect((await browser.get(path)).status).toBe(404)
    await browser.get('/account')
    expect((await browser.post('/account/link', { provider: 'own', csrf: 'another' })).status).toBe(403)
    // The answer to a sign-in links nothing, whoever is signed in.
    const mallory = someone()
    const page = await comeBack(world, browser, mallory)
    expect(titleOf(page)).toBe('Create account')
    expect(await linkedTo(world, person.userId)).not.toContain(mallory.sub)
  })

  test('does not get the answer of whoever has signed out, or in as somebody else, meanwhile', async () => {
    const { browser, person } = await opened(world)
    await browser.get('/account')
    const back = await atProvider(world, placeOf(await browser.post('/account/link', { provider: 'own' })), someone())
    const { browser: other } = await opened(world)
    const session = other.cookies.get('docket-session')!
    browser.cookies.set('docket-session', session)
    expect(titleOf(await browser.get(back))).toBe(VOID)
    expect(await linkedTo(world, person.userId)).toHaveLength(1)
  })

  test.each(['//evil.example', 'https://evil.example/', '/\\evil.example', '/orders?x=//evil', 'javascript:alert(1)'])(
    'is never where it ends: %s',
    async (next) => {
      const browser = world.browser()
      const who = someone()
      await withPassword(world, who.email!)
      const back = await atProvider(world, await begin(browser, { next }), who)
      expect((await browser.get(back)).location).toBe('/')
    },
  )

  test('sends no form: pages keep their rule, and the browser is led by a header', async () => {
    const browser = world.browser()
    await browser.get('/sign-in')
    const led = await browser.post('/sign-in/with/own')
    expect(led.status).toBe(200)
    expect(led.headers.get('content-security-policy')).toContain("form-action 'self'")
    expect(led.headers.get('referrer-policy')).toBe('same-origin')
  })
})

describe('strangers', () => {
  test('open ten accounts from one network, by mail and by a provider together, and then wait', async () => {
    const browser = world.browser()
    await browser.get('/register')
    for (let count = 0; count < 5; count += 1) expect((await browser.post('/register', { email: someone().email! })).status).toBe(200)
    const ends = []
    for (let count = 0; count < 6; count += 1) {
      const page = await comeBack(world, browser, someone())
      ends.push((await browser.post('/register/with-provider', { ticket: hidden(page.html, 'ticket') })).status)
      browser.cookies.delete('docket-session')
    }
    expect(ends).toEqual([303, 303, 303, 303, 303, 429])
    expect((await browser.post('/register', { email: someone().email! })).status).toBe(429)
  })

  test('begin thirty sign-ins from one network, and then wait', async () => {
    const browser = world.browser()
    await browser.get('/sign-in')
    for (let count = 0; count < 30; count += 1) expect((await browser.post('/sign-in/with/own')).status).toBe(200)
    const refused = await browser.post('/sign-in/with/own')
    expect([refused.status, refused.headers.get('refresh')]).toEqual([429, null])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  test.each(['', 'x', 'A'.repeat(5000)])('open no account with a ticket that is none: %s', async (ticket) => {
    const browser = world.browser()
    await browser.get('/sign-in')
    expect(titleOf(await browser.post('/register/with-provider', { ticket }))).toBe(VOID)
  })

  test('open no account with the ticket of a sign-in that waits for a code', async () => {
    const who = someone()
    const person = await withPassword(world, who.email!)
    await world.db.query('insert into second_factors (user_id, sealed_secret, confirmed_at) values ($1, $2, now())', [
      person.userId,
      Buffer.from('x'),
    ])
    const browser = world.browser()
    const waiting = hidden((await comeBack(world, browser, who)).html, 'ticket')
    expect(titleOf(await browser.post('/register/with-provider', { ticket: waiting }))).toBe(VOID)
    const other = await comeBack(world, browser, someone())
    const answer = await browser.post('/sign-in/code', { ticket: hidden(other.html, 'ticket'), code: '123456', next: '/' })
    expect([answer.status, await isSignedIn(browser)]).toEqual([422, false])
  })
})

describe('the operator’s provider', () => {
  const outgoings = new Map([true, false].map((allowPrivate) => [allowPrivate, openOutgoing({ allowPrivate, timeLimitMs: 5000 })]))
  const set = (fields: object) => {
    const payments = async () =>
      ({ secret: await testSecret(), outgoing: (allowPrivate: boolean) => outgoings.get(allowPrivate)! }) as PaymentContext
    const given = { provider: 'new', client_id: 'x', client_secret: 'a secret', ...fields }
    return run(houseOf(world.db, world.clock.now, { secret: testSecret, payments }), providerSet, given)
  }

  test('is on the public internet, unless an address in one’s own network is allowed', async () => {
    const { issuer } = world.provider
    await expect(set({ issuer })).rejects.toMatchObject({ code: 'incorrect_act_field' })
    for (const address of ['https://127.0.0.1', 'https://10.0.0.1/realm', 'https://169.254.169.254', 'https://localhost'])
      await expect(set({ issuer: address })).rejects.toThrow('is not on the public internet')
    await expect(set({ issuer: 'http://169.254.169.254', private_network: true })).rejects.toThrow('is not on the public internet')
  })

  test.each([
    'accounts.example.com',
    'ftp://a.example',
    'https://user@a.example',
    'https://a.example/?x=1',
    'https://a.example/#x',
    'javascript:alert(1)',
  ])('has an issuer that can be one: %s', async (issuer) => {
    await expect(set({ issuer })).rejects.toThrow('It must be an address like')
  })

  test('is who it says', async () => {
    const lies = [
      [{ issuer: 'https://accounts.google.com' }, 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED'],
      [{ authorization_endpoint: 'javascript:alert(1)' }, 'no authorization_endpoint'],
      [{ token_endpoint: undefined }, 'no token_endpoint'],
    ] as const
    for (const [lie, why] of lies) {
      world.provider.play = { metadata: (metadata) => ({ ...metadata, ...lie }) }
      await expect(set({ issuer: world.provider.issuer, private_network: true, provider: 'own' })).rejects.toThrow(why)
    }
    world.provider.play = {}
  })

  test('is one per issuer', async () => {
    await expect(set({ issuer: world.provider.issuer, private_network: true })).rejects.toMatchObject({ code: 'sign_in_provider_taken' })
  })

  test('has a secret that nobody reads again', async () => {
    const desk = await openDesk(world)
    const told = await offer(world, { client_secret: world.provider.clientSecret })
    const log = await world.db.query<{ row: string }>('select l::text as row from staff_log l')
    const list = await desk.get('/desk/sign-in-providers')
    const form = await desk.get(`/desk/do/sign-in-provider-set?provider=own&back=/desk`)
    for (const text of [told.html, list.html, form.html, log.rows.map(({ row }) => row).join()])
      expect(text).not.toContain(world.provider.clientSecret)
    expect(list.html).toContain(`${world.node.url}/sign-in/with/own/callback`)
  })

  test('is tested from the desk, and can be taken off the pages while it is away', async () => {
    const desk = await openDesk(world)
    const good = await desk.post('/desk/sign-in-providers', { provider: 'own' })
    expect((await desk.get(good.location!)).html).toContain('own answers.')
    world.provider.play = { answer: (_, response) => !!response.writeHead(500).end() }
    const bad = await desk.post('/desk/sign-in-providers', { provider: 'own' })
    expect((await desk.get(bad.location!)).html).toContain('own cannot be used: 127.0.0.1')
    await set({ provider: 'own', offered: false, client_id: 'panel', client_secret: world.provider.clientSecret })
    expect((await world.browser().get('/sign-in')).html).not.toContain('Continue with')
    world.provider.play = {}
    await set({ provider: 'own', offered: true, client_secret: world.provider.clientSecret, client_id: 'panel' })
    expect((await world.browser().get('/sign-in')).html).toContain('Continue with Own ID')
  })

  test('that is set up anew finds whom people have linked', async () => {
    const { who, person } = await opened(world)
    const desk = await openDesk(world)
    await desk.do('sign-in-provider-remove', { provider: 'own' })
    expect((await world.browser().get('/register')).html).not.toContain('Continue with')
    await offer(world)
    const browser = world.browser()
    expect((await comeBack(world, browser, who)).location).toBe('/')
    expect((await findUserByEmail(world.db, who.email!))!.id).toBe(person.userId)
  })
})
