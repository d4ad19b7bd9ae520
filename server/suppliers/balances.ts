import type { Queryable } from '../db/pool.ts'
import type { Balance } from './supplier.ts'

const EVERY_SECONDS = 300

// The row is claimed by moving its due_at, so that one node asks; a supplier without a row is asked at once.
const CLAIM_DUE = `
  with due as (
    select s.id from suppliers s left join supplier_standings t on t.supplier_id = s.id
    where s.protocol = 'api-v2' and not s.paused and (t.due_at is null or t.due_at <= $1)
    order by t.due_at nulls first, s.id limit 1
  )
  insert into supplier_standings as t (supplier_id, due_at) select id, $1::timestamptz + interval '${EVERY_SECONDS} seconds' from due
  on conflict (supplier_id) do update set due_at = excluded.due_at where t.due_at is null or t.due_at <= $1
  returning supplier_id as id`

/** The supplier whose balance is due to be asked for; undefined: none, or another node asks. */
export async function takeDueBalance(db: Queryable, now: Date): Promise<number | undefined> {
  return (await db.query<{ id: number }>({ name: 'due balance', text: CLAIM_DUE, values: [now] })).rows[0]?.id
}

const LOCK = 'select balance, currency from supplier_standings where supplier_id = $1 for no key update'
const NOTE = `
  insert into supplier_standings (supplier_id, balance, currency, balance_at) values ($1, $2::numeric, $3, $4)
  on conflict (supplier_id) do update set balance = excluded.balance, currency = excluded.currency, balance_at = excluded.balance_at`
const NOTE_HOUR = `
  insert into supplier_balances as b (supplier_id, hour, balance, spent)
  values ($1, date_trunc('hour', $3::timestamptz, 'UTC'), $2::numeric, greatest(coalesce($4::numeric, $2::numeric) - $2::numeric, 0))
  on conflict (supplier_id, hour) do update set balance = excluded.balance, spent = b.spent + excluded.spent`

const A_DECIMAL = /^-?\d{1,20}(\.\d{1,20})?$/

/** Stores a balance and what was spent since the one before. Call it within a transaction. What cannot be read as an amount changes nothing. */
export async function noteBalance(tx: Queryable, supplierId: number, { balance, currency }: Balance, now: Date): Promise<void> {
  if (!A_DECIMAL.test(balance)) return
  const before = (await tx.query<{ balance: string | null; currency: string | null }>(LOCK, [supplierId])).rows[0]
  const isComparable = before !== undefined && before.balance !== null && before.currency === currency
  await tx.query(NOTE, [supplierId, balance, currency, now])
  await tx.query(NOTE_HOUR, [supplierId, balance, now, isComparable ? before.balance : null])
}

const LOW = `
  select trim_scale(t.balance)::text as balance, t.currency, trim_scale(s.balance_low)::text as low,
    coalesce(t.balance < s.balance_low, false) as "isLow"
  from suppliers s join supplier_standings t on t.supplier_id = s.id where s.id = $1 and t.balance is not null`

/** Our balance at a supplier beside the limit that the operator set. */
export interface BalanceHeld {
  readonly balance: string
  readonly currency: string | null
  /** Null: no limit. */
  readonly low: string | null
  readonly isLow: boolean
}

/** Undefined when the balance is not known. */
export async function findBalance(db: Queryable, supplierId: number): Promise<BalanceHeld | undefined> {
  return (await db.query<BalanceHeld>({ name: 'balance and limit', text: LOW, values: [supplierId] })).rows[0]
}

/** Our balance at the end of an hour, and what was spent in it. */
export interface BalanceHour {
  readonly hour: Date
  readonly balance: string
  readonly spent: string
}

const HOURS = `
  select hour, trim_scale(balance)::text as balance, trim_scale(spent)::text as spent from supplier_balances
  where supplier_id = $1 and hour >= $2 order by hour`

export async function readBalanceHours(db: Queryable, supplierId: number, since: Date): Promise<BalanceHour[]> {
  return (await db.query<BalanceHour>({ name: 'balances of a supplier', text: HOURS, values: [supplierId, since] })).rows
}
