import { numberArray } from '../db/arrays.ts'
import { coalesce } from '../db/coalesce.ts'
import { type Database, textRows } from '../db/pool.ts'
import {
  COLUMNS,
  type Columns,
  idArray,
  openFewReads,
  type OrderAsk,
  type FewReads,
  type OrderReads,
  type OrderRow,
  ownOrders,
  readColumns,
  REFUSED_KEYS,
} from './read.ts'
import { openRememberedOrders, type RememberedOrders } from './remembered-orders.ts'

/** For shorter lists the database alone is as fast. */
const A_LIST = 10

/** How `status` reads orders. Lists also use the orders that the node remembers, because clients ask for the same hundred again and again. */
export function openOrderReads(db: Database, queueLimit: number): OrderReads {
  const few = openFewReads(db, queueLimit)
  const remembered = openRememberedOrders()
  const many = openManyReads(db, few, remembered, queueLimit)
  const read = (ask: OrderAsk) => (ask.ids.length < A_LIST ? few(ask) : many(ask))
  return Object.assign(read, { depth: () => few.depth() + many.depth(), forget: () => remembered.forgetAll() })
}

const MOST_MOVED = 200n

// The position of each caller's feed, and the orders that moved since the node last looked, in the same snapshot as the missing orders. All that
// status shows of an order changes in one commit with an event of its book's feed, so an order without a new event is still as remembered.
const ORDERS_SINCE = `
  select ${COLUMNS}, ${REFUSED_KEYS},
    (select string_agg(f.book_id || ':' || f.changes, ',') from feeds f where f.book_id = any($3::int[]))
  from orders where id = any($1::bigint[] || array(
    select e.order_id from unnest($3::int[], $4::bigint[]) as asked(book_id, since)
    cross join lateral (
      select order_id from order_events where book_id = asked.book_id and change > asked.since order by change limit ${MOST_MOVED}
    ) e
  ))`

/** Every answer is as current as one from the database: the statement compares it with the feed (docs/decisions/0016). */
function openManyReads(db: Database, few: FewReads, remembered: RememberedOrders, queueLimit: number): FewReads {
  return coalesce(
    async (asks) => {
      const forgotten = remembered.forgotten()
      const kept = asks.map(({ bookId, ids }) => remembered.keptOf(bookId, ids))
      const missing = asks.flatMap(({ ids }, index) => ids.filter((id) => !kept[index]!.orders.has(id)))
      const sinces = new Map(asks.map(({ bookId }, index) => [bookId, kept[index]!.since]))
      const keyIds = numberArray(asks.map((ask) => ask.keyId))
      const values = [idArray(missing), keyIds, numberArray([...sinces.keys()]), numberArray([...sinces.values()])]
      const [columns] = await textRows<Columns>(db, 'orders since', ORDERS_SINCE, values)
      const { orders, refusedKeys, ...told } = readColumns(columns!)
      const changes = changesOf(told.changes)
      const found = byBook(orders)
      // If a feed went back, its database was set back.
      const isTold = (bookId: number, since: bigint | null) => {
        const moved = since === null ? 0n : (changes.get(bookId) ?? 0n) - since
        return moved >= 0n && moved <= MOST_MOVED
      }
      for (const [bookId, since] of sinces) {
        const change = changes.get(bookId) ?? 0n
        if (!isTold(bookId, since)) remembered.forget(bookId)
        else if (remembered.forgotten() === forgotten) remembered.learn(bookId, since, change, found.get(bookId)?.values() ?? [])
      }
      return Promise.all(
        asks.map(async (ask, index) => {
          if (refusedKeys.has(String(ask.keyId))) return null
          const { since, orders } = kept[index]!
          return isTold(ask.bookId, since) ? ownOrders(ask, found.get(ask.bookId), orders) : few(ask)
        }),
      )
    },
    { most: 128, slots: 2, limit: queueLimit },
  )
}

/** `12:7` for each book: its feed has 7 changes. A book in which nothing ever moved has no feed. */
function changesOf(pairs: readonly string[]): ReadonlyMap<number, bigint> {
  return new Map(pairs.map((pair) => pair.split(':')).map(([bookId, changes]) => [Number(bookId), BigInt(changes!)]))
}

function byBook(rows: readonly OrderRow[]): ReadonlyMap<number, ReadonlyMap<string, OrderRow>> {
  const books = new Map<number, Map<string, OrderRow>>()
  for (const row of rows) {
    const bookId = Number(row.bookId)
    const book = books.get(bookId)
    if (book) book.set(row.id, row)
    else books.set(bookId, new Map([[row.id, row]]))
  }
  return books
}
