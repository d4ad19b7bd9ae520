import type { Queryable } from '../db/pool.ts'

/** Money that a member of staff moved by hand, as the log tells it. */
export interface Moved {
  readonly line: bigint
  readonly at: Date
  /** Who moved it, or asked for it. */
  readonly who: string
  /** The second person, who agreed. */
  readonly agreedBy: string | null
  readonly account: number
  readonly currency: string
  /** In decimal digits; negative: taken. */
  readonly amount: string
  readonly note: string
  /** Its line in the book of the account. */
  readonly bookLine: string | null
}

/** Lines of the log that move money; the one in which somebody agreed has what the other one had asked for. */
const MOVED = (conditions: string) => `
  select l.*, coalesce((select p.input from approvals p where l.act = 'approval accept' and p.id = (l.result ->> 'approval')::int), l.input) as moved
  from staff_log l
  where l.act in ('fund', 'account add', 'approval accept') and (l.act = 'approval accept' or l.result ->> 'approval' is null) and ${conditions}`
const COLUMNS = `
  select l.line, l.at, coalesce(l.result ->> 'asked_by', l.who) as who, case when l.act = 'approval accept' then l.who end as "agreedBy",
    l.account_id as account, a.currency, coalesce(l.moved ->> 'amount', l.moved ->> 'balance', '0') as amount, coalesce(l.moved ->> 'note', '') as note,
    l.result ->> 'line' as "bookLine"`
const IS_MONEY = `coalesce(l.moved ->> 'amount', l.moved ->> 'balance', '0')::numeric <> 0`

// `offset 0`: the lines are taken from their index, newest first, until the page is full.
const NEWEST = `
  ${COLUMNS} from (
    select * from (${MOVED('l.at >= $1 and l.at < $2 and ($3::bigint is null or l.line < $3)')} order by l.at desc, l.line desc offset 0) l
    where ${IS_MONEY} order by l.at desc, l.line desc limit $4
  ) l join accounts a on a.id = l.account_id order by l.at desc, l.line desc`

/** A page of what was moved by hand before a moment and since another, newest first. */
export async function listMoved(
  db: Queryable,
  time: { readonly from: Date; readonly until: Date },
  page: { readonly before: bigint | null; readonly most: number },
): Promise<Moved[]> {
  return (await db.query<Moved>({ name: 'moved by hand', text: NEWEST, values: [time.from, time.until, page.before, page.most] })).rows
}

const OF_LINE = `
  ${COLUMNS} from (${MOVED(`l.account_id = $1 and (l.result ->> 'line')::bigint = $2`)}) l join accounts a on a.id = l.account_id
  where ${IS_MONEY} order by l.line limit 1`

/** Who moved what stands in this line of an account's book; undefined: nobody of staff. */
export async function whoMoved(db: Queryable, account: number, bookLine: bigint): Promise<Moved | undefined> {
  return (await db.query<Moved>({ name: 'who moved', text: OF_LINE, values: [account, bookLine] })).rows[0]
}
