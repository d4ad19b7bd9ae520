import type { Docket } from './docket.ts'

const GROW = `
  with book as (select id, wallet, lines from books where account_id = $1 and not play),
  line as (
    select n, n % 10 = 0 as down, 1 + n % 7 as amount, case when n % 10 = 0 then -1 - n % 7 else 1 + n % 7 end as change
    from generate_series(1, $2::int) as n
  ),
  stored as (
    insert into transfers (book_id, line, cause, taken_from, given_to, amount, wallet_after, note, at)
    select b.id, b.lines + n, case when down then 'correction' else 'deposit' end::transfer_cause,
      case when down then 'wallet' else 'paid_in' end::ledger_account, case when down then 'paid_in' else 'wallet' end::ledger_account,
      amount, b.wallet + sum(change) over (order by n), 'no. ' || n, $3::timestamptz + n * $4::interval
    from line, book b
  )
  update books b set wallet = b.wallet + s.total, paid_in = b.paid_in - s.total, lines = b.lines + $2
  from (select coalesce(sum(change), 0) as total from line) s, book where b.id = book.id returning b.id`

/** Deposits and corrections, one every so often, all at once. Answers the book. */
export async function growBook(docket: Docket, account: number, lines: number, from: Date, every: string): Promise<number> {
  return (await docket.db.query<{ id: number }>(GROW, [account, lines, from, every])).rows[0]!.id
}
