import cookies from '@fastify/cookie'
import fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AccountContext } from '../../server/customers/account-context.ts'
import { changePassword } from '../../server/customers/change-password.ts'
import { signIn, signOut } from '../../server/customers/sign-in.ts'
import { type Database, openPool } from '../../server/db/pool.ts'
import { Refusal } from '../../server/refusal.ts'
import { isFormToken } from '../../server/web/csrf.ts'
import { clearSession, csrfToken, openSessions, visitOf, writeSession } from '../../server/web/session.ts'
import { openDocket } from '../support/docket.ts'
import { accountContext, PASSWORD, person } from '../support/people.ts'

/** The smallest site with people in it. */
async function openSite(docket: AccountContext): Promise<{ app: FastifyInstance; url: string }> {
  const app = fastify({ trustProxy: true })
  await app.register(async (pages) => {
    pages.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, async (_: unknown, body: string) =>
      Object.fromEntries(new URLSearchParams(body)),
    )
    pages.setErrorHandler((error: Error, _, reply) =>
      reply.code(error instanceof Refusal ? error.status : 500).send({ error: error.message }),
    )
    await pages.register(cookies)
    openSessions(pages, () => ({ accounts: docket, localeOf: () => 'en' }))
    pages.get('/', (request, reply) => reply.send({ who: request.session?.email ?? null, csrf: csrfToken(request, reply, docket) }))
    pages.get('/plain', (_, reply) => reply.send({}))
    pages.post('/sign-in', async (request, reply) => {
      const outcome = await signIn(docket, request.body as { email: string; password: string }, visitOf(request, docket, 'en'))
      if (outcome.kind === 'signed in') writeSession(request, reply, docket, outcome)
      return reply.send({ kind: outcome.kind })
    })
    pages.post('/password', async (request, reply) => {
      const given = request.body as { current: string; wanted: string }
      const outcome = await changePassword(docket, request.session!, given, visitOf(request, docket, 'en'))
      if (outcome.kind === 'signed in') writeSession(request, reply, docket, outcome)
      return reply.send({ kind: outcome.kind })
    })
    pages.post('/sign-out', async (request, reply) => {
      if (request.session) await signOut(docket, request.session, visitOf(request, docket, 'en'))
      clearSession(request, reply, docket)
      return reply.send({})
    })
  })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  return { app, url }
}

/** A browser: it keeps cookies and says where its forms come from. */
function browser(url: string, more: Record<string, string> = {}) {
  const jar = new Map<string, string>()
  const set: string[] = []

  async function ask(base: string, path: string, body?: Record<string, string>, headers: Record<string, string> = {}) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const sent = { cookie, ...more, ...headers }
    const response = await fetch(`${base}${path}`, {
      headers: sent,
      ...(body && { method: 'POST', body: new URLSearchParams(body) }),
    })
    for (const line of response.headers.getSetCookie()) {
      set.push(line)
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!
      if (value === '') jar.delete(name!)
      else jar.set(name!, value!)
    }
    return { status: response.status, headers: response.headers, answer: (await response.json()) as Record<string, any> }
  }

  return {
    jar,
    set,
    ask,
    get: (path = '/', base = url) => ask(base, path),
    post: (path: string, body: Record<string, string>, headers: Record<string, string> = {}) =>
      ask(url, path, body, { origin: new URL(url).origin, ...headers }),
    async signIn(email: string, password = PASSWORD) {
      const { answer } = await ask(url, '/')
      return ask(url, '/sign-in', { email, password, csrf: answer['csrf'] }, { origin: new URL(url).origin })
    },
  }
}

