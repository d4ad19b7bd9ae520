import { type Queryable, transaction } from '../db/pool.ts'
import { type AccountContext, actorOf, type Later, later, type Visit } from './account-context.ts'
import { logAct } from './account-log.ts'
import { openingAllowances } from './allowances.ts'
import { takeAttempt } from './attempts.ts'
import { rememberBrowser } from './known-browsers.ts'
import { addLink, findLinkedSignIn, type ProvenIdentity } from './linked-sign-ins.ts'
import { openForVisitor } from './open-for-visitor.ts'
import { startSession } from './sessions.ts'
import { completeSignIn, type SignedIn, type SignInOutcome } from './sign-in.ts'
import { acceptTerms } from './terms.ts'
import { openTicket, sealTicket } from './ticket.ts'
import { isSameAddress } from './use-identity.ts'
import { findUser, findUserByEmail } from './users.ts'

/**
 * `new`: nobody has an account for it; the browser opens one with this ticket. `address not confirmed`: the provider vouches for no address.
 * `sign in first`: an account has the address and has not linked this identity. `closed`: nobody may register.
 */
export type ByProvider =
  | SignInOutcome
  | { readonly kind: 'new'; readonly ticket: string; readonly email: string }
  | { readonly kind: 'address not confirmed' | 'sign in first' | 'closed' }

/**
 * Signs in whoever a provider has shown: by the identity that is linked, never by the address alone. A code is asked for as after a password. The
 * answer tells nobody about the account of an address that the provider has not confirmed.
 */
export async function signInByProvider(context: AccountContext, identity: ProvenIdentity, visit: Visit): Promise<ByProvider> {
  const linked = await findLinkedSignIn(context.db, identity)
  if (!linked && (identity.email === null || !identity.emailVerified)) return { kind: 'address not confirmed' }
  const user = linked ? await findUser(context.db, linked.userId) : await findUserByEmail(context.db, identity.email!)
  if (!user) {
    if (!context.registration) return { kind: 'closed' }
    return { kind: 'new', ticket: sealTicket(context, 'new by provider', identity), email: identity.email! }
  }
  if (!linked && !(await isSameAddress(context.db, user.id, identity))) return { kind: 'sign in first' }
  if (user.suspended) return { kind: 'suspended' }
  if (user.secondFactor) return { kind: 'code needed', ticket: sealTicket(context, 'code after provider', { userId: user.id, identity }) }
  return completeSignIn(context, user, { identity }, null, visit)
}

/** Who asks to open an account with this ticket, for the page that asks to accept the terms; undefined for a ticket that is void. */
export function newByProvider(context: AccountContext, ticket: string): ProvenIdentity | undefined {
  return openTicket(context, 'new by provider', ticket)
}

/** Thrown to roll the transaction back. */
class Taken extends Error {}

/**
 * Opens an account for whoever a provider has shown to be new, with an address that the provider has confirmed. It counts as a registration by mail:
 * both take from the same attempts. Somebody who has an account by now, like after a second click, is signed in.
 */
export async function openByProvider(
  context: AccountContext,
  ticket: string,
  acceptedTerms: number | undefined,
  visit: Visit,
): Promise<ByProvider | Later | { readonly kind: 'terms not accepted' | 'ticket void' }> {
  const identity = newByProvider(context, ticket)
  if (!identity) return { kind: 'ticket void' }
  if (!context.registration) return { kind: 'closed' }
  if (context.terms && acceptedTerms !== context.terms.version) return { kind: 'terms not accepted' }
  if (await findLinkedSignIn(context.db, identity)) return signInByProvider(context, identity, visit)
  const wait = await takeAttempt(context.db, openingAllowances(visit), context.now())
  if (wait > 0) return later(wait)
  try {
    return await transaction(context.db, (tx) => open(tx, context, identity, visit))
  } catch (error) {
    if (error instanceof Taken) return signInByProvider(context, identity, visit)
    throw error
  }
}

const CONFIRM_MAIL = 'update users set email_confirmed_at = $2 where id = $1'

async function open(tx: Queryable, context: AccountContext, identity: ProvenIdentity, visit: Visit): Promise<SignedIn> {
  const now = context.now()
  const { registration, terms } = context
  const email = identity.email!
  const opened = await openForVisitor(tx, registration!, { email, code: visit.cameBy }, visit, now)
  if (!opened) throw new Taken()
  const { accountId, userId } = opened
  await tx.query(CONFIRM_MAIL, [userId, now])
  await logAct(tx, accountId, actorOf(visit, userId), 'registered', now, identity.provider)
  if (terms) await acceptTerms(tx, { userId, accountId }, terms.version, visit, now)
  const linkedSignIn = await addLink(tx, context, { accountId, userId, email, locale: visit.locale }, identity, visit)
  if (linkedSignIn === undefined) throw new Taken()
  const token = await startSession(tx, { userId, codeGiven: false, linkedSignIn }, visit, now)
  return { kind: 'signed in', token: token!, browser: await rememberBrowser(tx, visit.browser, userId, now) }
}
