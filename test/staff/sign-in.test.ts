import { beforeAll, describe, expect, test } from 'vitest'
import { staffAdd } from '../../server/acts/staff-add.ts'
import { staffEnd } from '../../server/acts/staff-end.ts'
import { staffInvite } from '../../server/acts/staff-invite.ts'
import { staffRemoveCodes } from '../../server/acts/staff-remove-codes.ts'
import { staffRescue } from '../../server/acts/staff-rescue.ts'
import { staffSet } from '../../server/acts/staff-set.ts'
import { staffSignOut } from '../../server/acts/staff-sign-out.ts'
import type { House } from '../../server/acts/house.ts'
import { readLog, verifyLog, WHOLE_LOG } from '../../server/staff/log.ts'
import type { DeskSignIn } from '../../server/staff/own.ts'
import { listFailures } from '../../server/staff/staff-failures.ts'
import { askForStaffReset, changeStaffPassword, chooseStaffPassword, readWelcome } from '../../server/staff/staff-passwords.ts'
import { beginStaffCode, confirmStaffCode, removeStaffCode, renewStaffRecoveryCodes } from '../../server/staff/staff-second-factor.ts'
import { endOwnSessions, setOwnSettings } from '../../server/staff/staff-settings.ts'
import { listStaffSessions } from '../../server/staff/sessions.ts'
import { signStaffIn, signStaffInWithCode, signStaffOut } from '../../server/staff/staff-sign-in.ts'
import { sweepStaffSignIn } from '../../server/staff/sweep.ts'
import { run } from '../support/acts.ts'
import { openDocket } from '../support/docket.ts'
import { linkTo, mailsTo, PASSWORD, visit } from '../support/people.ts'
import { appCodeAt, demandCodeOf, deskOf, invited, member, staffSignedIn, staffStillIn, withApp } from '../support/staff.ts'

const docket = openDocket()
let desk: DeskSignIn
let house: House

beforeAll(async () => {
  ;({ desk, house } = await deskOf(docket))
  await run(house, staffAdd, { email: 'owner@example.com', name: 'Owner', role: 'owner' })
})

const actsOf = async (staff: number) =>
  (await readLog(docket.db, { ...WHOLE_LOG, staff }, { before: null, most: 50 })).map(({ act }) => act).toReversed()
const mailsOf = (email: string) => mailsTo({ ...desk, registration: null }, email)
const NEW_PASSWORD = 'a lantern above the grass'

describe('an invitation', () => {
  test('lets its owner choose a password once, and is mailed too', async () => {
    const who = await invited(house)
    expect(await readWelcome(desk, who.token)).toEqual({ email: who.email, name: expect.any(String), isFirst: true })
    expect(await linkTo({ ...desk, registration: null }, who.email)).toBe(who.token)
    await expect(chooseStaffPassword(desk, who.token, 'short', visit())).rejects.toMatchObject({ code: 'password_too_short' })
    const chosen = await chooseStaffPassword(desk, who.token, PASSWORD, visit())
    expect(chosen).toMatchObject({ kind: 'signed in' })
    expect(await chooseStaffPassword(desk, who.token, PASSWORD, visit())).toEqual({ kind: 'link void' })
    expect(await readWelcome(desk, who.token)).toBeUndefined()
    expect(await actsOf(who.id)).toEqual(['own password', 'own sign-in'])
  })

  test('used twice at once is used once', async () => {
    const who = await invited(house)
    const both = await Promise.all([PASSWORD, NEW_PASSWORD].map((password) => chooseStaffPassword(desk, who.token, password, visit())))
    expect(both.map(({ kind }) => kind).toSorted()).toEqual(['link void', 'signed in'])
    const entered = await Promise.all(
      [PASSWORD, NEW_PASSWORD].map((password) => signStaffIn(desk, { email: who.email, password }, visit())),
    )
    expect(entered.map(({ kind }) => kind === 'signed in')).toEqual(both.map(({ kind }) => kind === 'signed in'))
  })

  test('is void after a week, after a newer one, and when its owner has left', async () => {
    const [old, again, gone] = [await invited(house), await invited(house), await invited(house)]
    await run(house, staffInvite, { staff: again.id })
    expect(await readWelcome(desk, again.token)).toBeUndefined()
    await run(house, staffEnd, { staff: gone.id })
    expect(await readWelcome(desk, gone.token)).toBeUndefined()
    await expect(run(house, staffInvite, { staff: gone.id })).rejects.toMatchObject({ code: 'staff_has_left' })
    docket.clock.forward({ days: 7 })
    expect(await chooseStaffPassword(desk, old.token, PASSWORD, visit())).toEqual({ kind: 'link void' })
    await sweepStaffSignIn(docket.db, docket.clock.now())
    expect((await docket.db.query('select from staff_links where staff_id = $1', [old.id])).rowCount).toBe(0)
  })
})

