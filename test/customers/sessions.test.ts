import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AccountContext } from '../../server/customers/account-context.ts'
import { describeAgent } from '../../server/customers/agent-words.ts'
import { askForReset } from '../../server/customers/ask-by-mail.ts'
import { changePassword } from '../../server/customers/change-password.ts'
import { endOtherSessions, endSession } from '../../server/customers/end-sessions.ts'
import { signOutAccount } from '../../server/customers/invite.ts'
import { findSession, listSessions } from '../../server/customers/sessions.ts'
import { setLanguage } from '../../server/customers/set-language.ts'
import { signIn, signOut } from '../../server/customers/sign-in.ts'
import { openPool } from '../../server/db/pool.ts'
import { openDocket } from '../support/docket.ts'
import { accountContext, logOf, mailsTo, PASSWORD, person, signedIn, stillSignedIn, visit } from '../support/people.ts'

const WANTED = 'another 7 lanterns'

describe('sessions', () => {
  const docket = openDocket()
  let front: AccountContext
  let other: AccountContext

  beforeAll(async () => {
    front = await accountContext(docket)
    other = await accountContext(docket, openPool(docket.databaseUrl, { size: 4 }))
  })
  afterAll(() => other.db.end())

  test('a session tells who is there', async () => {
    const who = await person(front)
    const { session } = await signedIn(front, who)
    expect(session).toEqual({
      id: expect.any(BigInt),
      userId: who.userId,
      accountId: who.accountId,
      email: who.email,
      locale: null,
      secondFactor: false,
      hasPassword: true,
      fresh: true,
      wallet: 0n,
      currency: 'USD',
      acceptedTerms: null,
    })
    for (const token of [undefined, '', 'x', 'A'.repeat(43), "' or ''='", 'x'.repeat(10_000)]) {
      expect(await findSession(front.db, token, visit(), front.now())).toBeUndefined()
    }
  })

  test('a session that is not used for a week ends, and every session within a month', async () => {
    const who = await person(front)
    const [idle, used] = [await signedIn(front, who), await signedIn(front, who)]
    for (let days = 0; days < 28; days += 4) {
      docket.clock.forward({ days: 4 })
      expect(await stillSignedIn(front, used.token)).toBe(true)
      if (days === 4) expect(await stillSignedIn(front, idle.token)).toBe(false)
    }
    docket.clock.forward({ days: 2 })
    expect(await stillSignedIn(front, used.token)).toBe(false)
    expect(await listSessions(front.db, who.userId, front.now())).toEqual([])
  })

  test('sessions are listed with their device and when they were last seen', async () => {
    const who = await person(front)
    const phone =
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1'
    const first = await signedIn(front, who, visit({ address: '203.0.113.7' }))
    docket.clock.forward({ hours: 1 })
    await signedIn(front, who, visit({ agent: phone }))
    docket.clock.forward({ hours: 1 })
    await findSession(front.db, first.token, visit({ address: '203.0.113.8' }), front.now())
    const listed = await listSessions(front.db, who.userId, front.now())
    expect(listed.map(({ agent }) => describeAgent(agent))).toEqual([
      { browser: 'Firefox 140', system: 'Linux' },
      { browser: 'Safari 18', system: 'iPhone' },
    ])
    // Where and when it was last seen.
    expect(listed[0]).toMatchObject({ address: '203.0.113.8', seenAt: docket.clock.now() })
    expect(listed[1]!.seenAt.getTime()).toBe(docket.clock.now().getTime() - 3_600_000)
  })

  test('devices are told in words', () => {
    const agents: [string, string | null, string | null][] = [
      ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', 'Chrome 142', 'Windows'],
      ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0', 'Edge 142', 'Windows'],
      ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15', 'Safari 26', 'macOS'],
      ['Mozilla/5.0 (Linux; Android 15; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36', 'Samsung Internet 28', 'Android'],
      ['Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0 Mobile/15E148 Safari/604.1', 'Chrome 140', 'iPad'],
      ['Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36', 'Chrome 141', 'ChromeOS'],
      ['curl/8.5.0', 'curl 8', null],
      ['', null, null],
      ['<script>alert(1)</script>', null, null],
    ] // prettier-ignore
    for (const [agent, browser, system] of agents) expect(describeAgent(agent)).toEqual({ browser, system })
  })

  test('one session is ended by another of the same person only', async () => {
    const who = await person(front)
    const [here, there] = [await signedIn(front, who), await signedIn(front, who)]
    const { session: stranger } = await signedIn(front, await person(front))
    expect(await endSession(front, stranger, there.session.id, visit())).toBe(false)
    expect(await stillSignedIn(front, there.token)).toBe(true)
    expect(await endSession(front, here.session, there.session.id, visit())).toBe(true)
    expect(await stillSignedIn(other, there.token)).toBe(false)
    expect(await stillSignedIn(front, here.token)).toBe(true)
    expect(await endSession(front, here.session, there.session.id, visit())).toBe(false)
    expect(await logOf(front, who.accountId)).toEqual(['signed in', 'signed in', 'session ended'])
  })

  test('all others end at once, and one’s own stays', async () => {
    const who = await person(front)
    const [here, ...there] = [await signedIn(front, who), await signedIn(front, who), await signedIn(front, who)]
    expect(await endOtherSessions(front, here.session, visit())).toBe(2)
    for (const { token } of there) expect(await stillSignedIn(other, token)).toBe(false)
    expect(await stillSignedIn(front, here.token)).toBe(true)
    expect(await endOtherSessions(front, here.session, visit())).toBe(0)
  })

  test('a language is chosen once, for pages and mails', async () => {
    const who = await person(front)
    const { session, token } = await signedIn(front, who)
    for (let count = 0; count < 2; count += 1) await setLanguage(front, session, 'pt-BR', visit())
    expect(await findSession(front.db, token, visit(), front.now())).toMatchObject({ locale: 'pt-BR' })
    await askForReset(front, who.email, visit({ locale: 'de' }))
    expect(await mailsTo(front, who.email)).toMatchObject([{ locale: 'pt-BR' }])
    expect(await logOf(front, who.accountId)).toEqual(['signed in', 'language changed', 'password reset asked'])
    expect(() => setLanguage(front, session, '../../etc', visit())).toThrow('There is no such language')
  })

  test('signing out ends the session, not only its cookie', async () => {
    const who = await person(front)
    const { session, token } = await signedIn(front, who)
    await signOut(front, session, visit())
    expect(await stillSignedIn(other, token)).toBe(false)
    await signOut(front, session, visit())
    expect(await logOf(front, who.accountId)).toEqual(['signed in', 'signed out'])
  })

  test('staff sign every browser of an account out', async () => {
    const who = await person(front)
    const { token } = await signedIn(front, who)
    expect(await signOutAccount(front, who.accountId)).toBe(1)
    expect(await stillSignedIn(front, token)).toBe(false)
  })

  test('S2 every session ends on a password change, on every node', async () => {
    const who = await person(front)
    const [here, ...there] = [await signedIn(front, who), await signedIn(front, who), await signedIn(other, who)]
    const changed = await changePassword(front, here.session, { current: PASSWORD, wanted: WANTED }, here.visit)
    if (changed.kind !== 'signed in') throw new Error(changed.kind)
    for (const node of [front, other]) {
      for (const { token } of [here, ...there]) expect(await stillSignedIn(node, token)).toBe(false)
      expect(await stillSignedIn(node, changed.token)).toBe(true)
      expect(await signIn(node, { email: who.email, password: PASSWORD }, visit())).toEqual({ kind: 'refused' })
      expect(await signIn(node, { email: who.email, password: WANTED }, visit())).toMatchObject({ kind: 'signed in' })
    }
    const [mail] = await mailsTo(front, who.email)
    expect(mail).toMatchObject({ name: 'passwordChanged', text: expect.stringContaining(here.visit.address) })
  })

  test('S2 a sign-in by the old password beside its change leaves no session', async () => {
    for (let round = 0; round < 10; round += 1) {
      const who = await person(front)
      const { session } = await signedIn(front, who)
      const signIns = Array.from({ length: 6 }, (_, index) =>
        signIn(index % 2 ? front : other, { email: who.email, password: PASSWORD }, visit()),
      )
      const changed = await changePassword(front, session, { current: PASSWORD, wanted: WANTED }, visit())
      if (changed.kind !== 'signed in') throw new Error(changed.kind)
      await Promise.all(signIns)
      const { rows } = await docket.db.query<{ count: number }>('select count(*)::int as count from sessions where user_id = $1', [
        who.userId,
      ])
      expect(rows[0]!.count).toBe(1)
      expect(await stillSignedIn(front, changed.token)).toBe(true)
    }
  })

  test('two changes of a password at once are one', async () => {
    const who = await person(front)
    const { session } = await signedIn(front, who)
    const wanted = ['another 7 lanterns', 'yet 8 more lanterns']
    const changes = await Promise.all(wanted.map((each, index) =>
      changePassword(index ? front : other, session, { current: PASSWORD, wanted: each }, visit()),
    )) // prettier-ignore
    expect(changes.map((change) => change.kind).toSorted()).toEqual(['refused', 'signed in'])
    const won = wanted[changes.findIndex((change) => change.kind === 'signed in')]!
    expect(await signIn(front, { email: who.email, password: won }, visit())).toMatchObject({ kind: 'signed in' })
  })

  test('a new password must be a secret, and the old one must be known', async () => {
    const who = await person(front)
    const { session, token } = await signedIn(front, who)
    const change = (wanted: string, current = PASSWORD) => changePassword(front, session, { current, wanted }, visit())
    const weak: [string, string][] = [
      ['short 9 c', 'password_too_short'],
      ['', 'password_too_short'],
      ['x'.repeat(201), 'password_too_long'],
      ['aaaaaaaaaaaa', 'password_too_common'],
      ['1234567890', 'password_too_common'],
      ['qwertyuiop', 'password_too_common'],
      ['Password2026!', 'password_too_common'],
      ['passwordpassword', 'password_too_common'],
      [who.email.toUpperCase(), 'password_like_email'],
      [`${who.email.split('@')[0]!}-2026!`, 'password_like_email'],
    ]
    for (const [wanted, code] of weak) await expect(change(wanted)).rejects.toMatchObject({ code })
    expect(await change(WANTED, 'wrong as can be')).toEqual({ kind: 'refused' })
    expect(await stillSignedIn(front, token)).toBe(true)
    expect(await change('vier Laternen im Gras', PASSWORD)).toMatchObject({ kind: 'signed in' })
  })
})
