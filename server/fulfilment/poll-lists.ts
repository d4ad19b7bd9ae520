import type { OrderStatus } from '../../contract/statuses.ts'
import { numberArray, textArray } from '../db/arrays.ts'
import { type Database, type Queryable, textRows } from '../db/pool.ts'
import { LEASE_SECONDS, MOVED_ON_BEFORE, PAUSE, type Watched } from './watched.ts'

/** A list of orders that a supplier is asked for together, claimed. */
export interface ClaimedList {
  readonly id: bigint
  /** Orders of which the supplier is expected to say what it said before. */
  readonly heard: readonly Heard[]
  /** Orders that are read, and compared with what the supplier says now. */
  readonly unheard: readonly string[]
  /** Its orders are young: it is asked for again before its claim would end. */
  readonly isShort: boolean
  /** When the claim ends; it is ours as long as this stands in it. */
  readonly claimedUntil: Date
}

/** An order of a list, with its id at the supplier and the answer that brought nothing new; null: the next answer is compared. */
export interface InList {
  readonly orderId: string
  readonly theirId: string
  readonly said: string | null
}

type Heard = InList & { readonly said: string }

/** How many orders one question is about. */
export const A_LIST = 100
/** Lists of no more than half are poured together, so that a list never becomes too long. */
const HALF = A_LIST / 2
const MOST_LISTS = 64

/** All orders of a list are read as often as this, whatever the supplier says, so that what staff changed in them is seen. */
const COMPARED_EVERY = "interval '1 hour'"

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
    select p.into_id as id, max(p.since) as since, array_agg(o.id) as order_ids from poured p cross join unnest(p.order_ids) as o(id)
    where p.into_id in (select into_id from poured group by into_id having count(*) > 1) group by 1
  )
  update poll_lists l set due_at = $2::timestamptz + greatest(p.pause, interval '${LEASE_SECONDS} seconds'), since = coalesce(m.since, l.since),
    order_ids = coalesce(m.order_ids, l.order_ids), said = case when m.id is null and l.compared_at > $2::timestamptz - ${COMPARED_EVERY} then l.said end
  from poured p left join merged m on m.id = p.id where l.id = p.id and p.into_id = p.id and p.order_ids <> '{}'
  returning l.id, to_json(l.order_ids::text[]) as "orderIds", to_json(l.their_ids) as "theirIds", to_json(l.said) as said, l.due_at as "claimedUntil",
    p.pause < interval '${LEASE_SECONDS} seconds' as "isShort"`

// Columns are few, because most answers bring nothing new and reading what is known is most of the work.
const MEMBERS = `
  select h.order_id, h.reference, o.service_id, o.quantity, o.status::text, o.start_count, o.remains, h.cost, h.odd_answers,
    (h.due_at > $2::timestamptz + ${MOVED_ON_BEFORE})::int + 2 * (o.cancel_asked_at is not null and not h.cancel_sent)::int + 4 * o.ended::int
      + 8 * (o.kind = 'subscription')::int + 16 * (h.due_at <= $2::timestamptz + interval '${LEASE_SECONDS} seconds')::int
  from hand_offs h join orders o on o.id = h.order_id
  where h.order_id = any($1::bigint[]) and h.poll_list = $3 and h.supplier_id = $4 and h.state = 'sent' and h.due_at < 'infinity'`
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
/** As MEMBERS selects them. */
type Member = [Text, Text, Text, Text, OrderStatus, Text, Text, Text | null, Text, Text]

interface ListRow extends Omit<ClaimedList, 'heard' | 'unheard'> {
  readonly orderIds: readonly string[]
  readonly theirIds: readonly string[] | null
  readonly said: readonly (string | null)[] | null
}

/** Claims lists that are due, of about `most` orders together. */
export async function claimLists(db: Database, supplierId: number, most: number, now: Date): Promise<ClaimedList[]> {
  const { rows } = await db.query<ListRow>({ name: 'claim poll lists', text: CLAIM, values: [supplierId, now, most] })
  return rows.map(({ orderIds, theirIds, said, ...list }) => ({
    ...list,
    heard: orderIds.flatMap((orderId, at) => {
      const last = said?.[at] ?? null
      return last === null ? [] : [{ orderId, theirId: theirIds![at]!, said: last }]
    }),
    unheard: orderIds.filter((_, at) => (said?.[at] ?? null) === null),
  }))
}

/** Orders of a list, as they are known here. */
export interface Members {
  readonly watched: readonly Watched[]
  /** They are asked for by themselves, soon or at this moment, and stay in the list. */
  readonly apart: readonly InList[]
}

interface Asked {
  readonly db: Database
  readonly supplierId: number
  readonly list: ClaimedList
  readonly orderIds: readonly string[]
}

/** Reads these orders of a list. Those that it leaves out are not in the list any more. */
export async function readMembers({ db, supplierId, list, orderIds }: Asked, now: Date): Promise<Members> {
  if (orderIds.length === 0) return { watched: [], apart: [] }
  const members = await textRows<Member>(db, 'members of poll lists', MEMBERS, [numberArray(orderIds), now, list.id, supplierId])
  const terms = await readTerms(db, supplierId, [...new Set(members.map(([, , service]) => service))])
  const isApart = (member: Member) => (Number(member[9]) & IS_ASKED_APART) !== 0
  return {
    watched: members.filter((member) => !isApart(member)).map((member) => watchedOf(member, terms.get(member[2])!)),
    apart: members.filter(isApart).map(([orderId, theirId]) => ({ orderId, theirId, said: null })),
  }
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
    reference,
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

const CLOSE = `
  update poll_lists set due_at = case when $4 then least(due_at, $3::timestamptz + ${PAUSE('since', '$3')}) else due_at end,
    order_ids = $5, their_ids = $6, said = $7, compared_at = case when $8 then $3 else compared_at end
  where id = $1 and due_at = $2`
const REMOVE = 'delete from poll_lists where id = $1 and due_at = $2'

/** Notes what a list has become by a look. A list whose claim has ended meanwhile is somebody else's, and left as it is. */
export async function closeList(db: Queryable, list: ClaimedList, remaining: readonly InList[], now: Date): Promise<void> {
  const { id, claimedUntil, isShort, heard } = list
  if (remaining.length === 0) return void (await db.query({ name: 'remove poll list', text: REMOVE, values: [id, claimedUntil] }))
  const orderIds = numberArray(remaining.map(({ orderId }) => orderId))
  const theirIds = textArray(remaining.map(({ theirId }) => theirId))
  const said = textArray(remaining.map((order) => order.said))
  const values = [id, claimedUntil, now, isShort, orderIds, theirIds, said, heard.length === 0]
  await db.query({ name: 'close poll list', text: CLOSE, values })
}

const CLOSE_SHORT = `update poll_lists set due_at = least(due_at, $3::timestamptz + ${PAUSE('since', '$3')}) where id = $1 and due_at = $2`

/** Nothing of a list has changed. Most lists need no note then: their claim says when they are asked for next. */
export async function closeUnchanged(db: Queryable, { id, claimedUntil, isShort }: ClaimedList, now: Date): Promise<void> {
  if (isShort) await db.query({ name: 'close short poll list', text: CLOSE_SHORT, values: [id, claimedUntil, now] })
}

const ASK_LIST_AT = 'update poll_lists set due_at = $2 where id = $1'

export async function askListAt(db: Queryable, id: bigint, at: Date): Promise<void> {
  await db.query({ name: 'ask list at', text: ASK_LIST_AT, values: [id, at] })
}
