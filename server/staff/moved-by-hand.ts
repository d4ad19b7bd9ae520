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

const MOVED = `
  select l.line, l.at, coalesce(l.result ->> 'asked_by', l.who) as who, case when p.id is not null then l.who end as "agreedBy",
    l.account_id as account, a.currency, coalesce(i.input ->> 'amount', i.input ->> 'balance', '0') as amount, coalesce(i.input ->> 'note', '') as note,
    l.result ->> 'line' as "bookLine"
  from staff_log l join accounts a on a.id = l.account_id
  left join approvals p on l.act = 'approval accept' and p.id = (l.result ->> 'approval')::int
  cross join lateral (select coalesce(p.input, l.input) as input) i
  where l.act in ('fund', 'account add', 'approval accept') and (l.act = 'approval accept' or l.result ->> 'approval' is null)
    and coalesce(i.input ->> 'amount', i.input ->> 'balance', '0')::numeric <> 0`

/** A page of what was moved by hand before a moment and since another, newest first. */
export async function listMoved(
  db: Queryable,
  time: { readonly from: Date; readonly until: Date },
  page: { readonly before: bigint | null; readonly most: number },
): Promise<Moved[]> {
  const text = `${MOVED} and l.at >= $1 and l.at < $2 and ($3::bigint is null or l.line < $3) order by l.at desc, l.line desc limit $4`
  return (await db.query<Moved>({ name: 'moved by hand', text, values: [time.from, time.until, page.before, page.most] })).rows
}

const OF_LINE = `${MOVED} and l.account_id = $1 and (l.result ->> 'line')::bigint = $2 order by l.line limit 1`

/** Who moved what stands in this line of an account's book; undefined: nobody of staff. */
export async function whoMoved(db: Queryable, account: number, bookLine: bigint): Promise<Moved | undefined> {
  return (await db.query<Moved>({ name: 'who moved', text: OF_LINE, values: [account, bookLine] })).rows[0]
}
