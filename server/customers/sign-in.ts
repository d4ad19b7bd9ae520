import { transaction } from '../db/pool.ts'
import { queueMail } from '../mails/queue.ts'
import { type AccountContext, actorOf, type Later, later, nobody, type Visit } from './account-context.ts'
import { logAct } from './account-log.ts'
import { codeAllowances, passwordAllowances } from './allowances.ts'
import { type Allowance, giveBackAttempt, takeAttempt } from './attempts.ts'
import { isEmail } from './email.ts'
import { isKnownBrowser, rememberBrowser } from './known-browsers.ts'
import { boundedPassword } from './proof.ts'
import { deleteSession, type Session, startSession } from './sessions.ts'
import type { ProvenIdentity } from './linked-sign-ins.ts'
import { holderOf, openTicket, ticketFor } from './ticket.ts'
import { useIdentity } from './use-identity.ts'
import { shortDigest } from './token.ts'
import { useCode } from './totp.ts'
import { findUser, findUserByEmail, replaceHash, type User } from './users.ts'

export interface SignedIn {
  readonly kind: 'signed in'
  /** For the cookie of the session. */
  readonly token: string
  /** For the cookie that makes this browser known. */
  readonly browser: string
}

/** The password was right, or a provider has shown who it is, and a code is needed: the browser sends this ticket with the code. */
export interface CodeNeeded {
  readonly kind: 'code needed'
  readonly ticket: string
}

/** `refused`: address and password do not belong together. The answer does not show which of the two is wrong. */
export type SignInOutcome = SignedIn | CodeNeeded | { readonly kind: 'refused' | 'code refused' | 'suspended' } | Later

/**
 * Signs in by e-mail address and password, and by a code when the user has a second factor: the code comes with them, or afterwards with the ticket.
 * An unknown address costs the same work, and leaves the same traces, as a wrong password.
 */
export async function signIn(
  context: AccountContext,
  given: { email: string; password: string; code?: string | undefined },
  visit: Visit,
): Promise<SignInOutcome> {
  const email = given.email.trim()
  const user = isEmail(email) ? await findUserByEmail(context.db, email) : undefined
  const allowances = await allowancesOf(context, user, email, visit)
  const wait = await takeAttempt(context.db, allowances, context.now())
  if (wait > 0) return later(wait)
  const right = await context.passwords.verify(user?.passwordHash ?? null, boundedPassword(given.password))
  if (!user || !right) {
    await logAct(context.db, user?.accountId ?? null, nobody(visit), 'sign-in failed', context.now())
    return { kind: 'refused' }
  }
  await giveBackAttempt(context.db, allowances)
  if (user.suspended) return { kind: 'suspended' }
  const passwordHash = await hashedByToday(context, user, user.passwordHash!, given.password)
  if (!user.secondFactor) return completeSignIn(context, user, { passwordHash }, null, visit)
  if (given.code === undefined) return { kind: 'code needed', ticket: ticketFor(context, { for: 'code', id: user.id, passwordHash }) }
  return withCode(context, user, { passwordHash }, given.code, visit)
}

/** What has shown who signs in. */
export type Shown = { readonly passwordHash: string } | { readonly identity: ProvenIdentity }

/** Completes a sign-in with a code and the ticket that a right password, or a provider, has earned. */
export async function signInWithCode(context: AccountContext, ticket: string, code: string, visit: Visit): Promise<SignInOutcome> {
  const holder = holderOf(context, 'code', ticket)
  const after = holder ? undefined : openTicket(context, 'code after provider', ticket)
  const id = holder?.id ?? after?.userId
  const user = id === undefined ? undefined : await findUser(context.db, id)
  if (!user) return { kind: 'refused' }
  if (holder && (user.passwordHash === null || !holder.isFor(user.passwordHash))) return { kind: 'refused' }
  if (user.suspended) return { kind: 'suspended' }
  return withCode(context, user, after ? { identity: after.identity } : { passwordHash: user.passwordHash! }, code, visit)
}

async function allowancesOf(context: AccountContext, user: User | undefined, email: string, visit: Visit): Promise<Allowance[]> {
  const known = await isKnownBrowser(context.db, visit.browser, user?.id)
  return passwordAllowances(user ? `user ${user.id}` : `nobody ${shortDigest(email.toLowerCase())}`, known, visit)
}

async function withCode(context: AccountContext, user: User, shown: Shown, code: string, visit: Visit): Promise<SignInOutcome> {
  const known = await isKnownBrowser(context.db, visit.browser, user.id)
  const allowances = codeAllowances(`user ${user.id}`, known, visit)
  const wait = await takeAttempt(context.db, allowances, context.now())
  if (wait > 0) return later(wait)
  const outcome = await completeSignIn(context, user, shown, code, visit)
  if (outcome.kind === 'signed in') await giveBackAttempt(context.db, allowances)
  if (outcome.kind === 'code refused') await logAct(context.db, user.accountId, nobody(visit), 'code refused', context.now())
  return outcome
}

/** One transaction uses the code up, links an identity that is new, and starts the session. */
export function completeSignIn(
  context: AccountContext,
  user: User,
  shown: Shown,
  code: string | null,
  visit: Visit,
): Promise<SignInOutcome> {
  const now = context.now()
  return transaction(context.db, async (tx): Promise<SignInOutcome> => {
    const used = code === null ? undefined : await useCode(tx, context.secret, user.id, code, now)
    if (code !== null && !used) return { kind: 'code refused' }
    const provedBy = 'identity' in shown ? await useIdentity(tx, context, user, shown.identity, visit) : shown
    // It was unlinked, or the address was changed, since the provider answered.
    if (provedBy === undefined) return { kind: 'refused' }
    const token = await startSession(tx, { userId: user.id, codeGiven: used !== undefined, ...provedBy }, visit, now)
    // The password was changed since it was checked, so it is not right any more.
    if (token === undefined) return { kind: 'refused' }
    const browser = await rememberBrowser(tx, visit.browser, user.id, now)
    await logAct(tx, user.accountId, actorOf(visit, user.id), 'signed in', now, 'identity' in shown ? shown.identity.provider : null)
    if (used?.kind === 'recovery code') {
      await logAct(tx, user.accountId, actorOf(visit, user.id), 'recovery code used', now)
      const values = { site: context.site.name, link: `${context.site.url}/forgot`, left: used.left }
      const locale = user.locale ?? visit.locale
      const mail = { accountId: user.accountId, recipient: user.email, name: 'recoveryCodeUsed', locale, values } as const
      await queueMail(tx, context.secret, mail, now)
    }
    return { kind: 'signed in', token, browser }
  })
}

/** Hashes the password again when today's parameters are stronger: only at sign-in is the password known. */
async function hashedByToday(context: AccountContext, user: User, oldHash: string, password: string): Promise<string> {
  if (!context.passwords.isWeak(oldHash)) return oldHash
  const newHash = await context.passwords.hash(password)
  return (await replaceHash(context.db, user.id, oldHash, newHash)) ? newHash : oldHash
}

export async function signOut(context: AccountContext, session: Session, visit: Visit): Promise<void> {
  await transaction(context.db, async (tx) => {
    const ended = await deleteSession(tx, session.userId, session.id)
    if (ended !== undefined) await logAct(tx, session.accountId, actorOf(visit, session.userId), 'signed out', context.now())
  })
}
