import type { Later, Visit } from '../customers/account-context.ts'
import { later } from '../customers/account-context.ts'
import { codeAllowances, passwordAllowances } from '../customers/allowances.ts'
import { type Allowance, giveBackAttempt, takeAttempt } from '../customers/attempts.ts'
import { isEmail } from '../customers/email.ts'
import { boundedPassword } from '../customers/proof.ts'
import { holderOf, ticketFor } from '../customers/ticket.ts'
import { shortDigest } from '../customers/token.ts'
import { type Transaction, transaction } from '../db/pool.ts'
import { queueMail } from '../mails/queue.ts'
import { type DeskSignIn, logOwn, type Own, onPage } from './own.ts'
import { findStaffByEmail, findStaffPerson, mayEnter, type StaffPerson } from './people.ts'
import { endStaffSession, startStaffSession } from './sessions.ts'
import { isKnownStaffBrowser, rememberStaffBrowser } from './staff-browsers.ts'
import { staffRecoveryCodesLeft, useStaffCode } from './staff-codes.ts'
import { noteFailure } from './staff-failures.ts'

/** For the cookies of the session, and of the browser that is known from now on. */
export interface SignedInStaff {
  readonly kind: 'signed in'
  readonly token: string
  readonly browser: string
}

/** The password was right and a code is needed: the browser sends this ticket with the code. */
export interface StaffCodeNeeded {
  readonly kind: 'code needed'
  readonly ticket: string
}

/** `refused`: address and password do not belong together, or the person has left. The answer does not show which. */
export type StaffSignIn = SignedInStaff | StaffCodeNeeded | { readonly kind: 'refused' | 'code refused' } | Later

/** Signs a member of staff in by e-mail address and password. An unknown address costs the same work, and leaves the same traces, as a wrong
 * password. */
export async function signStaffIn(context: DeskSignIn, given: { email: string; password: string }, visit: Visit): Promise<StaffSignIn> {
  const email = given.email.trim()
  const person = isEmail(email) ? await findStaffByEmail(context.db, email) : undefined
  const allowances = await allowancesOf(context, person, email, visit)
  const wait = await takeAttempt(context.db, allowances, context.now())
  if (wait > 0) return later(wait)
  const right = await context.passwords.verify(person?.passwordHash ?? null, boundedPassword(given.password))
  if (!person || !right) {
    await noteFailure(context.db, person?.id ?? null, 'password', visit, context.now())
    return { kind: 'refused' }
  }
  await giveBackAttempt(context.db, allowances)
  const passwordHash = person.passwordHash!
  if (person.secondFactor) return { kind: 'code needed', ticket: staffTicket(context, person.id, passwordHash) }
  return transaction(context.db, (tx) => enter(tx, context, { person, passwordHash, code: null }, visit))
}

export function staffTicket(context: DeskSignIn, id: number, passwordHash: string): string {
  return ticketFor(context, { for: 'code of staff', id, passwordHash })
}

/** Completes a sign-in with a code and the ticket that a right password has earned. */
export async function signStaffInWithCode(context: DeskSignIn, ticket: string, code: string, visit: Visit): Promise<StaffSignIn> {
  const holder = holderOf(context, 'code of staff', ticket)
  const person = holder && (await findStaffPerson(context.db, holder.id))
  if (!person?.passwordHash || !holder!.isFor(person.passwordHash)) return { kind: 'refused' }
  const allowances = codeAllowances(`staff ${person.id}`, await isKnownStaffBrowser(context.db, visit.browser, person.id), visit)
  const wait = await takeAttempt(context.db, allowances, context.now())
  if (wait > 0) return later(wait)
  const entry = { person, passwordHash: person.passwordHash, code }
  const outcome = await transaction(context.db, (tx) => enter(tx, context, entry, visit))
  if (outcome.kind === 'signed in') await giveBackAttempt(context.db, allowances)
  if (outcome.kind === 'code refused') await noteFailure(context.db, person.id, 'code', visit, context.now())
  return outcome
}

/** The attempts are those of customers, counted apart by person and together by network address. */
async function allowancesOf(context: DeskSignIn, person: StaffPerson | undefined, email: string, visit: Visit): Promise<Allowance[]> {
  const known = await isKnownStaffBrowser(context.db, visit.browser, person?.id)
  return passwordAllowances(person ? `staff ${person.id}` : `no staff ${shortDigest(email.toLowerCase())}`, known, visit)
}

/** Uses the code up and starts the session, in one transaction: neither happens without the other. */
export async function enter(
  tx: Transaction,
  context: DeskSignIn,
  entry: {
    readonly person: StaffPerson
    readonly passwordHash: string
    readonly code: string | null
    /** The person was signed in with a code already, in the session that this one replaces. */
    readonly codeWasGiven?: boolean
  },
  visit: Visit,
): Promise<SignedInStaff | { readonly kind: 'refused' | 'code refused' }> {
  const { person, passwordHash, code, codeWasGiven = false } = entry
  const now = context.now()
  const used = code === null ? undefined : await useStaffCode(tx, context.secret, person.id, code, now)
  if (code !== null && !used) return { kind: 'code refused' }
  // The password was changed since it was checked, or the person has left meanwhile.
  if (!(await mayEnter(tx, { staffId: person.id, passwordHash, codeGiven: codeWasGiven || used !== undefined }))) return { kind: 'refused' }
  const token = await startStaffSession(tx, person.id, visit, now)
  if (token === undefined) return { kind: 'refused' }
  const browser = await rememberStaffBrowser(tx, visit.browser, person.id, now)
  if (used === 'recovery code') {
    const left = await staffRecoveryCodesLeft(tx, person.id)
    const values = { site: context.site.name, link: `${context.site.url}/desk/forgot`, left }
    const mail = {
      accountId: null,
      recipient: person.email,
      name: 'recoveryCodeUsed',
      locale: person.locale ?? visit.locale,
      values,
    } as const
    await queueMail(tx, context.secret, mail, now)
  }
  await logOwn(tx, onPage(person), { act: 'own sign-in', after: { with: used ?? 'password' } }, visit, now)
  return { kind: 'signed in', token, browser }
}

export function signStaffOut(context: DeskSignIn, own: Own, visit: Visit): Promise<void> {
  return transaction(context.db, async (tx) => {
    const ended = await endStaffSession(tx, own.staffId, own.sessionId)
    if (ended !== undefined) await logOwn(tx, own.actor, { act: 'own sign-out' }, visit, context.now())
  })
}
