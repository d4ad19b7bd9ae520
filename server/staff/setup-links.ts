import { hashToken, isToken, makeToken } from '../customers/token.ts'
import type { Queryable } from '../db/pool.ts'

const DAY_MS = 24 * 3_600_000

/** A link that opens nothing until its hash is stored in the panel of that address. */
export function newSetupLink(site: { readonly url: string }, now: Date): { link: string; hash: Buffer; endsAt: Date } {
  const token = makeToken()
  return { link: `${site.url}/desk/setup/begin/${token}`, hash: hashToken(token), endsAt: new Date(now.getTime() + DAY_MS) }
}

/** Makes the link that makes the first owner; earlier ones are void. Only its hash is stored. */
export async function makeSetupLink(tx: Queryable, site: { readonly url: string }, now: Date): Promise<{ link: string; endsAt: Date }> {
  const { link, hash, endsAt } = newSetupLink(site, now)
  await tx.query('delete from setup_links')
  await tx.query('insert into setup_links (hash, made_at, expires_at) values ($1, $2, $3)', [hash, now, endsAt])
  return { link, endsAt }
}

/** Takes a link over that was made elsewhere, unless somebody works here already. */
export async function bringSetupLink(tx: Queryable, hash: Buffer, endsAt: Date, now: Date): Promise<void> {
  if (await hasOwnerWhoSignedIn(tx)) return
  await tx.query('delete from setup_links')
  await tx.query('insert into setup_links (hash, made_at, expires_at) values ($1, $2, $3)', [hash, now, endsAt])
}

/** Whether a link still opens the way. */
export async function isSetupLink(db: Queryable, token: string | undefined, now: Date): Promise<boolean> {
  if (!isToken(token) || (await hasOwnerWhoSignedIn(db))) return false
  const { rows } = await db.query('select from setup_links where hash = $1 and expires_at > $2', [hashToken(token), now])
  return rows.length === 1
}

/** Uses a link up, and makes all others void; false when it does not open the way. */
export async function useSetupLink(tx: Queryable, token: string, now: Date): Promise<boolean> {
  // Two who open the same link at once: the second waits here, and then finds it used.
  await tx.query('lock table setup_links in share row exclusive mode')
  if (!(await isSetupLink(tx, token, now))) return false
  await tx.query('delete from setup_links')
  return true
}

const OWNER_WHO_SIGNED_IN = `
  select from staff s where s.role = 'owner' and s.ended_at is null
    and exists (select from staff_passwords p where p.staff_id = s.id) limit 1`

/** From then on nobody needs a link: owners add whoever else is to come. */
export async function hasOwnerWhoSignedIn(db: Queryable): Promise<boolean> {
  return (await db.query({ name: 'owner who signed in', text: OWNER_WHO_SIGNED_IN })).rowCount === 1
}

/** Whether anybody works here, or ever did. */
export async function hasStaff(db: Queryable): Promise<boolean> {
  return (await db.query('select from staff limit 1')).rowCount === 1
}
