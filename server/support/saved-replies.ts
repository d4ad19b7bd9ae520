import type { Queryable } from '../db/pool.ts'
import { violatedConstraint } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import { onOneLine } from '../text.ts'
import { checkedWords } from './write.ts'

/** A text that staff send often. */
export interface SavedReply {
  readonly id: number
  readonly name: string
  /** With values like `{order}`. */
  readonly text: string
  /** Of customers who write this language; null: of all. */
  readonly locale: string | null
  readonly uses: bigint
  readonly usedAt: Date | null
}

const COLUMNS = 'id, name, text, locale, uses, used_at as "usedAt"'
const MOST = 500
const LIST = `select ${COLUMNS} from saved_replies order by uses desc, id limit ${MOST}`

/** All saved replies, the one that is used most first. */
export async function listSavedReplies(db: Queryable): Promise<SavedReply[]> {
  return (await db.query<SavedReply>({ name: 'saved replies', text: LIST })).rows
}

const ONE = `select ${COLUMNS} from saved_replies where id = $1`
const LOCK = `${ONE} for no key update`

export async function findSavedReply(db: Queryable, id: number): Promise<SavedReply> {
  const row = (await db.query<SavedReply>({ name: 'saved reply', text: ONE, values: [id] })).rows[0]
  if (!row) throw refuse('unknown_saved_reply', id)
  return row
}

async function lockSavedReply(tx: Queryable, id: number): Promise<SavedReply> {
  const row = (await tx.query<SavedReply>(LOCK, [id])).rows[0]
  if (!row) throw refuse('unknown_saved_reply', id)
  return row
}

interface Wanted {
  readonly name: string
  readonly text: string
  readonly locale: string | null
}

const COUNT = 'select count(*)::int as count from saved_replies'
const ADD = 'insert into saved_replies (name, text, locale, made_at) values ($1, $2, $3, $4) returning id'

export async function addSavedReply(tx: Queryable, wanted: Wanted, now: Date): Promise<number> {
  const { count } = (await tx.query<{ count: number }>(COUNT)).rows[0]!
  if (count >= MOST) throw refuse('too_many_saved_replies', MOST)
  const { name, text, locale } = checked(wanted)
  const { rows } = await named(name, () => tx.query<{ id: number }>(ADD, [name, text, locale, now]))
  return rows[0]!.id
}

const SET = 'update saved_replies set name = $2, text = $3, locale = $4 where id = $1'

/** Changes what is given of a saved reply. Answers how it was. */
export async function setSavedReply(
  tx: Queryable,
  id: number,
  given: { readonly [Name in keyof Wanted]?: Wanted[Name] | undefined },
): Promise<SavedReply> {
  const before = await lockSavedReply(tx, id)
  const { name, text, locale } = checked({
    name: given.name ?? before.name,
    text: given.text ?? before.text,
    locale: given.locale === undefined ? before.locale : given.locale,
  })
  await named(name, () => tx.query(SET, [id, name, text, locale]))
  return before
}

const REMOVE = 'delete from saved_replies where id = $1'

export async function removeSavedReply(tx: Queryable, id: number): Promise<SavedReply> {
  const before = await lockSavedReply(tx, id)
  await tx.query(REMOVE, [id])
  return before
}

const USE = 'update saved_replies set uses = uses + 1, used_at = $2 where id = $1'

/** Counts that a saved reply was sent. One that was removed meanwhile counts nothing. */
export async function countUse(tx: Queryable, id: number, now: Date): Promise<void> {
  await tx.query(USE, [id, now])
}

function checked({ name, text, locale }: Wanted): Wanted {
  return { name: onOneLine(name), text: checkedWords({ text, pictures: [] }), locale }
}

async function named<T>(name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (violatedConstraint(error) === 'one_saved_reply_a_name') throw refuse('saved_reply_name_taken', name)
    throw error
  }
}

/** The values that a saved reply may have, and what they are in one ticket. */
export const replyValues = ['ticket', 'customer', 'order', 'service', 'link', 'status', 'remains', 'me', 'site'] as const
export type ReplyValues = Readonly<Record<(typeof replyValues)[number], string>>

/** The text with its values; braces that name nothing stay as they are. */
export function filled(text: string, values: ReplyValues): string {
  return text.replaceAll(/\{([a-z]{1,20})\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? values[name as keyof ReplyValues] : whole,
  )
}
