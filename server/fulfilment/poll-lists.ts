import type { OrderStatus } from '../../contract/statuses.ts'
import { type Database, type Queryable, textRows } from '../db/pool.ts'
import { LEASE_SECONDS, MOVED_ON_BEFORE, PAUSE, type Watched } from './watched.ts'

/** A list of orders that a supplier is asked for together. */
export interface ClaimedList {
  readonly id: bigint
  readonly watched: readonly Watched[]
  /** Orders that have left it. */
  readonly strays: readonly bigint[]
  /** Its orders are young: it is asked for again before its claim would end. */
  readonly isShort: boolean
}

/** How many orders one question is about. */
export const A_LIST = 100
/** Lists of no more than half are poured together, so that a list never becomes too long. */
const HALF = A_LIST / 2
const MOST_LISTS = 64

// The claim moves due_at forward by no less than the lease, so nobody asks for a list while an answer is under way, and the list of a node that dies is
// asked for next time. Small lists of the same age that are due together become one: few orders come into a list at once, and they leave it one by one.
const CLAIM = `
  with due as (
    select id, due_at, since, order_ids, cardinality(order_ids) as size, ${PAUSE('since')} as pause from poll_lists
    where supplier_id = $1 and due_at <= $2 order by due_at limit ${MOST_LISTS} for update skip locked
  ),
  taken as (
    select id, since, order_ids, pause, size, size <= ${HALF} as is_small
    from (select due.*, sum(size) over (order by due_at, id) - size as before from due) d where before < $3
  ),
  poured as (
    select id, since, order_ids, pause, case when is_small then first_value(id) over (partition by is_small, pause, part order by size desc, id) else id end as into_id
    from (select taken.*, (sum(size) over (partition by is_small, pause order by size desc, id) - 1) / ${HALF} as part from taken) t
  ),
  moved as (
    update hand_offs h set poll_list = p.into_id from poured p
    where p.into_id <> p.id and h.order_id = any(p.order_ids) and h.poll_list = p.id
  ),
  emptied as (
    delete from poll_lists l using poured p where l.id = p.id and (p.into_id <> p.id or p.order_ids = '{}')
  ),
  merged as (
    select p.into_id as id, p.pause, max(p.since) as since, array_agg(o.id) as order_ids from poured p cross join unnest(p.order_ids) as o(id) group by 1, 2
  )
  update poll_lists l set due_at = $2::timestamptz + greatest(m.pause, interval '${LEASE_SECONDS} seconds'), since = m.since, order_ids = m.order_ids
  from merged m where l.id = m.id
  returning l.id, l.order_ids as "orderIds", m.pause < interval '${LEASE_SECONDS} seconds' as "isShort"`

// Columns are few, because most answers bring nothing new and reading what is known is most of the work. An order that is asked for by itself soon, or
// at this moment, is left out: it stays in its list.
const MEMBERS = `
  select t.id, h.reference, o.service_id, o.quantity, o.status::text, o.start_count, o.remains, h.cost, h.odd_answers,
    (h.due_at > $3::timestamptz + ${MOVED_ON_BEFORE})::int + 2 * (o.cancel_asked_at is not null and not h.cancel_sent)::int + 4 * o.ended::int
      + 8 * (o.kind = 'subscription')::int + 16 * (h.due_at <= $3::timestamptz + interval '${LEASE_SECONDS} seconds')::int
  from unnest($1::bigint[], $2::bigint[]) as t(id, list)
  left join hand_offs h on h.order_id = t.id and h.poll_list = t.list and h.supplier_id = $4 and h.state = 'sent' and h.due_at < 'infinity'
  left join orders o on o.id = h.order_id`
const IS_LISTED = 1
const CANCEL_ASKED = 2
const ENDED = 4
const IS_SUBSCRIPTION = 8
const IS_ASKED_APART = 16

const TERMS = `
  select s.id, s.type, coalesce(m.multiplier, 1)::bigint as multiplier, u.currency
  from services s join suppliers u on u.id = $1 left join service_suppliers m on m.service_id = s.id and m.supplier_id = u.id
  where s.id = any($2::int[])`