describe('signing in to the desk', () => {
  test('takes the right address and password, and is a line in the log; so is signing out', async () => {
    const who = await member(house, desk)
    const { own, token, visit: from } = await staffSignedIn(desk, { email: ` ${who.email.toUpperCase()}` })
    expect(own).toMatchObject({ staffId: who.id, role: 'support' })
    await signStaffOut(desk, own, from)
    await signStaffOut(desk, own, from)
    expect(await staffStillIn(desk, token)).toBe(false)
    expect(await actsOf(who.id)).toEqual(['own password', 'own sign-in', 'own sign-in', 'own sign-out'])
    expect(await verifyLog(docket.db)).toMatchObject({ fault: null })
  })

  test('answers the same to a wrong password, an unknown address, one who never chose a password and one who has left', async () => {
    const [who, none, gone] = [await member(house, desk), await invited(house), await member(house, desk)]
    await run(house, staffEnd, { staff: gone.id })
    for (const email of ['stranger@example.com', 'no address', '', none.email, gone.email]) {
      expect(await signStaffIn(desk, { email, password: PASSWORD }, visit())).toEqual({ kind: 'refused' })
    }
    expect(await signStaffIn(desk, { email: who.email, password: `${PASSWORD}x` }, visit())).toEqual({ kind: 'refused' })
    expect(await listFailures(docket.db, who.id, 5)).toMatchObject([{ what: 'password' }])
    expect(await actsOf(who.id)).toEqual(['own password', 'own sign-in'])
  })

  test('is not possible as a customer, and a customer is nobody here', async () => {
    const { signIn } = await import('../../server/customers/sign-in.ts')
    const who = await member(house, desk)
    const customers = { ...desk, registration: null }
    expect(await signIn(customers, { email: who.email, password: PASSWORD }, visit())).toEqual({ kind: 'refused' })
  })

  test('strangers who use up the attempts keep nobody out of a browser that was used before', async () => {
    const who = await member(house, desk)
    const { visit: home } = await staffSignedIn(desk, who)
    for (let attempt = 0; attempt < 10; attempt += 1) {
      expect((await signStaffIn(desk, { email: who.email, password: 'wrong' }, visit())).kind).toBe('refused')
    }
    expect(await signStaffIn(desk, { email: who.email, password: PASSWORD }, visit())).toMatchObject({ kind: 'later' })
    expect(await signStaffIn(desk, { email: who.email, password: PASSWORD }, home)).toMatchObject({ kind: 'signed in' })
  })
})

describe('a forgotten password', () => {
  test('is chosen anew by a link that only the mailbox sees; every session ends', async () => {
    const who = await member(house, desk)
    const { token } = await staffSignedIn(desk, who)
    expect(await askForStaffReset(desk, who.email, visit())).toEqual({ kind: 'asked' })
    expect(await askForStaffReset(desk, 'stranger@example.com', visit())).toEqual({ kind: 'asked' })
    expect(await mailsOf('stranger@example.com')).toEqual([])
    const link = await linkTo({ ...desk, registration: null }, who.email)
    expect(await chooseStaffPassword(desk, link, NEW_PASSWORD, visit())).toMatchObject({ kind: 'signed in' })
    expect(await staffStillIn(desk, token)).toBe(false)
    expect(await signStaffIn(desk, { email: who.email, password: PASSWORD }, visit())).toEqual({ kind: 'refused' })
    expect((await mailsOf(who.email)).map(({ name }) => name)).toContain('passwordChanged')
  })
})

