import { type Queryable, transaction } from '../db/pool.ts'
import { queueMail } from '../mails/queue.ts'
import { type AccountContext, actorOf, type Visit } from './account-context.ts'
import { logAct } from './account-log.ts'
import type { Session } from './sessions.ts'
import { lockUser, type User } from './users.ts'

/** Who somebody is, as a provider has just shown: the answer was checked, and belongs to this browser. */
export interface ProvenIdentity {
  readonly issuer: string
  /** What the issuer calls the person; it never gives it to another. */
  readonly subject: string
  /** Null: the provider tells no address that could be one. */
  readonly email: string | null
  /** The provider says that the address is the person's. */
  readonly emailVerified: boolean
  /** The provider's name, as customers read it. */
  readonly provider: string
}

export interface LinkedSignIn {
  readonly id: number
  readonly userId: number
}

const FIND = 'select id, user_id as "userId" from linked_sign_ins where issuer = $1 and subject = $2'

export async function findLinkedSignIn(db: Queryable, { issuer, subject }: ProvenIdentity): Promise<LinkedSignIn | undefined> {
  return (await db.query<LinkedSignIn>({ name: 'linked sign-in', text: FIND, values: [issuer, subject] })).rows[0]
}

const USED = 'update linked_sign_ins set used_at = $2, email = $3 where id = $1'

/** Notes that somebody has signed in by it. */
export async function noteUse(tx: Queryable, id: number, { email }: ProvenIdentity, now: Date): Promise<void> {
  await tx.query(USED, [id, now, email])
}

const LINK = `
  insert into linked_sign_ins (user_id, issuer, subject, email, linked_at, used_at) values ($1, $2, $3, $4, $5, $5)
  on conflict (issuer, subject) do nothing returning id`

type Whose = Pick<User, 'accountId' | 'email' | 'locale'> & { readonly userId: number }

/** Links an identity to a user, logs it and mails them. Undefined when it is linked already, to them or to somebody else. */
export async function addLink(
  tx: Queryable,
  context: AccountContext,
  whose: Whose,
  identity: ProvenIdentity,
  visit: Visit,
): Promise<number | undefined> {
  const now = context.now()
  const values = [whose.userId, identity.issuer, identity.subject, identity.email, now]
  const id = (await tx.query<{ id: number }>(LINK, values)).rows[0]?.id
  if (id === undefined) return undefined
  const about = identity.email === null ? identity.provider : `${identity.provider}: ${identity.email}`
  await logAct(tx, whose.accountId, actorOf(visit, whose.userId), 'sign-in linked', now, about)
  await mailNotice(tx, context, whose, { name: 'signInLinked', provider: identity.provider }, visit)
  return id
}

const MOST_LINKED = 10
const COUNT = 'select count(*)::int as count from linked_sign_ins where user_id = $1'

/** Links an identity to whoever is signed in. `of another`: another account has it. */
export function linkSignIn(
  context: AccountContext,
  session: Session,
  identity: ProvenIdentity,
  visit: Visit,
): Promise<{ readonly kind: 'linked' | 'of another' | 'too many' }> {
  return transaction(context.db, async (tx) => {
    await lockUser(tx, session.userId)
    const known = await findLinkedSignIn(tx, identity)
    if (known) return { kind: known.userId === session.userId ? 'linked' : 'of another' }
    const { rows } = await tx.query<{ count: number }>(COUNT, [session.userId])
    if (rows[0]!.count >= MOST_LINKED) return { kind: 'too many' }
    // Another account may link it at the same moment: one of the two is told.
    return { kind: (await addLink(tx, context, session, identity, visit)) === undefined ? 'of another' : 'linked' }
  })
}

export interface LinkedSignInShown {
  readonly id: number
  /** The provider's name; its issuer where the house has no such provider any more. */
  readonly provider: string
  readonly email: string | null
  readonly linkedAt: Date
  readonly usedAt: Date
}

const LIST = `
  select l.id, coalesce(p.title, l.issuer) as provider, l.email, l.linked_at as "linkedAt", l.used_at as "usedAt"
  from linked_sign_ins l left join sign_in_providers p on p.issuer = l.issuer where l.user_id = $1 order by l.id`

/** The sign-ins that a user has linked. */
export async function listLinkedSignIns(db: Queryable, userId: number): Promise<LinkedSignInShown[]> {
  return (await db.query<LinkedSignInShown>({ name: 'linked sign-ins', text: LIST, values: [userId] })).rows
}

// A provider that the house does not offer any more lets nobody in.
const WAYS_LEFT = `
  select exists (select from users where id = $1 and password_hash is not null)
    or exists (select from linked_sign_ins l join sign_in_providers p on p.issuer = l.issuer and p.offered where l.user_id = $1 and l.id <> $2) as left`
const KEEP_OWN_SESSION = 'update sessions set linked_sign_in_id = null where id = $1'
const UNLINK = 'delete from linked_sign_ins where user_id = $1 and id = $2'

/**
 * Unlinks a sign-in of whoever is signed in. Sessions that it has opened end, but for this one. `last way in`: without a password and another linked
 * sign-in nobody could sign in any more.
 */
export async function unlinkSignIn(
  context: AccountContext,
  session: Session,
  id: number,
  visit: Visit,
): Promise<{ readonly kind: 'unlinked' | 'unknown' | 'last way in' | 'stale' }> {
  if (!session.fresh) return { kind: 'stale' }
  return transaction(context.db, async (tx) => {
    await lockUser(tx, session.userId)
    const shown = (await listLinkedSignIns(tx, session.userId)).find((each) => each.id === id)
    if (!shown) return { kind: 'unknown' }
    const { rows } = await tx.query<{ left: boolean }>(WAYS_LEFT, [session.userId, id])
    if (!rows[0]!.left) return { kind: 'last way in' }
    await tx.query(KEEP_OWN_SESSION, [session.id])
    await tx.query(UNLINK, [session.userId, id])
    await logAct(tx, session.accountId, actorOf(visit, session.userId), 'sign-in unlinked', context.now(), shown.provider)
    await mailNotice(tx, context, session, { name: 'signInUnlinked', provider: shown.provider }, visit)
    return { kind: 'unlinked' }
  })
}

async function mailNotice(
  tx: Queryable,
  context: AccountContext,
  { accountId, email, locale }: Whose,
  { name, provider }: { readonly name: 'signInLinked' | 'signInUnlinked'; readonly provider: string },
  visit: Visit,
) {
  const values = { site: context.site.name, provider, link: `${context.site.url}/forgot` }
  await queueMail(tx, context.secret, { accountId, recipient: email, name, locale: locale ?? visit.locale, values }, context.now())
}
