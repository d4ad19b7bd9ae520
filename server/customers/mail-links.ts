import type { Queryable } from '../db/pool.ts'
import { hashToken, isToken, makeToken } from './token.ts'
import { lockUser } from './users.ts'

export type LinkPurpose = 'invite' | 'register' | 'reset' | 'change mail'

/** How many minutes each kind of link works. */
const LINK_MINUTES: Readonly<Record<LinkPurpose, number>> = {
  invite: 7 * 24 * 60,
  register: 24 * 60,
  reset: 60,
  'change mail': 24 * 60,
}

const PAGES: Readonly<Record<LinkPurpose, string>> = {
  invite: '/reset',
  register: '/reset',
  reset: '/reset',
  'change mail': '/confirm-mail',
}

/** When a link that is made now stops working. */
export function linkUntil(purpose: LinkPurpose, now: Date): Date {
  return new Date(now.getTime() + LINK_MINUTES[purpose] * 60_000)
}

export interface MailLink {
  readonly purpose: LinkPurpose
  readonly userId: number | null
  /** The address to register or to change to. */
  readonly email: string | null
  /** Of a registration: the code of the link by which its person came. */
  readonly cameBy?: string | null
}

const MAKE = `
  insert into mail_links (token_hash, purpose, user_id, email, created_at, expires_at, came_by) values ($1, $2, $3, $4, $5, $6, $7)`

/** Makes a link for a mail and answers its URL. The URL is not stored anywhere. */
export async function makeLink(tx: Queryable, siteUrl: string, link: MailLink, now: Date): Promise<string> {
  const token = makeToken()
  await tx.query({
    name: 'make link',
    text: MAKE,
    values: [hashToken(token), link.purpose, link.userId, link.email, now, linkUntil(link.purpose, now), link.cameBy ?? null],
  })
  return `${siteUrl}${PAGES[link.purpose]}/${token}`
}

const COLUMNS = 'purpose, user_id as "userId", email, came_by as "cameBy"'
const READ = `select ${COLUMNS} from mail_links where token_hash = $1 and expires_at > $2 and (user_id is not null or email is not null)`
const USE = `
  delete from mail_links where token_hash = $1 and expires_at > $2 and (user_id is not null or email is not null) returning ${COLUMNS}`

/** Reads the purpose of a link without using it up: mail scanners open links before people do. Undefined for a link that does not work. */
export async function readLink(db: Queryable, token: string | undefined, now: Date): Promise<MailLink | undefined> {
  if (!isToken(token)) return undefined
  return (await db.query<MailLink>(READ, [hashToken(token), now])).rows[0]
}

/** Uses a link up, in the transaction that does what the link is for. When two requests use it at once, the second finds nothing. */
export async function useLink(tx: Queryable, token: string, now: Date): Promise<MailLink | undefined> {
  const shown = await readLink(tx, token, now)
  if (!shown) return undefined
  if (shown.userId !== null) await lockUser(tx, shown.userId)
  return (await tx.query<MailLink>(USE, [hashToken(token), now])).rows[0]
}
