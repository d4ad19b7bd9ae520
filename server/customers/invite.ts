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

// An address of RFC 2606 is read by nobody.
const NOT_INVITED = `
  from accounts a where a.suspended_at is null and lower(a.email) not like '%.invalid'
    and exists (select from users u where u.account_id = a.id and lower(u.email) = lower(a.email) and u.password_hash is null)
    and not exists (select from linked_sign_ins l join users u on u.id = l.user_id where u.account_id = a.id)
    and not exists (select from account_log l where l.account_id = a.id and l.act = 'invited')`
const NEXT_TO_INVITE = `select a.id ${NOT_INVITED} order by a.id limit $1 for update of a skip locked`
const LEFT_TO_INVITE = `select count(*)::int as left ${NOT_INVITED}`

/** Invites the next accounts whose people have no password and were never invited, like those that came from another panel. Answers how many it
 * invited, and how many are left. */
export async function inviteNext(context: InviteContext, most: number): Promise<{ invited: number; left: number }> {
  return transaction(context.db, async (tx) => {
    const { rows } = await tx.query<{ id: number }>(NEXT_TO_INVITE, [most])
    for (const { id } of rows) await inviteToAccount({ ...context, db: tx }, id)
    return { invited: rows.length, left: (await tx.query<{ left: number }>(LEFT_TO_INVITE)).rows[0]!.left }
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