describe('sessions over HTTP', () => {
  const docket = openDocket()
  let front: AccountContext
  let otherDb: Database
  let one: { app: FastifyInstance; url: string }
  let two: { app: FastifyInstance; url: string }
  let secure: { app: FastifyInstance; url: string }

  beforeAll(async () => {
    const site = { name: 'Example Panel', url: 'http://panel.test' }
    front = await accountContext(docket, docket.db, { site })
    one = await openSite(front)
    otherDb = openPool(docket.databaseUrl, { size: 2 })
    two = await openSite(await accountContext(docket, otherDb, { site }))
    secure = await openSite(await accountContext(docket, docket.db))
  })
  afterAll(async () => {
    await Promise.all([one.app.close(), two.app.close(), secure.app.close()])
    await otherDb.end()
  })

  test('a browser signs in, is known on every node, and signs out', async () => {
    const who = await person(front)
    const page = browser(one.url)
    expect((await page.get()).answer).toMatchObject({ who: null })
    expect((await page.signIn(who.email)).answer).toEqual({ kind: 'signed in' })
    for (const base of [one.url, two.url]) {
      const { answer, headers } = await page.get('/', base)
      expect(answer).toMatchObject({ who: who.email })
      expect(headers.get('cache-control')).toBe('no-store')
    }
    const { answer } = await page.get()
    const before = new Map(page.jar)
    await page.post('/sign-out', { csrf: answer['csrf'] })
    expect([...page.jar.keys()].toSorted()).toEqual(['docket-browser', 'docket-visitor'])
    // Whoever kept the cookie has nothing.
    for (const [name, value] of before) page.jar.set(name, value)
    expect((await page.get('/', two.url)).answer).toMatchObject({ who: null })
  })

  test('S2 cookies hold random tokens alone, out of reach of scripts and other sites', async () => {
    const who = await person(front)
    const page = browser(one.url)
    await page.signIn(who.email)
    expect(page.set).toHaveLength(3)
    for (const line of page.set) {
      expect(line).toMatch(/^docket-(session|visitor|browser)=[\w-]{43}; (Max-Age=\d+; )?Path=\/; HttpOnly; SameSite=Lax$/)
    }
    const { rows } = await docket.db.query<{ row: string }>(
      'select u::text || s::text as row from users u join sessions s on s.user_id = u.id',
    )
    for (const value of page.jar.values()) expect(rows.map((row) => row.row).join()).not.toContain(value)
  })

  test('over https cookies are bound to the host and to TLS', async () => {
    const who = await person(front)
    const page = browser(secure.url, { 'x-forwarded-proto': 'https', origin: 'https://panel.example' })
    const { answer } = await page.get()
    await page.post('/sign-in', { email: who.email, password: PASSWORD, csrf: answer['csrf'] }, { origin: 'https://panel.example' })
    for (const line of page.set) expect(line).toMatch(/^__Host-docket-\w+=[\w-]{43}; .*Path=\/; HttpOnly; Secure; SameSite=Lax$/)
    expect((await page.get()).answer).toMatchObject({ who: who.email })
    // A cookie without the prefix, which another host of the domain could have set, is nobody's.
    const token = page.jar.get('__Host-docket-session')!
    page.jar.clear()
    page.jar.set('docket-session', token)
    expect((await page.get()).answer).toMatchObject({ who: null })
  })

  test('signing in changes the cookie, so none that was planted before is worth anything', async () => {
    const who = await person(front)
    const page = browser(one.url)
    page.jar.set('docket-session', 'A'.repeat(43))
    page.jar.set('docket-browser', 'B'.repeat(43))
    await page.signIn(who.email)
    expect(page.jar.get('docket-session')).not.toBe('A'.repeat(43))
    expect(page.jar.get('docket-browser')).not.toBe('B'.repeat(43))
  })

  test('S2 every session ends on a password change, on every node', async () => {
    const who = await person(front)
    const [here, there] = [browser(one.url), browser(two.url)]
    await here.signIn(who.email)
    await there.signIn(who.email)
    const old = here.jar.get('docket-session')!
    const { answer } = await here.get()
    const changed = await here.post('/password', { current: PASSWORD, wanted: 'another 7 lanterns', csrf: answer['csrf'] })
    expect(changed.answer).toEqual({ kind: 'signed in' })
    for (const base of [one.url, two.url]) {
      expect((await there.get('/', base)).answer).toMatchObject({ who: null })
      expect((await here.get('/', base)).answer).toMatchObject({ who: who.email })
    }
    here.jar.set('docket-session', old)
    expect((await here.get('/', two.url)).answer).toMatchObject({ who: null })
  })

  test('a form without the token of its own session changes nothing', async () => {
    const [who, stranger] = [await person(front), await person(front)]
    const [page, other] = [browser(one.url), browser(one.url)]
    const before = (await page.get()).answer['csrf'] as string
    await page.signIn(who.email)
    await other.signIn(stranger.email)
    const foreign = (await other.get()).answer['csrf'] as string
    const own = (await page.get()).answer['csrf'] as string
    const flipped = `${own.startsWith('A') ? 'B' : 'A'}${own.slice(1)}`
    for (const csrf of ['', 'x', before, foreign, flipped, own.slice(0, -2)]) {
      const { status, answer } = await page.post('/sign-out', { csrf })
      expect({ csrf, status, answer }).toEqual({ csrf, status: 403, answer: { error: expect.stringContaining('load it again') } })
    }
    expect((await page.post('/sign-out', {})).status).toBe(403)
    expect((await page.get()).answer).toMatchObject({ who: who.email })
    expect((await page.post('/sign-out', { csrf: own })).status).toBe(200)
  })

  test('a script sends the token in a header', async () => {
    const page = browser(one.url)
    await page.signIn((await person(front)).email)
    const { answer } = await page.get()
    expect((await page.post('/sign-out', {}, { 'x-csrf-token': answer['csrf'] })).status).toBe(200)
  })

  test('a form that another site sends is refused, whatever it carries', async () => {
    const who = await person(front)
    const page = browser(one.url)
    await page.signIn(who.email)
    const { answer } = await page.get()
    const refused: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://panel.test.evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]
    for (const headers of refused) expect((await page.post('/sign-out', { csrf: answer['csrf'] }, headers)).status).toBe(403)
    const taken: Record<string, string>[] = [{ origin: 'http://panel.test' }, { 'sec-fetch-site': 'same-origin', origin: 'null' }]
    for (const headers of taken) {
      expect((await page.post('/sign-in', { email: who.email, password: 'wrong', csrf: answer['csrf'] }, headers)).status).toBe(200)
    }
  })

  test('nobody is signed in to another’s account by a form they did not open', async () => {
    const who = await person(front)
    const page = browser(one.url)
    const { status } = await page.post('/sign-in', { email: who.email, password: PASSWORD })
    expect(status).toBe(403)
    expect(page.jar.size).toBe(0)
  })

  test('a page without a form leaves no cookie behind', async () => {
    const page = browser(one.url)
    await page.get('/plain')
    expect(page.set).toEqual([])
  })

  test('the token of a form looks different on every page', async () => {
    const page = browser(one.url)
    const tokens = new Set<string>()
    for (let count = 0; count < 5; count += 1) tokens.add((await page.get()).answer['csrf'] as string)
    expect(tokens.size).toBe(5)
    for (const token of tokens) expect(isFormToken(token, page.jar.get('docket-visitor')!)).toBe(true)
  })
})
