import { transaction } from '../db/pool.ts'
import { queueMail } from '../mails/queue.ts'
import { type AccountContext, type Later, later, nobody, type Visit } from './account-context.ts'
import { logAct } from './account-log.ts'
import { mailAllowances } from './allowances.ts'
import { takeAttempt } from './attempts.ts'
import { checkEmail } from './email.ts'
import { linkUntil, makeLink } from './mail-links.ts'
import { findUserByEmail } from './users.ts'

/** The answer is the same for every address, whether or not an account has it. */
export interface Asked {
  readonly kind: 'asked'
}

/**
 * Asks for a link to choose a new password. Throws a Refusal for a text that is not an address. For every address the same statements are made and
 * only the mail is missing, so that the answer does not show who has an account.
 */
export async function askForReset(context: AccountContext, email: string, visit: Visit): Promise<Asked | Later> {
  const address = checkEmail(email)
  const wait = await takeAttempt(context.db, mailAllowances(address, visit), context.now())
  if (wait > 0) return later(wait)
  const user = await findUserByEmail(context.db, address)
  const now = context.now()
  await transaction(context.db, async (tx) => {
    const link = await makeLink(tx, context.site.url, { purpose: 'reset', userId: user?.id ?? null, email: null }, now)
    await logAct(tx, user?.accountId ?? null, nobody(visit), 'password reset asked', now)
    const values = { site: context.site.name, link, until: linkUntil('reset', now).toISOString() }
    const mail = { accountId: user?.accountId ?? null, recipient: user?.email ?? null, name: 'reset' } as const
    await queueMail(tx, context.secret, { ...mail, locale: user?.locale ?? visit.locale, values }, now)
  })
  return { kind: 'asked' }
}

/**
 * Asks to open an account with an address. The account is made when the link is used, so nobody can take an address that is not theirs. An owner who
 * has an account already learns that by mail; nobody else does.
 */
export async function askToRegister(
  context: AccountContext,
  email: string,
  visit: Visit,
): Promise<Asked | { readonly kind: 'closed' } | Later> {
  if (!context.registration) return { kind: 'closed' }
  const address = checkEmail(email)
  const wait = await takeAttempt(context.db, mailAllowances(address, visit), context.now())
  if (wait > 0) return later(wait)
  const user = await findUserByEmail(context.db, address)
  const now = context.now()
  await transaction(context.db, async (tx) => {
    // For a taken address the link has no owner and opens nothing.
    const link = await makeLink(
      tx,
      context.site.url,
      { purpose: 'register', userId: null, email: user ? null : address, cameBy: visit.cameBy ?? null },
      now,
    )
    const { name: site, url } = context.site
    const mail = user
      ? ({
          accountId: user.accountId,
          recipient: user.email,
          name: 'alreadyRegistered',
          values: { site, link: `${url}/sign-in` },
        } as const)
      : ({
          accountId: null,
          recipient: address,
          name: 'register',
          values: { site, link, until: linkUntil('register', now).toISOString() },
        } as const)
    await queueMail(tx, context.secret, { ...mail, locale: user?.locale ?? visit.locale }, now)
  })
  return { kind: 'asked' }
}
