import { BEGIN_BY_INDEX, type Database, transaction } from '../db/pool.ts'

const BOOKS_AT_ONCE = 200

// Each book gets one line that moves the compensations of before from `given` to `sales`; nothing visible changes in a wallet. The books are locked in
// the order of their ids, like everywhere.
const CONVERT = `
  with turn as (
    select after from conversions where name = 'compensations from given' and done_at is null for update skip locked
  ),
  next as (
    select b.id from turn cross join lateral (select id from books where id > turn.after order by id limit $2) b
  ),
  paid as (
    select n.id, sum(t.amount)::bigint as amount from next n
    join transfers t on t.book_id = n.id and t.cause = 'compensation' and t.cause <> 'charge' and t.taken_from = 'sales' group by n.id
  ),
  locked as (
    select b.id, p.amount from paid p join books b on b.id = p.id order by b.id for no key update of b
  ),
  moved as (
    update books b set sales = b.sales + l.amount, given = b.given - l.amount, lines = b.lines + 1 from locked l where b.id = l.id
    returning b.id, b.lines, b.wallet, l.amount
  ),
  booked as (
    insert into transfers (book_id, line, cause, taken_from, given_to, amount, wallet_after, reference, note, at)
    select id, lines, 'correction', 'given', 'sales', amount, wallet, 'compensations from given', 'Compensations until now come from what is given, not from sales', $1
    from moved
  )
  update conversions c set after = coalesce((select max(id) from next), c.after),
    done_at = case when (select count(*) from next) < $2 then $1::timestamptz end
  from turn where c.name = 'compensations from given'
  returning c.done_at is null as more`

/**
 * Tells the compensations that were paid before there was an account for them from sales, in the next books, in one short transaction; one node at a
 * time. Returns whether there may be more.
 */
export async function convertCompensations(db: Database, now: Date, most = BOOKS_AT_ONCE): Promise<boolean> {
  const { rows } = await transaction(db, (tx) => tx.query<{ more: boolean }>(CONVERT, [now, most]), BEGIN_BY_INDEX)
  return rows[0]?.more === true
}
