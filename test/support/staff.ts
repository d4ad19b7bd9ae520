import { Secret as TotpSecret, TOTP } from 'otpauth'
import { expect } from 'vitest'
import { roleDemandCode } from '../../server/acts/role-demand-code.ts'
import { staffAdd } from '../../server/acts/staff-add.ts'
import type { House } from '../../server/acts/house.ts'
import type { DeskSignIn } from '../../server/staff/own.ts'
import type { Role } from '../../server/staff/roles.ts'
import { findStaffSession, type StaffSession } from '../../server/staff/sessions.ts'
import { beginStaffCode, confirmStaffCode } from '../../server/staff/staff-second-factor.ts'
import { chooseStaffPassword } from '../../server/staff/staff-passwords.ts'
import { signStaffIn } from '../../server/staff/staff-sign-in.ts'
import { houseOf, run } from './acts.ts'
import type { Docket } from './docket.ts'
import { accountContext, PASSWORD, testSecret, visit } from './people.ts'

/** What staff sign in with on a node, and what acts run with beside it. */
export async function deskOf(docket: Docket): Promise<{ desk: DeskSignIn; house: House }> {
  const house = houseOf(docket.db, docket.clock.now, { secret: testSecret, sendsMail: true })
  return { desk: await accountContext(docket), house }
}

export interface Member {
  readonly id: number
  readonly email: string
  /** The token of the link of the invitation. */
  readonly token: string
}

let members = 0

/** Somebody who was invited and has not chosen a password. */
export async function invited(house: House, role: Role = 'support'): Promise<Member> {
  members += 1
  const email = `member${members}@example.com`
  const added = await run(house, staffAdd, { email, name: `Member ${members}`, role, invite: true })
  return { id: added.staff, email, token: added.link!.split('/').at(-1)! }
}

/** Somebody with the password PASSWORD. */
export async function member(house: House, desk: DeskSignIn, role: Role = 'support'): Promise<Member> {
  const who = await invited(house, role)
  expect(await chooseStaffPassword(desk, who.token, PASSWORD, visit())).toMatchObject({ kind: 'signed in' })
  return who
}

export interface SignedInMember {
  readonly token: string
  readonly own: StaffSession
  readonly visit: ReturnType<typeof visit>
}

export async function staffSignedIn(desk: DeskSignIn, who: { email: string }): Promise<SignedInMember> {
  const from = visit()
  const outcome = await signStaffIn(desk, { email: who.email, password: PASSWORD }, from)
  if (outcome.kind !== 'signed in') throw new Error(`${who.email} got ${outcome.kind}`)
  const own = await findStaffSession(desk.db, outcome.token, from, desk.now())
  return { token: outcome.token, own: own!, visit: { ...from, browser: outcome.browser } }
}

export async function staffStillIn(desk: DeskSignIn, token: string): Promise<boolean> {
  return (await findStaffSession(desk.db, token, visit(), desk.now())) !== undefined
}

/** What the authenticator app shows now. */
export function appCodeAt(secret: string, now: Date): string {
  return new TOTP({ secret: TotpSecret.fromBase32(secret), digits: 6, period: 30 }).generate({ timestamp: now.getTime() })
}

/** Sets an app up for somebody who is signed in. */
export async function withApp(
  desk: DeskSignIn,
  { own, visit: from }: SignedInMember,
): Promise<{ secret: string; codes: readonly string[] }> {
  const { secret } = (await beginStaffCode(desk, own))!
  const confirmed = await confirmStaffCode(desk, own, appCodeAt(secret, desk.now()), from)
  if (confirmed.kind !== 'on') throw new Error(confirmed.kind)
  return { secret, codes: confirmed.recoveryCodes }
}

export const demandCodeOf = (house: House, role: Role, demanded = true) => run(house, roleDemandCode, { role, demanded })
