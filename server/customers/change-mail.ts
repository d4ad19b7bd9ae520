import { type Queryable, transaction, violatedConstraint } from '../db/pool.ts'
import { queueMail } from '../mails/queue.ts'
import { type AccountContext, actorOf, type Later, later, type Visit } from './account-context.ts'
import { logAct } from './account-log.ts'
import { mailAllowances } from './allowances.ts'
import type { Asked } from './ask-by-mail.ts'
import { takeAttempt } from './attempts.ts'
import { checkEmail } from './email.ts'
import { linkUntil, makeLink, readLink, useLink } from './mail-links.ts'
import type { Session } from './sessions.ts'
import { findUser, findUserByEmail } from './users.ts'

/**
 * Asks to move to another address and mails the link there. An address that another account has gets the same answer, and only its owner learns of
 * it, by mail. `stale`: the person must give password and code again first.
 */
export async function askToChangeMail(
  context: AccountContext,
  session: Session,
  email: string,
  visit: Visit,
): Promise<Asked | { readonly kind: 'stale' } | Later> {
  if (!session.fresh) return { kind: 'stale' }
  const address = checkEmail(email)
  const wait = await takeAttempt(context.db, mailAllowances(address, visit), context.now())
  if (wait > 0) return later(wait)
  const other = await findUserByEmail(context.db, address)
  const isTaken = other !== undefined && other.id !== session.userId
  const now = context.now()
  await transaction(context.db, async (tx) => {
    const link = await makeLink(
      tx,
      context.site.url,
      { purpose: 'change mail', userId: isTaken ? null : session.userId, email: isTaken ? null : address },
      now,
    )
    await logAct(tx, session.accountId, actorOf(visit, session.userId), 'mail change asked', now, address)
    const mail = isTaken
      ? ({ accountId: other.accountId, name: 'addressInUse', values: { site: context.site.name } } as const)
      : ({
          accountId: session.accountId,
          name: 'changeMail',
          values: { site: context.site.name, link, until: linkUntil('change mail', now).toISOString() },
        } as const)
    const locale = (isTaken ? other.locale : session.locale) ?? visit.locale
    await queueMail(tx, context.secret, { ...mail, recipient: address, locale }, now)
  })
  return { kind: 'asked' }
}

/** The address that a link would change to, for the page that asks to confirm; undefined for a link that does not work. */
export async function readMailLink(context: AccountContext, token: string | undefined): Promise<string | undefined> {
  const link = await readLink(context.db, token, context.now())
  return link?.purpose === 'change mail' ? (link.email ?? undefined) : undefined
}

const SET_EMAIL = 'update users set email = $2, email_confirmed_at = $3 where id = $1'
const SET_ACCOUNT_EMAIL = 'update accounts set email = $3 where id = $1 and lower(email) = lower($2)'
const END_LINKS = 'delete from mail_links where user_id = $1'

/** Changes the address and mails a notice to the old one. Links that were sent to the old address end. */
export async function confirmMail(
  context: AccountContext,
  token: string,
  visit: Visit,
): Promise<{ readonly kind: 'changed' | 'link void' }> {
  if ((await readMailLink(context, token)) === undefined) return { kind: 'link void' }
  try {
    return await transaction(context.db, (tx) => useAndChange(tx, context, token, visit))
  } catch (error) {
    // Another account has taken the address since.
    if (['one_user_per_email', 'one_account_per_email'].includes(violatedConstraint(error) ?? '')) return { kind: 'link void' }
    throw error
  }
}

async function useAndChange(
  tx: Queryable,
  context: AccountContext,
  token: string,
  visit: Visit,
): Promise<{ readonly kind: 'changed' | 'link void' }> {
  const now = context.now()
  const link = await useLink(tx, token, now)
  const user = link?.userId && (await findUser(tx, link.userId))
  if (!link?.email || !user) return { kind: 'link void' }
  await tx.query(SET_EMAIL, [user.id, link.email, now])
  await tx.query(SET_ACCOUNT_EMAIL, [user.accountId, user.email, link.email])
  await tx.query(END_LINKS, [user.id])
  await logAct(tx, user.accountId, actorOf(visit, user.id), 'mail changed', now, `${user.email} → ${link.email}`)
  const values = { site: context.site.name, email: link.email }
  const mail = {
    accountId: user.accountId,
    recipient: user.email,
    name: 'mailChanged',
    locale: user.locale ?? visit.locale,
    values,
  } as const
  await queueMail(tx, context.secret, mail, now)
  return { kind: 'changed' }
}
