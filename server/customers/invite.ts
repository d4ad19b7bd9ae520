import { type Database, type Transaction, transaction } from '../db/pool.ts'
import { queueMail } from '../mails/queue.ts'
import { refuse } from '../refusal.ts'
import type { AccountContext } from './account-context.ts'
import { logAct, STAFF } from './account-log.ts'
import { findAccount } from './accounts.ts'
import { linkUntil, makeLink } from './mail-links.ts'
import { deleteSessionsOfAccount } from './sessions.ts'
import { addUser, findUserByEmail } from './users.ts'

type StaffContext = Pick<AccountContext, 'now'> & { readonly db: Database | Transaction }
type InviteContext = Pick<AccountContext, 'secret' | 'site'> & StaffContext

/** Mails the person of an account a link to choose a first or a new password, and answers the link too. */
export async function inviteToAccount(context: InviteContext, accountId: number): Promise<{ email: string; link: string }> {
  const now = context.now()
  return transaction(context.db, async (tx) => {
    const account = await findAccount(tx, accountId)
    if (account.suspended) throw refuse('account_suspended', accountId)
    await addUser(tx, { accountId, email: account.email, locale: null }, now)
    const user = await findUserByEmail(tx, account.email)
    if (user?.accountId !== accountId) throw refuse('email_of_another', accountId)
    const link = await makeLink(tx, context.site.url, { purpose: 'invite', userId: user.id, email: null }, now)
    const values = { site: context.site.name, link, until: linkUntil('invite', now).toISOString() }
    await queueMail(tx, context.secret, { accountId, recipient: user.email, name: 'invite', locale: user.locale ?? 'en', values }, now)
    await logAct(tx, accountId, STAFF, 'invited', now)
    return { email: user.email, link }
  })
}

const REMOVE_FACTORS = 'delete from second_factors f using users u where u.id = f.user_id and u.account_id = $1'
const REMOVE_CODES = 'delete from recovery_codes c using users u where u.id = c.user_id and u.account_id = $1'

/**
 * Removes the second factor of people who have lost phone and recovery codes: sign-in asks for the password only. Every session of the account ends.
 */
export async function removeSecondFactorOf(context: StaffContext, accountId: number): Promise<void> {
  await transaction(context.db, async (tx) => {
    await findAccount(tx, accountId)
    const { rowCount } = await tx.query(REMOVE_FACTORS, [accountId])
    if (rowCount === 0) throw refuse('no_second_factor', accountId)
    await tx.query(REMOVE_CODES, [accountId])
    await deleteSessionsOfAccount(tx, accountId)
    await logAct(tx, accountId, STAFF, 'second factor off', context.now())
  })
}

/** Signs out every browser of an account. Answers how many. */
export async function signOutAccount(context: StaffContext, accountId: number): Promise<number> {
  return transaction(context.db, async (tx) => {
    await findAccount(tx, accountId)
    const ended = await deleteSessionsOfAccount(tx, accountId)
    await logAct(tx, accountId, STAFF, 'all sessions ended', context.now(), String(ended))
    return ended
  })
}
