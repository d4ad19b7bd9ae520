import { type Queryable, transaction } from '../db/pool.ts'
import { queueMail } from '../mails/queue.ts'
import { type AccountContext, actorOf, type Later, type Visit } from './account-context.ts'
import { logAct } from './account-log.ts'
import { rememberBrowser } from './known-browsers.ts'
import { checkNewPassword } from './password.ts'
import { checkPasswordAgain } from './proof.ts'
import { type Session, startSession } from './sessions.ts'
import type { SignedIn } from './sign-in.ts'
import { setPassword } from './users.ts'

/**
 * Changes the password of a signed-in user who knows the old one. Every session ends, on every node; this browser gets a new one. Throws a Refusal
 * for a password that is too easy to guess.
 */
export async function changePassword(
  context: AccountContext,
  session: Session,
  given: { current: string; wanted: string },
  visit: Visit,
): Promise<SignedIn | { readonly kind: 'refused' } | Later> {
  checkNewPassword(given.wanted, session.email)
  const checked = await checkPasswordAgain(context, session, given.current, visit)
  if (checked.kind !== 'right') return checked
  const newHash = await context.passwords.hash(given.wanted)
  const now = context.now()
  const outcome = await transaction(context.db, async (tx): Promise<SignedIn | { readonly kind: 'refused' }> => {
    const change = { userId: session.userId, oldHash: checked.hash, newHash, byMailLink: false }
    if (!(await setPassword(tx, change, now))) return { kind: 'refused' }
    await logAct(tx, session.accountId, actorOf(visit, session.userId), 'password changed', now)
    await tellOfNewPassword(tx, context, { ...session, locale: session.locale ?? visit.locale }, visit)
    const who = { userId: session.userId, passwordHash: newHash, codeGiven: true }
    const token = await startSession(tx, who, visit, now)
    if (token === undefined) return { kind: 'refused' }
    return { kind: 'signed in', token, browser: await rememberBrowser(tx, visit.browser, session.userId, now) }
  })
  await checked.giveBack()
  return outcome
}

export async function tellOfNewPassword(
  tx: Queryable,
  context: AccountContext,
  whose: { accountId: number; email: string; locale: string },
  visit: Visit,
): Promise<void> {
  const values = { site: context.site.name, address: visit.address, link: `${context.site.url}/forgot` }
  const mail = { accountId: whose.accountId, recipient: whose.email, name: 'passwordChanged', locale: whose.locale, values } as const
  await queueMail(tx, context.secret, mail, context.now())
}