describe('sessions', () => {
  test.each([
    ['is signed out by an owner', (staff: number) => run(house, staffSignOut, { staff })],
    ['gets another role', (staff: number) => run(house, staffSet, { staff, role: 'fulfilment' })],
    ['leaves', (staff: number) => run(house, staffEnd, { staff })],
  ])('end at once when a person %s', async (_, act) => {
    const who = await member(house, desk)
    const { token } = await staffSignedIn(desk, who)
    expect(await staffStillIn(desk, token)).toBe(true)
    await act(who.id)
    expect(await staffStillIn(desk, token)).toBe(false)
  })

  test('end when the person chooses a new password, but for the one in which it was chosen', async () => {
    const who = await member(house, desk)
    const [here, elsewhere] = [await staffSignedIn(desk, who), await staffSignedIn(desk, who)]
    const change = (current: string, wanted: string) => changeStaffPassword(desk, here.own, { current, wanted }, here.visit)
    await expect(change(PASSWORD, who.email)).rejects.toMatchObject({ code: 'password_like_email' })
    expect(await change('wrong', NEW_PASSWORD)).toEqual({ kind: 'refused' })
    const outcome = await change(PASSWORD, NEW_PASSWORD)
    if (outcome.kind !== 'signed in') throw new Error(outcome.kind)
    expect(await Promise.all([here.token, elsewhere.token, outcome.token].map((token) => staffStillIn(desk, token)))).toEqual([
      false,
      false,
      true,
    ])
  })

  test('are ended by the person, one or all others', async () => {
    const who = await member(house, desk)
    const [here, first, second] = [await staffSignedIn(desk, who), await staffSignedIn(desk, who), await staffSignedIn(desk, who)]
    const stranger = await staffSignedIn(desk, await member(house, desk))
    expect(await endOwnSessions(desk, here.own, stranger.own.sessionId, here.visit)).toBe(0)
    expect(await endOwnSessions(desk, here.own, first.own.sessionId, here.visit)).toBe(1)
    expect(await endOwnSessions(desk, here.own, null, here.visit)).toBe(2)
    expect(await staffStillIn(desk, second.token)).toBe(false)
    expect((await listStaffSessions(docket.db, who.id, docket.clock.now())).map(({ id }) => id)).toEqual([here.own.sessionId])
  })

  test('a sign-in at the moment when the person leaves opens nothing', async () => {
    const who = await member(house, desk)
    const [entered] = await Promise.all([
      signStaffIn(desk, { email: who.email, password: PASSWORD }, visit()),
      run(house, staffEnd, { staff: who.id }),
    ])
    if (entered.kind === 'signed in') expect(await staffStillIn(desk, entered.token)).toBe(false)
    expect((await docket.db.query('select from staff_sessions where staff_id = $1', [who.id])).rowCount).toBe(0)
  })
})

