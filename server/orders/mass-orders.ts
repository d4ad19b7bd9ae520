import { numberArray, textArray } from '../db/arrays.ts'
import { sqlFunction } from '../db/call.ts'
import type { Queryable } from '../db/pool.ts'
import type { Units } from '../ledger/money.ts'
import { type RefusalCode, refuse } from '../refusal.ts'
import type { Retry } from './priced-order.ts'

/** A row of a mass order as it is stored after the check. */
export interface CheckedLine {
  /** The text line where it begins in the submitted list, from 1. */
  readonly number: number
  readonly source: string
  /** Null: the row could not be read. */
  readonly parameters: Readonly<Record<string, string | undefined>> | null
  /** Null: the row could not be priced. */
  readonly charge: Units | null
  /** Null: the row is valid. */
  readonly refusal: LineRefusal | null
}

export interface LineRefusal {
  readonly code: RefusalCode
  readonly text: string
}

export interface NewMassOrder {
  readonly bookId: number
  readonly form: string
  readonly heading: string | null
  readonly lines: readonly CheckedLine[]
  readonly at: Date
}

const STORE = `
  with made as (
    insert into mass_orders (book_id, form, heading, made_at, lines, refused) values ($1, $2, $3, $4, $5, $6)
    on conflict (book_id, form) do nothing returning id
  ), lines as (
    insert into mass_order_lines (mass_order_id, number, source, parameters, charge, refusal_code, refusal)
    select made.id, t.* from made, unnest($7::int[], $8::text[], $9::jsonb[], $10::bigint[], $11::text[], $12::text[]) as t
  )
  select id from made`
const STORED = 'select id from mass_orders where book_id = $1 and form = $2'

/** Stores a checked list and returns its number; if the same form is sent again, returns the list that it made before. */
export async function storeMassOrder(db: Queryable, { bookId, form, heading, lines, at }: NewMassOrder): Promise<bigint> {
  const values = [
    numberArray(lines.map((line) => line.number)),
    textArray(lines.map((line) => line.source)),
    textArray(lines.map((line) => line.parameters && JSON.stringify(line.parameters))),
    numberArray(lines.map((line) => line.charge)),
    textArray(lines.map((line) => line.refusal?.code ?? null)),
    textArray(lines.map((line) => line.refusal?.text ?? null)),
  ]
  const refused = lines.filter((line) => line.refusal).length
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    const { rows } = await db.query<{ id: bigint }>(STORE, [bookId, form, heading, at, lines.length, refused, ...values])
    const stored = rows[0] ?? (await db.query<{ id: bigint }>(STORED, [bookId, form])).rows[0]
    // Between the two statements, the existing list may have been deleted for newer ones: then this one is new.
    if (stored) return stored.id
  }
  throw refuse('overloaded', 'This list is sent many times at once')
}

/** A mass order, and its progress. */
export interface MassOrder {
  readonly id: bigint
  readonly bookId: number
  readonly accountId: number
  readonly heading: string | null
  readonly madeAt: Date
  readonly placingSince: Date | null
  readonly workedAt: Date | null
  readonly doneAt: Date | null
  readonly lines: number
  readonly placed: number
  readonly refused: number
  readonly charged: Units
}

const COLUMNS = `m.id, m.book_id as "bookId", b.account_id as "accountId", m.heading, m.made_at as "madeAt",
  m.placing_since as "placingSince", m.worked_at as "workedAt", m.done_at as "doneAt", m.lines, m.placed, m.refused, m.charged`
const READ = `select ${COLUMNS} from mass_orders m join books b on b.id = m.book_id where m.id = $1 and m.book_id = $2`

/** Another book's list is answered like one that does not exist. */
export async function readMassOrder(db: Queryable, bookId: number, id: bigint): Promise<MassOrder | undefined> {
  return (await db.query<MassOrder>({ name: 'mass order', text: READ, values: [id, bookId] })).rows[0]
}

const NEWEST = 9_223_372_036_854_775_807n
const LIST = `
  select ${COLUMNS} from mass_orders m join books b on b.id = m.book_id where m.book_id = $1 and m.id < $2 order by m.id desc limit $3`

/** A book's lists, newest first. */
export async function listMassOrders(db: Queryable, bookId: number, page: { before: bigint | null; most: number }): Promise<MassOrder[]> {
  const values = [bookId, page.before ?? NEWEST, page.most]
  return (await db.query<MassOrder>({ name: 'mass orders', text: LIST, values })).rows
}

/** A row, and its outcome. */
export interface MassOrderLine extends Omit<CheckedLine, 'refusal'> {
  readonly orderId: bigint | null
  readonly refusalCode: string | null
  readonly refusal: string | null
}

export type LineFilter = 'all' | 'refused' | 'open'

const LINES = `
  select number, source, parameters, charge, order_id as "orderId", refusal_code as "refusalCode", refusal
  from mass_order_outcomes
  where mass_order_id = $1 and number > $2
    and ($3 = 'all' or ($3 = 'refused' and refusal_code is not null) or ($3 = 'open' and refusal_code is null and order_id is null))
  order by number limit $4`

/** Rows in their order, from the one after `after`: all, those that were refused, or those that are still to be placed. */
export async function readMassOrderLines(
  db: Queryable,
  id: bigint,
  filter: LineFilter,
  page: { after: number; most: number },
): Promise<MassOrderLine[]> {
  const values = [id, page.after, filter, page.most]
  return (await db.query<MassOrderLine>({ name: 'mass order lines', text: LINES, values })).rows
}