type Terms = Pick<Watched, 'type' | 'multiplier' | 'currency'>
type Text = string
/** As MEMBERS selects them; an order that has left its list has nothing but its id. */
type Member = [Text, Text | null, Text, Text, OrderStatus, Text, Text, Text | null, Text, Text]

/** Claims lists that are due, of about `most` orders together. */
export async function claimLists(db: Database, supplierId: number, most: number, now: Date): Promise<ClaimedList[]> {
  const claim = { name: 'claim poll lists', text: CLAIM, values: [supplierId, now, most] }
  const { rows: lists } = await db.query<{ id: bigint; orderIds: bigint[]; isShort: boolean }>(claim)
  if (lists.length === 0) return []
  const listOf = new Map(lists.flatMap((list) => list.orderIds.map((orderId) => [String(orderId), list.id] as const)))
  const members = await textRows<Member>(db, 'members of poll lists', MEMBERS, [[...listOf.keys()], [...listOf.values()], now, supplierId])
  const terms = await readTerms(db, supplierId, [
    ...new Set(members.flatMap(([, reference, service]) => (reference === null ? [] : service))),
  ])
  const claimed = new Map(lists.map(({ id, isShort }) => [id, { id, isShort, watched: [] as Watched[], strays: [] as bigint[] }]))
  for (const member of members) {
    const { watched, strays } = claimed.get(listOf.get(member[0])!)!
    if (member[1] === null) strays.push(BigInt(member[0]))
    else if ((Number(member[9]) & IS_ASKED_APART) === 0) watched.push(watchedOf(member, terms.get(member[2])!))
  }
  return [...claimed.values()]
}

async function readTerms(db: Queryable, supplierId: number, services: readonly string[]): Promise<ReadonlyMap<string, Terms>> {
  if (services.length === 0) return new Map()
  type Row = Terms & { readonly id: number }
  const { rows } = await db.query<Row>({ name: 'terms of poll lists', text: TERMS, values: [supplierId, services] })
  return new Map(rows.map(({ id, ...terms }) => [String(id), terms]))
}

function watchedOf([id, reference, , quantity, status, startCount, remains, cost, odd, flags]: Member, terms: Terms): Watched {
  const { type, multiplier, currency } = terms
  const has = Number(flags)
  return {
    orderId: BigInt(id),
    reference: reference!,
    isSubscription: (has & IS_SUBSCRIPTION) !== 0,
    type,
    quantity: BigInt(quantity),
    multiplier,
    oddAnswers: Number(odd),
    currency,
    cancelAsked: (has & CANCEL_ASKED) !== 0,
    ended: (has & ENDED) === 0 ? null : status,
    status,
    startCount: BigInt(startCount),
    remains: BigInt(remains),
    cost,
    dueAt: null,
    isListed: (has & IS_LISTED) !== 0,
  }
}

const EMPTY = 'delete from poll_lists where id = $1 and order_ids <@ $2::bigint[]'
const CLOSE = `
  update poll_lists set due_at = least(due_at, $2::timestamptz + ${PAUSE('since', '$2')}), order_ids = array(select id from unnest(order_ids) as t(id) where id <> all($3::bigint[]))
  where id = $1`

/** Notes that the answers about a list have been taken. Most lists need no note: their claim says when they are asked for next. */
export async function closeList(db: Queryable, { id, strays, isShort, watched }: ClaimedList, now: Date): Promise<void> {
  if (strays.length === 0 && !isShort) return
  if (watched.length === 0 && ((await db.query({ name: 'empty poll list', text: EMPTY, values: [id, strays] })).rowCount ?? 0) > 0) return
  await db.query({ name: 'close poll list', text: CLOSE, values: [id, now, strays] })
}

const ASK_LIST_AT = 'update poll_lists set due_at = $2 where id = $1'

export async function askListAt(db: Queryable, id: bigint, at: Date): Promise<void> {
  await db.query({ name: 'ask list at', text: ASK_LIST_AT, values: [id, at] })
}
