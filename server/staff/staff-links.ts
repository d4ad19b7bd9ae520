import { hashToken, isToken, makeToken } from '../customers/token.ts'
import type { Queryable } from '../db/pool.ts'
import { lockStaff } from './people.ts'

/** How many minutes a link works that somebody was invited with, and one that was asked for by a person who forgot the password. */
const LINK_MINUTES = { invite: 7 * 24 * 60, reset: 60 } as const

const MAKE = 'insert into staff_links (token_hash, staff_id, created_at, expires_at) values ($1, $2, $3, $4)'

export interface MadeLink {
  readonly link: string
  readonly until: Date
}

/** Makes a link to choose a password. Its address is not stored anywhere. `staffId` null: it opens nothing. */
export async function makeStaffLink(
  tx: Queryable,
  siteUrl: string,
  of: { staffId: number | null; purpose: keyof typeof LINK_MINUTES },
  now: Date,
): Promise<MadeLink> {
  const token = makeToken()
  const until = new Date(now.getTime() + LINK_MINUTES[of.purpose] * 60_000)
  await tx.query(MAKE, [hashToken(token), of.staffId, now, until])
  return { link: `${siteUrl}/desk/welcome/${token}`, until }
}

const WORKS = 'token_hash = $1 and expires_at > $2 and staff_id is not null'
const READ = `select staff_id as "staffId" from staff_links where ${WORKS}`
const USE = `delete from staff_links where ${WORKS}`

/** Whose link it is, without using it up: mail scanners open links before people do. Undefined for a link that does not work. */
export async function readStaffLink(db: Queryable, token: string | undefined, now: Date): Promise<number | undefined> {
  if (!isToken(token)) return undefined
  return (await db.query<{ staffId: number }>(READ, [hashToken(token), now])).rows[0]?.staffId
}

/** Uses a link up, in the transaction that sets the password. When two requests use it at once, the second finds nothing. */
export async function useStaffLink(tx: Queryable, token: string, now: Date): Promise<number | undefined> {
  const staffId = await readStaffLink(tx, token, now)
  if (staffId === undefined) return undefined
  await lockStaff(tx, staffId)
  return (await tx.query(USE, [hashToken(token), now])).rowCount === 1 ? staffId : undefined
}