describe('a code', () => {
  test('is asked for from the moment that one has shown that the app works', async () => {
    const who = await member(house, desk)
    const here = await staffSignedIn(desk, who)
    const { secret } = (await beginStaffCode(desk, here.own))!
    expect(await confirmStaffCode(desk, here.own, '000 00', here.visit)).toEqual({ kind: 'code refused' })
    expect(await signStaffIn(desk, { email: who.email, password: PASSWORD }, visit())).toMatchObject({ kind: 'signed in' })
    expect(await confirmStaffCode(desk, here.own, appCodeAt(secret, docket.clock.now()), here.visit)).toMatchObject({ kind: 'on' })
    expect(await beginStaffCode(desk, here.own)).toBeUndefined()
    expect(await signStaffIn(desk, { email: who.email, password: PASSWORD }, visit())).toMatchObject({ kind: 'code needed' })
    expect((await mailsOf(who.email)).map(({ name }) => name)).toContain('secondFactorOn')
  })

  async function personWithApp() {
    const who = await member(house, desk)
    const app = await withApp(desk, await staffSignedIn(desk, who))
    docket.clock.forward({ seconds: 30 })
    const ticket = async () => {
      const outcome = await signStaffIn(desk, { email: who.email, password: PASSWORD }, visit())
      if (outcome.kind !== 'code needed') throw new Error(outcome.kind)
      return outcome.ticket
    }
    return { who, ticket, ...app, code: () => appCodeAt(app.secret, docket.clock.now()) }
  }

  test('used twice at once signs in once; a recovery code too', async () => {
    const { who, ticket, code, codes } = await personWithApp()
    for (const used of [code(), codes[0]!]) {
      const tickets = [await ticket(), await ticket()]
      const both = await Promise.all(tickets.map((each) => signStaffInWithCode(desk, each, used, visit())))
      expect(both.map(({ kind }) => kind).toSorted()).toEqual(['code refused', 'signed in'])
    }
    expect((await mailsOf(who.email)).map(({ name }) => name)).toContain('recoveryCodeUsed')
    expect((await listFailures(docket.db, who.id, 5)).map(({ what }) => what)).toEqual(['code', 'code'])
  })

  test('needs a ticket that is not older than ten minutes and not older than the password', async () => {
    const { who, ticket, code } = await personWithApp()
    const [late, early] = [await ticket(), await ticket()]
    docket.clock.forward({ minutes: 10 })
    expect(await signStaffInWithCode(desk, late, code(), visit())).toEqual({ kind: 'refused' })
    expect(await signStaffInWithCode(desk, early, code(), visit())).toEqual({ kind: 'refused' })
    const beforeReset = await ticket()
    await askForStaffReset(desk, who.email, visit())
    const link = await linkTo({ ...desk, registration: null }, who.email)
    // The link alone lets nobody in who has a code.
    expect(await chooseStaffPassword(desk, link, NEW_PASSWORD, visit())).toMatchObject({ kind: 'code needed' })
    expect(await signStaffInWithCode(desk, beforeReset, code(), visit())).toEqual({ kind: 'refused' })
  })

  test('is guessed ten times and no more', async () => {
    const { ticket } = await personWithApp()
    const held = await ticket()
    const guess = () => signStaffInWithCode(desk, held, '000000', visit())
    for (let attempt = 0; attempt < 10; attempt += 1) expect((await guess()).kind).toBe('code refused')
    expect(await guess()).toMatchObject({ kind: 'later' })
  })

  test('is taken away with password and code, unless the role demands one; new recovery codes need the same proof', async () => {
    const { ticket, code, codes } = await personWithApp()
    const entered = await signStaffInWithCode(desk, await ticket(), codes[1]!, visit())
    if (entered.kind !== 'signed in') throw new Error(entered.kind)
    const { findStaffSession } = await import('../../server/staff/sessions.ts')
    const own = (await findStaffSession(docket.db, entered.token, visit(), docket.clock.now()))!
    const from = visit()
    expect(await renewStaffRecoveryCodes(desk, own, { password: 'wrong', code: code() }, from)).toEqual({ kind: 'refused' })
    expect(await renewStaffRecoveryCodes(desk, own, { password: PASSWORD, code: codes[1]! }, from)).toEqual({ kind: 'refused' })
    const made = await renewStaffRecoveryCodes(desk, own, { password: PASSWORD, code: codes[2]! }, from)
    if (made.kind !== 'made') throw new Error(made.kind)
    expect(made.recoveryCodes).toHaveLength(10)
    await demandCodeOf(house, 'support')
    await expect(removeStaffCode(desk, own, { password: PASSWORD, code: code() }, from)).rejects.toMatchObject({ code: 'code_demanded' })
    await demandCodeOf(house, 'support', false)
    expect(await removeStaffCode(desk, own, { password: PASSWORD, code: code() }, from)).toEqual({ kind: 'off' })
    expect((await actsOf(own.staffId)).slice(-3)).toEqual(['own sign-in', 'own recovery codes', 'own code off'])
  })

  test('of somebody who has lost it is removed by an owner', async () => {
    const { who } = await personWithApp()
    await run(house, staffRemoveCodes, { staff: who.id })
    expect(await signStaffIn(desk, { email: who.email, password: PASSWORD }, visit())).toMatchObject({ kind: 'signed in' })
    await expect(run(house, staffRemoveCodes, { staff: who.id })).rejects.toMatchObject({ code: 'no_code_of_staff' })
  })
})

test('an owner who is locked out gets in by a command on the machine, without phone and password', async () => {
  const who = await member(house, desk, 'owner')
  await withApp(desk, await staffSignedIn(desk, who))
  const { link } = await run(house, staffRescue, { email: who.email })
  expect(await chooseStaffPassword(desk, link.split('/').at(-1)!, NEW_PASSWORD, visit())).toMatchObject({ kind: 'signed in' })
})

test('the own name and language are told in the log, and only when they differ', async () => {
  const who = await member(house, desk)
  const { own, visit: from } = await staffSignedIn(desk, who)
  await setOwnSettings(desk, own, { name: ' Ana ', locale: 'sl' }, from)
  await setOwnSettings(desk, own, { name: 'Ana', locale: 'sl' }, from)
  await expect(setOwnSettings(desk, own, { name: '', locale: null }, from)).rejects.toMatchObject({ code: 'incorrect_staff_name' })
  const [line] = await readLog(docket.db, { ...WHOLE_LOG, staff: who.id }, { before: null, most: 1 })
  expect(line).toMatchObject({ act: 'own settings', after: { name: 'Ana', locale: 'sl' } })
})

test('passwords and what roles demand change only together with a line in the log', async () => {
  await member(house, desk)
  for (const change of [`update staff_passwords set hash = 'x'`, `insert into roles_with_code (role, since) values ('owner', now())`]) {
    await expect(docket.db.query(change)).rejects.toThrow('changes only by an act')
  }
})
