import { Secret as TotpSecret, TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AccountContext } from '../../server/customers/account-context.ts'
import { askForReset } from '../../server/customers/ask-by-mail.ts'
import { changePassword } from '../../server/customers/change-password.ts'
import { choosePassword } from '../../server/customers/choose-password.ts'
import { removeSecondFactorOf } from '../../server/customers/invite.ts'
import { proveAgain } from '../../server/customers/proof.ts'
import { recoveryCodesLeft } from '../../server/customers/recovery-codes.ts'
import {
  beginSecondFactor,
  confirmSecondFactor,
  readPendingSecondFactor,
  removeSecondFactor,
  renewRecoveryCodes,
} from '../../server/customers/second-factor.ts'
import { findSession } from '../../server/customers/sessions.ts'
import { signIn, signInWithCode } from '../../server/customers/sign-in.ts'
import { openPool } from '../../server/db/pool.ts'
import { openDocket } from '../support/docket.ts'
import { accountContext, linkTo, logOf, mailsTo, PASSWORD, person, type Person, signedIn, stillSignedIn, visit } from '../support/people.ts'

describe('sign-in with a code', () => {
  const docket = openDocket()
  let front: AccountContext
  let other: AccountContext

  beforeAll(async () => {
    front = await accountContext(docket)
    other = await accountContext(docket, openPool(docket.databaseUrl, { size: 4 }))
  })
  afterAll(() => other.db.end())

  /** What the person's app shows. */
  function appCode(secret: string, stepsAway = 0): string {
    const timestamp = docket.clock.now().getTime() + stepsAway * 30_000
    return new TOTP({ secret: TotpSecret.fromBase32(secret), digits: 6, period: 30 }).generate({ timestamp })
  }

  async function personWithCodes(): Promise<{ who: Person; secret: string; recoveryCodes: readonly string[] }> {
    const who = await person(front)
    const { session, visit: home } = await signedIn(front, who)
    const { secret } = (await beginSecondFactor(front, session))!
    const confirmed = await confirmSecondFactor(front, session, appCode(secret), home)
    if (confirmed.kind !== 'on') throw new Error(confirmed.kind)
    docket.clock.forward({ seconds: 30 })
    return { who, secret, recoveryCodes: confirmed.recoveryCodes }
  }

  async function signInByCode(who: Person, code: string) {
    const outcome = await signIn(front, { email: who.email, password: PASSWORD, code }, visit())
    const session = outcome.kind === 'signed in' ? await findSession(front.db, outcome.token, visit(), front.now()) : undefined
    return { outcome, session: session! }
  }

  test('a code in the digits of another script confirms and signs in', async () => {
    const inArabic = (code: string) => code.replace(/\d/g, (digit) => String.fromCodePoint(0x660 + Number(digit)))
    const inFullWidth = (code: string) => code.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)))
    const who = await person(front)
    const { session, visit: home } = await signedIn(front, who)
    const { secret } = (await beginSecondFactor(front, session))!
    expect(await confirmSecondFactor(front, session, inArabic(appCode(secret)), home)).toMatchObject({ kind: 'on' })
    docket.clock.forward({ seconds: 30 })
    expect((await signInByCode(who, inFullWidth(appCode(secret)))).outcome.kind).toBe('signed in')
  })

  test('nothing is asked for before a code has shown that the app works', async () => {
    const who = await person(front)
    const { session, visit: home } = await signedIn(front, who)
    const begun = (await beginSecondFactor(front, session))!
    expect(begun.uri).toMatch(new RegExp(`^otpauth://totp/Example%20Panel:${who.email.replace('@', '%40')}\\?.*secret=${begun.secret}`))
    expect(await readPendingSecondFactor(front, session)).toEqual(begun)
    const wrong = appCode(begun.secret) === '000000' ? '000001' : '000000'
    for (const code of [wrong, '', '12345', 'abcdef', 'éééééé', 'абвгде', '①②③④⑤⑥', appCode(begun.secret, 5)]) {
      expect(await confirmSecondFactor(front, session, code, home)).toEqual({ kind: 'code refused' })
    }
    expect((await signedIn(front, who)).session.secondFactor).toBe(false)
    // Begun again, the earlier secret is worth nothing.
    const again = (await beginSecondFactor(front, session))!
    expect(again.secret).not.toBe(begun.secret)
    expect(await confirmSecondFactor(front, session, appCode(begun.secret), home)).toEqual({ kind: 'code refused' })
    expect(await confirmSecondFactor(front, session, appCode(again.secret), home)).toMatchObject({ kind: 'on' })
    expect(await confirmSecondFactor(front, session, appCode(again.secret, 1), home)).toEqual({ kind: 'not begun' })
    expect(await beginSecondFactor(front, session)).toBeUndefined()
    expect(await signIn(front, { email: who.email, password: PASSWORD }, visit())).toMatchObject({ kind: 'code needed' })
    expect((await mailsTo(front, who.email)).map((mail) => mail.name)).toEqual(['secondFactorOn'])
  })

  test('the ticket of a right password and a code sign in', async () => {
    const { who, secret } = await personWithCodes()
    const outcome = await signIn(front, { email: who.email, password: PASSWORD }, visit())
    if (outcome.kind !== 'code needed') throw new Error(outcome.kind)
    expect(await signInWithCode(front, outcome.ticket, '000 000', visit())).toEqual({ kind: 'code refused' })
    const code = appCode(secret)
    expect(await signInWithCode(front, outcome.ticket, `${code.slice(0, 3)} ${code.slice(3)}`, visit())).toMatchObject({
      kind: 'signed in',
    })
    expect(await logOf(front, who.accountId)).toEqual(['signed in', 'second factor on', 'code refused', 'signed in'])
  })

  test('a ticket is worth ten minutes, and no more than its password', async () => {
    const { who, secret } = await personWithCodes()
    const ticketOf = async () => {
      const outcome = await signIn(front, { email: who.email, password: PASSWORD }, visit())
      if (outcome.kind !== 'code needed') throw new Error(outcome.kind)
      return outcome.ticket
    }
    const [late, early] = [await ticketOf(), await ticketOf()]
    for (const forged of [
      '',
      'x',
      late.slice(0, -2),
      `${late.slice(0, 40)}A${late.slice(41)}`,
      Buffer.from('{"for":"code"}').toString('base64url'),
    ]) {
      expect(await signInWithCode(front, forged, appCode(secret), visit())).toEqual({ kind: 'refused' })
    }
    docket.clock.forward({ minutes: 10 })
    expect(await signInWithCode(front, late, appCode(secret), visit())).toEqual({ kind: 'refused' })
    const { session } = await signInByCode(who, appCode(secret))
    await changePassword(front, session, { current: PASSWORD, wanted: 'another 7 lanterns' }, visit())
    docket.clock.forward({ seconds: 30 })
    expect(await signInWithCode(front, early, appCode(secret), visit())).toEqual({ kind: 'refused' })
  })

  test('a code works once', async () => {
    const { who, secret } = await personWithCodes()
    const code = appCode(secret)
    expect((await signInByCode(who, code)).outcome.kind).toBe('signed in')
    expect((await signInByCode(who, code)).outcome.kind).toBe('code refused')
    // Nor one from before it, although its time is not over.
    expect((await signInByCode(who, appCode(secret, -1))).outcome.kind).toBe('code refused')
    docket.clock.forward({ seconds: 30 })
    expect((await signInByCode(who, appCode(secret))).outcome.kind).toBe('signed in')
  })

  test('a clock may be half a minute off', async () => {
    const { who, secret } = await personWithCodes()
    expect((await signInByCode(who, appCode(secret, -2))).outcome.kind).toBe('code refused')
    expect((await signInByCode(who, appCode(secret, 2))).outcome.kind).toBe('code refused')
    expect((await signInByCode(who, appCode(secret, 1))).outcome.kind).toBe('signed in')
  })

  test('two uses of one code at once sign in once, over two nodes', async () => {
    const { who, secret } = await personWithCodes()
    const given = { email: who.email, password: PASSWORD, code: appCode(secret) }
    const outcomes = await Promise.all(Array.from({ length: 6 }, (_, index) => signIn(index % 2 ? front : other, given, visit())))
    expect(outcomes.map((outcome) => outcome.kind).toSorted()).toEqual([...Array<string>(5).fill('code refused'), 'signed in'])
  })

  test('a recovery code works once, however it is typed', async () => {
    const { who, recoveryCodes } = await personWithCodes()
    expect(recoveryCodes).toHaveLength(10)
    expect(new Set(recoveryCodes).size).toBe(10)
    for (const code of recoveryCodes) expect(code).toMatch(/^([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}$/)
    const [first, second] = recoveryCodes as [string, string]
    expect((await signInByCode(who, first)).outcome.kind).toBe('signed in')
    expect((await signInByCode(who, first)).outcome.kind).toBe('code refused')
    expect((await signInByCode(who, ` ${second.toUpperCase().replaceAll('-', ' ')} `)).outcome.kind).toBe('signed in')
    expect(await recoveryCodesLeft(front.db, who.userId)).toBe(8)
    const [mail] = await mailsTo(front, who.email)
    expect(mail).toMatchObject({ name: 'recoveryCodeUsed', text: expect.stringContaining('8 are left.') })
    expect(await logOf(front, who.accountId)).toContain('recovery code used')
  })

  test('two uses of one recovery code at once sign in once, over two nodes', async () => {
    const { who, recoveryCodes } = await personWithCodes()
    const given = { email: who.email, password: PASSWORD, code: recoveryCodes[3] }
    const outcomes = await Promise.all(Array.from({ length: 6 }, (_, index) => signIn(index % 2 ? front : other, given, visit())))
    expect(outcomes.map((outcome) => outcome.kind).toSorted()).toEqual([...Array<string>(5).fill('code refused'), 'signed in'])
    expect(await recoveryCodesLeft(front.db, who.userId)).toBe(9)
  })

  test('another person’s codes are nobody’s', async () => {
    const one = await personWithCodes()
    const two = await personWithCodes()
    expect((await signInByCode(one.who, appCode(two.secret))).outcome.kind).toBe('code refused')
    expect((await signInByCode(one.who, two.recoveryCodes[0]!)).outcome.kind).toBe('code refused')
  })

  test('new recovery codes take the place of the old', async () => {
    const { who, secret, recoveryCodes } = await personWithCodes()
    const { session } = await signInByCode(who, appCode(secret))
    const fresh = (await renewRecoveryCodes(front, session, visit()))!
    expect((await signInByCode(who, recoveryCodes[0]!)).outcome.kind).toBe('code refused')
    expect((await signInByCode(who, fresh[0]!)).outcome.kind).toBe('signed in')
    const { session: without } = await signedIn(front, await person(front))
    expect(await renewRecoveryCodes(front, without, visit())).toBeUndefined()
  })

  test('guesses at the code are bounded', async () => {
    const { who, secret } = await personWithCodes()
    const kinds: string[] = []
    for (let count = 0; count < 12; count += 1) kinds.push((await signInByCode(who, '000000')).outcome.kind)
    expect(kinds).toEqual([...Array<string>(10).fill('code refused'), 'later', 'later'])
    docket.clock.forward({ minutes: 10 })
    expect((await signInByCode(who, appCode(secret))).outcome.kind).toBe('signed in')
  })

  test('no code is asked for any more after password and code', async () => {
    const { who, secret } = await personWithCodes()
    const { session } = await signInByCode(who, appCode(secret))
    docket.clock.forward({ seconds: 30 })
    const from = visit()
    expect(await removeSecondFactor(front, session, { password: 'wrong as can be', code: appCode(secret) }, from)).toEqual({
      kind: 'refused',
    })
    expect(await removeSecondFactor(front, session, { password: PASSWORD, code: '000000' }, from)).toEqual({ kind: 'refused' })
    expect(await signIn(front, { email: who.email, password: PASSWORD }, visit())).toMatchObject({ kind: 'code needed' })
    expect(await removeSecondFactor(front, session, { password: PASSWORD, code: appCode(secret) }, from)).toEqual({ kind: 'off' })
    expect(await signIn(front, { email: who.email, password: PASSWORD }, visit())).toMatchObject({ kind: 'signed in' })
    expect(await recoveryCodesLeft(front.db, who.userId)).toBe(0)
    expect((await mailsTo(front, who.email)).map((mail) => mail.name)).toEqual(['secondFactorOff', 'secondFactorOn'])
  })

  test('a delicate act asks for password and code again after a quarter of an hour', async () => {
    const { who, secret } = await personWithCodes()
    const { outcome, session } = await signInByCode(who, appCode(secret))
    if (outcome.kind !== 'signed in') throw new Error(outcome.kind)
    expect(session.fresh).toBe(true)
    docket.clock.forward({ minutes: 15 })
    const now = () => findSession(front.db, outcome.token, visit(), front.now())
    expect(await now()).toMatchObject({ fresh: false })
    expect(await proveAgain(front, session, { password: PASSWORD, code: undefined }, visit())).toEqual({ kind: 'refused' })
    expect(await proveAgain(front, session, { password: 'wrong as can be', code: appCode(secret) }, visit())).toEqual({ kind: 'refused' })
    expect(await now()).toMatchObject({ fresh: false })
    expect(await proveAgain(front, session, { password: PASSWORD, code: appCode(secret) }, visit())).toEqual({ kind: 'proved' })
    expect(await now()).toMatchObject({ fresh: true })
    expect(await logOf(front, who.accountId)).toEqual(['signed in', 'second factor on', 'signed in', 'code refused', 'proof failed'])
  })

  test('whoever finds an open browser can guess little', async () => {
    const { session } = await signedIn(front, await person(front))
    const kinds: string[] = []
    for (let count = 0; count < 7; count += 1) {
      kinds.push((await proveAgain(front, session, { password: 'wrong as can be', code: undefined }, visit())).kind)
    }
    expect(kinds).toEqual([...Array<string>(5).fill('refused'), 'later', 'later'])
  })

  test('a password chosen by mail does not do without the code', async () => {
    const { who, secret } = await personWithCodes()
    await askForReset(front, who.email, visit())
    const chosen = await choosePassword(front, await linkTo(front, who.email), 'another 7 lanterns', visit())
    if (chosen.kind !== 'code needed') throw new Error(chosen.kind)
    expect(await signInWithCode(front, chosen.ticket, '000000', visit())).toEqual({ kind: 'code refused' })
    expect(await signInWithCode(front, chosen.ticket, appCode(secret), visit())).toMatchObject({ kind: 'signed in' })
  })

  test('a session that began before codes were asked for needs none, one that begins as they are does', async () => {
    const who = await person(front)
    const { session, visit: home, token } = await signedIn(front, who)
    const { secret } = (await beginSecondFactor(front, session))!
    // The password was looked at before, the session begins after the code is necessary.
    const slow: AccountContext = {
      ...front,
      passwords: {
        ...front.passwords,
        async verify(hash, password) {
          const right = await front.passwords.verify(hash, password)
          await confirmSecondFactor(front, session, appCode(secret), home)
          return right
        },
      },
    }
    expect(await signIn(slow, { email: who.email, password: PASSWORD }, visit())).toEqual({ kind: 'refused' })
    expect(await stillSignedIn(front, token)).toBe(true)
  })

  test('staff let a person in who has lost phone and codes', async () => {
    const { who, secret } = await personWithCodes()
    const { outcome } = await signInByCode(who, appCode(secret))
    if (outcome.kind !== 'signed in') throw new Error(outcome.kind)
    await removeSecondFactorOf(front, who.accountId)
    expect(await stillSignedIn(front, outcome.token)).toBe(false)
    expect(await signIn(front, { email: who.email, password: PASSWORD }, visit())).toMatchObject({ kind: 'signed in' })
    await expect(removeSecondFactorOf(front, who.accountId)).rejects.toThrow('has no second factor')
    const { rows } = await docket.db.query(`select by from account_log where account_id = $1 and act = 'second factor off'`, [
      who.accountId,
    ])
    expect(rows).toEqual([{ by: 'staff' }])
  })

  test('S1 a dump of the database holds no usable secret, code, cookie or link', async () => {
    const { who, secret, recoveryCodes } = await personWithCodes()
    const { outcome } = await signInByCode(who, recoveryCodes[0]!)
    if (outcome.kind !== 'signed in') throw new Error(outcome.kind)
    await askForReset(front, who.email, visit())
    const link = await linkTo(front, who.email)
    let dump = ''
    for (const table of [
      'users',
      'second_factors',
      'recovery_codes',
      'sessions',
      'known_browsers',
      'mail_links',
      'attempts',
      'account_log',
      'mails',
    ]) {
      const { rows } = await docket.db.query<{ row: string }>(`select t::text as row from ${table} t`)
      dump += rows.map((row) => row.row).join('\n')
    }
    expect(dump).toContain(who.email)
    const secrets = [PASSWORD, secret, ...recoveryCodes, outcome.token, outcome.browser, link]
    for (const text of secrets) {
      const forms = [text, text.replaceAll('-', ''), Buffer.from(text).toString('hex'), Buffer.from(text, 'base64url').toString('hex')]
      for (const form of [...forms, Buffer.from(TotpSecret.fromBase32(secret).bytes).toString('hex')]) expect(dump).not.toContain(form)
    }
  })
})
