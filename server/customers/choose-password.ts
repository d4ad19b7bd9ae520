import type pg from 'pg'
import { transaction } from '../db/pool.ts'
import { type AccountContext, actorOf, type Visit } from './account-context.ts'
import { type Act, logAct } from './account-log.ts'
import { mailAboutNewPassword } from './change-password.ts'
import { rememberBrowser } from './known-browsers.ts'
import { type LinkPurpose, type MailLink, readLink, useLink } from './mail-links.ts'
import { openForVisitor } from './open-for-visitor.ts'
import { checkNewPassword } from './password.ts'
import { startSession } from './sessions.ts'
import type { CodeNeeded, SignedIn } from './sign-in.ts'
import { acceptTerms } from './terms.ts'
import { ticketFor } from './ticket.ts'
import { findUser, setPassword } from './users.ts'

/** The data that the page shows before the user chooses a password. */
export interface PasswordLink {
  readonly purpose: Exclude<LinkPurpose, 'change mail'>
  readonly email: string
}

/** Reads the purpose of a link; undefined for one that does not work, or no longer works. Reading does not use the link up. */
export async function readPasswordLink(context: AccountContext, token: string | undefined): Promise<PasswordLink | undefined> {
  const link = await readLink(context.db, token, context.now())
  if (!link || link.purpose === 'change mail') return undefined
  const email = link.email ?? (await findUser(context.db, link.userId!))?.email
  return email === undefined ? undefined : { purpose: link.purpose, email }
}

/** `link void`: the link was used, is too old, or its purpose is not possible any more. */
export type Chosen = SignedIn | CodeNeeded | { readonly kind: 'link void' | 'suspended' | 'terms not accepted' }

/**
 * Chooses a password by a link from a mail: after an invitation, after a registration, or for a forgotten password. Every session ends; this browser
 * gets one, unless a code is asked for. `acceptedTerms`: the version of the terms that was accepted with a first password. Throws a Refusal for a password that is too easy to guess; the link still works then.
 */
export async function choosePassword(
  context: AccountContext,
  token: string,
  password: string,
  visit: Visit,
  acceptedTerms?: number,
): Promise<Chosen> {
  const shown = await readPasswordLink(context, token)
  if (!shown) return { kind: 'link void' }
  const terms = termsFor(context, shown)
  // Terms that were published after the page was opened have to be seen first.
  if (terms && acceptedTerms !== terms.version) return { kind: 'terms not accepted' }
  checkNewPassword(password, shown.email)
  const newHash = await context.passwords.hash(password)
  try {
    return await transaction(context.db, (tx) => useAndChoose(tx, context, { token, newHash, accepted: terms?.version }, visit))
  } catch (error) {
    if (error instanceof LinkVoid) return { kind: 'link void' }
    throw error
  }
}

/** Thrown to roll the transaction back. */
class LinkVoid extends Error {}

/** The terms that have to be accepted with the first password; undefined: none. */
export function termsFor({ terms }: AccountContext, { purpose }: PasswordLink): AccountContext['terms'] {
  return purpose === 'reset' ? undefined : terms
}

interface Choice {
  readonly token: string
  readonly newHash: string
  /** The version of the terms that was accepted. */
  readonly accepted: number | undefined
}

async function useAndChoose(
  tx: pg.PoolClient,
  context: AccountContext,
  { token, newHash, accepted }: Choice,
  visit: Visit,
): Promise<Chosen> {
  const now = context.now()
  const link = await useLink(tx, token, now)
  if (!link) throw new LinkVoid()
  const userId = link.purpose === 'register' ? await register(tx, context, link, visit) : link.userId!
  const user = await findUser(tx, userId)
  if (!user) throw new LinkVoid()
  if (!(await setPassword(tx, { userId, oldHash: user.passwordHash, newHash, byMailLink: true }, now))) throw new LinkVoid()
  await logAct(tx, user.accountId, actorOf(visit, userId), actOf(link.purpose), now)
  if (accepted !== undefined) await acceptTerms(tx, { userId, accountId: user.accountId }, accepted, visit, now)
  if (user.passwordHash !== null) await mailAboutNewPassword(tx, context, { ...user, locale: user.locale ?? visit.locale }, visit)
  if (user.suspended) return { kind: 'suspended' }
  if (user.secondFactor) return { kind: 'code needed', ticket: ticketFor(context, { for: 'code', id: userId, passwordHash: newHash }) }
  const session = await startSession(tx, { userId, passwordHash: newHash, codeGiven: false }, visit, now)
  // A code became necessary a moment ago: the password is chosen, and sign-in asks for the code.
  if (session === undefined) return { kind: 'code needed', ticket: ticketFor(context, { for: 'code', id: userId, passwordHash: newHash }) }
  return { kind: 'signed in', token: session, browser: await rememberBrowser(tx, visit.browser, userId, now) }
}

async function register(tx: pg.PoolClient, context: AccountContext, link: MailLink, visit: Visit): Promise<number> {
  if (!context.registration) throw new LinkVoid()
  // The link may be opened in another browser than the one that came by the link of a customer.
  const newcomer = { email: link.email!, code: link.cameBy ?? visit.cameBy }
  const opened = await openForVisitor(tx, context.registration, newcomer, visit, context.now())
  // Another link for the same address, or staff, has opened the account meanwhile.
  if (!opened) throw new LinkVoid()
  return opened.userId
}

function actOf(purpose: LinkPurpose): Act {
  return purpose === 'register' ? 'registered' : 'password reset'
}
