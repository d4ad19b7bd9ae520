/** The baselines place one order at a time: the same rows, guards and durable commit as place_orders(). */

export const LOCK_BOOK = 'select wallet from books where id = $1 for no key update'

export const DEBIT = `
  update books set wallet = wallet - $2, sales = sales + $2, lines = lines + 1 where id = $1
  returning lines as line, wallet`

export const STORE_ORDER = `
  insert into orders (id, book_id, line, key_id, service_id, supplier_id, quantity, charge, rate, remains, link, placed_at)
  values (nextval('bench_order_ids'), $1, $2, $3, $4, $5, $6, $7, $8, $6, $9, now())
  returning id`

export const STORE_TRANSFER = `
  insert into transfers (book_id, line, cause, taken_from, given_to, amount, wallet_after, order_id, at)
  values ($1, $2, 'charge', 'wallet', 'sales', $3, $4, $5, now())`

/** The whole order in one statement: the best that a server can do without batches. $1 book, $2 key, $3 service, $4 supplier, $5 quantity, $6
 * charge, $7 rate, $8 link. Returns no row when the wallet is short. */
export const ONE_STATEMENT = `
  with paid as (
    update books set wallet = wallet - $6::bigint, sales = sales + $6, lines = lines + 1 where id = $1::int and wallet >= $6
    returning lines as line, wallet, nextval('bench_order_ids') as id
  ),
  stored as (
    insert into orders (id, book_id, line, key_id, service_id, supplier_id, quantity, charge, rate, remains, link, placed_at)
    select id, $1, line, $2::int, $3::int, $4::int, $5::bigint, $6, $7::text, $5, $8::text, now() from paid
  ),
  moved as (
    insert into transfers (book_id, line, cause, taken_from, given_to, amount, wallet_after, order_id, at)
    select $1, line, 'charge', 'wallet', 'sales', $6, wallet, id, now() from paid
  )
  select id from paid`
