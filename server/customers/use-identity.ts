import type { Queryable } from '../db/pool.ts'
import type { AccountContext, Visit } from './account-context.ts'
import { addLink, findLinkedSignIn, noteUse, type ProvenIdentity } from './linked-sign-ins.ts'
import { lockUser, type User } from './users.ts'

const IS_SAME_ADDRESS = 'select from users where id = $1 and lower(email) = lower($2) and email_confirmed_at is not null'

/**
 * The linked sign-in by which a user signs in: the one that there is, or a new one where both the provider and we have confirmed that the address is
 * theirs. Undefined: this identity does not open this account.
 */
export async function useIdentity(
  tx: Queryable,
  context: AccountContext,
  user: User,
  identity: ProvenIdentity,
  visit: Visit,
): Promise<{ readonly linkedSignIn: number } | undefined> {
  const known = await findLinkedSignIn(tx, identity)
  if (known) {
    if (known.userId !== user.id) return undefined
    await noteUse(tx, known.id, identity, context.now())
    return { linkedSignIn: known.id }
  }
  await lockUser(tx, user.id)
  if (!(await isSameAddress(tx, user.id, identity))) return undefined
  const added = await addLink(tx, context, { ...user, userId: user.id }, identity, visit)
  // Somebody has linked it at this moment, most likely the same person in another tab.
  const linkedSignIn = added ?? (await findLinkedSignIn(tx, identity))?.id
  return linkedSignIn === undefined ? undefined : { linkedSignIn }
}

/** Whether the provider and we have both confirmed the same address. Nothing less links an identity that nobody has linked. */
export async function isSameAddress(db: Queryable, userId: number, { email, emailVerified }: ProvenIdentity): Promise<boolean> {
  if (email === null || !emailVerified) return false
  return (await db.query(IS_SAME_ADDRESS, [userId, email])).rowCount === 1
}
