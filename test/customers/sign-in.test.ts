import { parseOptions } from '@node-rs/argon2'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AccountContext } from '../../server/customers/account-context.ts'
import { suspendAccount } from '../../server/customers/accounts.ts'
import { askForReset, askToRegister } from '../../server/customers/ask-by-mail.ts'
import { choosePassword } from '../../server/customers/choose-password.ts'
import { openPasswords } from '../../server/customers/password.ts'
import { signIn } from '../../server/customers/sign-in.ts'
import { sweepSignIn } from '../../server/customers/sweep.ts'
import { openPool } from '../../server/db/pool.ts'
import { openDocket } from '../support/docket.ts'
import { accountContext, linkTo, logOf, PASSWORD, person, signedIn, stillSignedIn, visit } from '../support/people.ts'
import { statementsOf } from '../support/statements.ts'

describe('signing in', () => {
  const docket = openDocket()
  let front: AccountContext

  beforeAll(async () => {
    // The name under which the statements of a node's edge are counted.
    front = await accountContext(docket, openPool(docket.databaseUrl, { size: 4, name: 'docket api' }))
  })
  afterAll(() => front.db.end())

  test('the right address and password sign in', async () => {
    const who = await person(front)
    for (const email of [who.email, who.email.toUpperCase(), `  ${who.email} `]) {
      expect(await signIn(front, { email, password: PASSWORD }, visit())).toMatchObject({ kind: 'signed in' })
    }
    expect(await logOf(front, who.accountId)).toEqual(['signed in', 'signed in', 'signed in'])
  })

  test('a wrong address and a wrong password answer the same', async () => {
    const who = await person(front)
    const none = await person(front, null)
    const tries = [
      { email: who.email, password: `${PASSWORD}x` },
      { email: who.email, password: ` ${PASSWORD}` },
      { email: who.email, password: '' },
      { email: who.email, password: 'x'.repeat(100_000) },
      { email: 'stranger@example.com', password: PASSWORD },
      { email: 'no address', password: PASSWORD },
      { email: `${who.email},stranger@example.com`, password: PASSWORD },
      { email: '', password: '' },
      // Nobody has chosen a password yet.
      { email: none.email, password: '' },
    ]
    for (const given of tries) expect(await signIn(front, given, visit())).toEqual({ kind: 'refused' })
    expect(await logOf(front, who.accountId)).toEqual(['sign-in failed', 'sign-in failed', 'sign-in failed', 'sign-in failed'])
  })

  test('an unknown address costs the statements and the hash of a wrong password', async () => {
    const who = await person(front)
    const hashed: (string | null)[] = []
    const counting: AccountContext = {
      ...front,
      passwords: { ...front.passwords, verify: (hash, password) => (hashed.push(hash), front.passwords.verify(hash, password)) },
    }
    const costOf = async (work: () => Promise<unknown>) => (await statementsOf(work)).map((statement) => statement.text)
    const [known, unknown] = [who.email, 'stranger@example.com']
    const edges = [
      (email: string) => signIn(counting, { email, password: 'wrong as can be' }, visit()),
      (email: string) => askForReset(counting, email, visit()),
      (email: string) => askToRegister(counting, email, visit()),
    ]
    for (const edge of edges) {
      const cost = await costOf(() => edge(known))
      expect(cost.length).toBeGreaterThan(2)
      expect(await costOf(() => edge(unknown))).toEqual(cost)
    }
    expect(hashed).toEqual([expect.stringMatching(/^\$argon2id\$/), null])
  })

  test('a hash that nobody has takes as long as one that somebody has', async () => {
    const passwords = openPasswords()
    const hash = await passwords.hash(PASSWORD)
    await passwords.verify(null, 'warm')
    const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] }
    for (let round = 0; round < 15; round += 1) {
      for (const [name, hashed] of [['known', hash], ['unknown', null]] as const) {
        const started = performance.now()
        expect(await passwords.verify(hashed, 'wrong as can be')).toBe(false)
        times[name].push(performance.now() - started)
      }
    } // prettier-ignore
    const median = (list: number[]) => list.toSorted((a, b) => a - b)[7]!
    expect(median(times.unknown) / median(times.known)).toBeGreaterThan(0.25)
    expect(median(times.unknown) / median(times.known)).toBeLessThan(4)
  })

  test('S2 passwords are hashed with Argon2id by the parameters of OWASP', async () => {
    const passwords = openPasswords()
    const [one, other] = [await passwords.hash(PASSWORD), await passwords.hash(PASSWORD)]
    expect(one).not.toBe(other)
    expect(one).toMatch(/^\$argon2id\$v=19\$/)
    expect(parseOptions(one)).toMatchObject({ memoryCost: 19_456, timeCost: 2, parallelism: 1, saltLen: 16, outputLen: 32 })
    expect(await passwords.verify(one, PASSWORD)).toBe(true)
    // The same letters, typed on another system.
    expect(await passwords.verify(await passwords.hash('caf\u00e9 au lait 3'), 'cafe\u0301 au lait 3')).toBe(true)
  })

  test('a hash is renewed at sign-in when the parameters have grown', async () => {
    const who = await person(front)
    const before = await signedIn(front, who)
    const stronger = await accountContext(docket, front.db, { passwords: openPasswords({ memoryCost: 128, timeCost: 2, parallelism: 1 }) })
    await signedIn(stronger, who)
    const hashNow = async () =>
      (await docket.db.query<{ hash: string }>('select password_hash as hash from users where id = $1', [who.userId])).rows[0]!.hash
    const renewed = await hashNow()
    expect(parseOptions(renewed)).toMatchObject({ memoryCost: 128, timeCost: 2 })
    // It is the same password: nobody is signed out, and the next sign-in writes nothing.
    expect(await stillSignedIn(front, before.token)).toBe(true)
    await signedIn(stronger, who)
    expect(await hashNow()).toBe(renewed)
  })

  test('guesses are bounded, from however many addresses they come', async () => {
    const who = await person(front)
    const guesses = await Promise.all(
      Array.from({ length: 40 }, () => signIn(front, { email: who.email, password: 'wrong as can be' }, visit())),
    )
    const kinds = guesses.map((guess) => guess.kind)
    expect(kinds.filter((kind) => kind === 'refused')).toHaveLength(10)
    expect(kinds.filter((kind) => kind === 'later')).toHaveLength(30)
    // Even a right guess is not looked at now; after a pause one more is.
    expect(await signIn(front, { email: who.email, password: PASSWORD }, visit())).toEqual({ kind: 'later', retryAfterSeconds: 600 })
    docket.clock.forward({ minutes: 10 })
    expect(await signIn(front, { email: who.email, password: PASSWORD }, visit())).toMatchObject({ kind: 'signed in' })
  })

  test('guesses at an address that nobody has are bounded the same', async () => {
    const outcomes: string[] = []
    for (let count = 0; count < 12; count += 1) {
      outcomes.push((await signIn(front, { email: `Nobody${count % 2}@example.com`.replace(/\d/, ''), password: 'guess' }, visit())).kind)
    }
    expect(outcomes).toEqual([...Array<string>(10).fill('refused'), 'later', 'later'])
  })

  test('a stranger who guesses cannot keep a person out of a browser they know', async () => {
    const who = await person(front)
    const { visit: home } = await signedIn(front, who)
    for (let count = 0; count < 15; count += 1) await signIn(front, { email: who.email, password: 'wrong as can be' }, visit())
    expect(await signIn(front, { email: who.email, password: PASSWORD }, visit())).toMatchObject({ kind: 'later' })
    expect(await signIn(front, { email: who.email, password: PASSWORD }, home)).toMatchObject({ kind: 'signed in' })
    // A browser that somebody else is known by is a stranger's.
    const { visit: foreign } = await signedIn(front, await person(front))
    expect(await signIn(front, { email: who.email, password: PASSWORD }, foreign)).toMatchObject({ kind: 'later' })
    // And in one they do not know, a mail lets them in.
    await askForReset(front, who.email, visit())
    expect(await choosePassword(front, await linkTo(front, who.email), 'another 7 lanterns', visit())).toMatchObject({ kind: 'signed in' })
  })

  test('a known browser has no endless guesses either', async () => {
    const who = await person(front)
    const { visit: home } = await signedIn(front, who)
    const kinds: string[] = []
    for (let count = 0; count < 12; count += 1) kinds.push((await signIn(front, { email: who.email, password: 'wrong' }, home)).kind)
    expect(kinds).toEqual([...Array<string>(10).fill('refused'), 'later', 'later'])
  })

  test('an address that has tried too much uses up nobody else’s attempts', async () => {
    const who = await person(front)
    const flood = visit()
    for (let count = 0; count < 30; count += 1) await signIn(front, { email: `a${count}@example.com`, password: 'guess' }, flood)
    for (let count = 0; count < 20; count += 1) {
      expect(await signIn(front, { email: who.email, password: 'guess' }, flood)).toEqual({ kind: 'later', retryAfterSeconds: 20 })
    }
    expect(await signIn(front, { email: who.email, password: PASSWORD }, visit())).toMatchObject({ kind: 'signed in' })
    // A whole /64 is one customer's.
    const inOne = (host: number) => visit({ address: `2001:db8:1:2::${host}` })
    for (let count = 0; count < 30; count += 1) await signIn(front, { email: `b${count}@example.com`, password: 'guess' }, inOne(count + 1))
    expect(await signIn(front, { email: who.email, password: PASSWORD }, inOne(99))).toMatchObject({ kind: 'later' })
  })

  test('who signs in rightly is never throttled', async () => {
    const who = await person(front)
    const office = visit()
    for (let count = 0; count < 50; count += 1) {
      expect(await signIn(front, { email: who.email, password: PASSWORD }, office)).toMatchObject({ kind: 'signed in' })
    }
  })

  test('a suspended account signs in nobody, and says so only to whom it belongs', async () => {
    const who = await person(front)
    const { token } = await signedIn(front, who)
    await suspendAccount(docket.db, who.accountId, true, docket.clock.now())
    expect(await stillSignedIn(front, token)).toBe(false)
    expect(await signIn(front, { email: who.email, password: PASSWORD }, visit())).toEqual({ kind: 'suspended' })
    expect(await signIn(front, { email: who.email, password: 'wrong as can be' }, visit())).toEqual({ kind: 'refused' })
    await suspendAccount(docket.db, who.accountId, false, docket.clock.now())
    expect(await stillSignedIn(front, token)).toBe(true)
  })

  test('what is over is swept away, and the log is kept', async () => {
    const who = await person(front)
    await signedIn(front, who)
    await askForReset(front, who.email, visit())
    await signIn(front, { email: 'stranger@example.com', password: 'guess' }, visit())
    await sweepSignIn(docket.db, docket.clock.now())
    expect((await docket.db.query('select from mail_links where user_id = $1', [who.userId])).rowCount).toBe(1)
    docket.clock.forward({ days: 40 })
    await sweepSignIn(docket.db, docket.clock.now())
    for (const table of ['sessions', 'mail_links', 'attempts']) expect((await docket.db.query(`select from ${table}`)).rowCount).toBe(0)
    expect((await docket.db.query('select from account_log where account_id is null')).rowCount).toBe(0)
    expect(await logOf(front, who.accountId)).toEqual(['signed in', 'password reset asked'])
    docket.clock.forward({ days: 400 })
    await sweepSignIn(docket.db, docket.clock.now())
    expect((await docket.db.query('select from account_log')).rowCount).toBe(0)
  })

  test('the log is never rewritten', async () => {
    const who = await person(front)
    await signedIn(front, who)
    await expect(docket.db.query(`update account_log set act = 'signed out' where account_id = $1`, [who.accountId])).rejects.toThrow(
      'what was logged never changes',
    )
  })
})