/** The amounts that are still to be paid for a list. */
export interface Outstanding {
  /** The total price of the rows that are to be placed. */
  readonly open: Units
  /** The number of rows for which money was missing, and their total price. */
  readonly shortLines: number
  readonly short: Units
}

const OUTSTANDING = `
  select coalesce(sum(charge) filter (where refusal_code is null and order_id is null), 0)::bigint as open,
    (count(*) filter (where is_short))::int as "shortLines", coalesce(sum(charge) filter (where is_short), 0)::bigint as short
  from mass_order_outcomes, lateral (select refusal_code = 'not_enough_funds' and charge is not null as is_short) s
  where mass_order_id = $1`

export async function readOutstanding(db: Queryable, id: bigint): Promise<Outstanding> {
  return (await db.query<Outstanding>({ name: 'mass order outstanding', text: OUTSTANDING, values: [id] })).rows[0]!
}

/** The retry key of a row, by which it is recognised when it is ordered again: mass_order_key() makes the same one in the database. */
export function retryOfLine(massOrder: bigint, number: number): Retry {
  const key = `\u0001mass:${massOrder}:${number}`
  return { key, fingerprint: key, windowSeconds: 0 }
}

const BEGIN = `
  update mass_orders set placing_since = coalesce(placing_since, $3), worked_at = $3 where id = $1 and book_id = $2 and done_at is null`

/** Starts placing its rows, for the first time or again after placing was given up. */
export async function beginPlacing(db: Queryable, { id, bookId }: MassOrder, now: Date): Promise<void> {
  await db.query(BEGIN, [id, bookId, now])
}

const REOPEN = `
  with again as (
    update mass_order_lines l set refusal_code = null, refusal = null from mass_orders m
    where m.id = $1 and m.book_id = $2 and m.placing_since is not null
      and l.mass_order_id = m.id and l.refusal_code = 'not_enough_funds' and l.charge is not null
    returning l.number
  )
  update mass_orders set done_at = null, worked_at = $3 where id = $1 and exists (select from again)`

/** Retries the rows for which money was missing, at the prices that were shown. */
export async function takeUpShortLines(db: Queryable, { id, bookId }: MassOrder, now: Date): Promise<void> {
  await db.query(REOPEN, [id, bookId, now])
}

const REFUSE = `
  update mass_order_lines l set refusal_code = t.code, refusal = t.refusal
  from unnest($2::int[], $3::text[], $4::text[]) as t(number, code, refusal) where l.mass_order_id = $1 and l.number = t.number`

export async function noteRefusals(db: Queryable, id: bigint, refused: readonly (LineRefusal & { number: number })[]): Promise<void> {
  if (refused.length === 0) return
  const columns = [refused.map((line) => line.number), refused.map((line) => line.code), refused.map((line) => line.text)]
  await db.query({ name: 'refuse mass order lines', text: REFUSE, values: [id, ...columns] })
}

const COUNT_MASS_ORDER = sqlFunction('count_mass_order', ['id', 'now'])
const COUNT = `select ${COLUMNS} from ${COUNT_MASS_ORDER.within({ id: '$1', now: '$2' })} m join books b on b.id = m.book_id`

/** Counts the outcomes of its rows; if no row is left to place, the list is done. */
export async function countMassOrder(db: Queryable, id: bigint, now: Date): Promise<MassOrder> {
  return (await db.query<MassOrder>({ name: 'count mass order', text: COUNT, values: [id, now] })).rows[0]!
}

const CLAIM = `
  update mass_orders m set worked_at = $1 from books b
  where b.id = m.book_id and m.id = (
    select id from mass_orders where placing_since is not null and done_at is null and worked_at between $2 and $3
    order by worked_at limit 1 for update skip locked)
  returning ${COLUMNS}`

/** Takes a list whose placing has stopped: it was last worked on between these two moments. No other node gets it until the same time has passed. */
export async function claimLeftMassOrder(db: Queryable, now: Date, since: Date, until: Date): Promise<MassOrder | undefined> {
  return (await db.query<MassOrder>({ name: 'claim mass order', text: CLAIM, values: [now, since, until] })).rows[0]
}

const GIVE_UP = 'update mass_orders set worked_at = null where id = $1 and done_at is null'

/** Stops placing automatically; the customer decides about the remaining rows. */
export async function giveUpPlacing(db: Queryable, id: bigint): Promise<void> {
  await db.query(GIVE_UP, [id])
}

const FORGET_DRAFTS = `
  delete from mass_orders where book_id = $1 and placing_since is null
    and id not in (select id from mass_orders where book_id = $1 and placing_since is null order by id desc limit $2)`

/** Deletes a book's lists that were only checked, except the newest `kept`. */
export async function forgetOlderDrafts(db: Queryable, bookId: number, kept: number): Promise<void> {
  await db.query(FORGET_DRAFTS, [bookId, kept])
}

const FORGET = 'delete from mass_orders where made_at <= $1'

/** Deletes old lists with their rows; the orders stay. */
export async function forgetMassOrders(db: Queryable, before: Date): Promise<void> {
  await db.query(FORGET, [before])
}
