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

/** Who asks for fewer is served as fast by the database alone. */
const A_LIST = 10

/** How the orders of `status` are read. Lists come past what the node remembers: clients ask for the same hundred again and again. */
export function openOrderReads(db: Database, queueLimit: number): OrderReads {
  const few = openFewReads(db, queueLimit)
  const remembered = openRememberedOrders()
  const many = openManyReads(db, few, remembered, queueLimit)
  const read = (ask: OrderAsk) => (ask.ids.length < A_LIST ? few(ask) : many(ask))
  return Object.assign(read, { depth: () => few.depth() + many.depth(), forget: () => remembered.forgetAll() })
}

const MOST_MOVED = 200n

// Where each asker's feed stands, and the orders that moved since the node last looked, in the snapshot in which the missing ones are read.
// Whatever status shows of an order moves in one commit with an event of its book's feed: what no event names is true as remembered.
const ORDERS_SINCE = `
  select ${COLUMNS}, ${REFUSED_KEYS},
    (select string_agg(f.book_id || ':' || f.changes, ',') from feeds f where f.book_id = any($3::int[]))
  from orders where id = any($1::bigint[] || array(
    select e.order_id from unnest($3::int[], $4::bigint[]) as asked(book_id, since)
    cross join lateral (
      select order_id from order_events where book_id = asked.book_id and change > asked.since order by change limit ${MOST_MOVED}
    ) e
  ))`

/** Every answer is as true as one from the database: it is compared with the feed in the statement (docs/decisions/0016). */
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
      // A feed that went back is of a database that was set back.
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

/** `12:7` for each book: its feed has 7 changes. A book of which nothing ever moved has no feed. */
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
