import type { OrderStatus, RefillStatus } from '../../contract/statuses.ts'
import type { Queryable, Transaction } from '../db/pool.ts'
import type { Units } from '../ledger/money.ts'
import { addMessages } from './add-messages.ts'
import type { DeliveryDependencies } from './deliver.ts'
import { gatherBalances } from './gather-balances.ts'
import { gatherDeposits } from './gather-deposits.ts'
import { gatherTickets } from './gather-tickets.ts'
import { isWanted, type Message, orderMessage, refillMessage } from './message.ts'

const MOST_WEBHOOKS = 50
const MOST_EVENTS = 500

interface Behind {
  id: number
  bookId: number
  events: string[]
  seenChange: bigint
}

const BEHIND = `
  select w.id, w.book_id as "bookId", w.events, w.seen_change as "seenChange"
  from webhooks w join feeds f on f.book_id = w.book_id
  where f.changes > w.seen_change and w.paused_at is null order by w.id limit ${MOST_WEBHOOKS} for update of w skip locked`

/**
 * Turns events into messages that wait for delivery, and tells by mail what concerns money. The cursor moves in the transaction that writes the messages: a crash leaves both or neither, so
 * no event is skipped or doubled. Answers how many endpoints got messages.
 */
export async function gather(tx: Transaction, deps: Pick<DeliveryDependencies, 'secret' | 'site'>, now: Date): Promise<number> {
  const { rows } = await tx.query<Behind>({ name: 'webhooks behind', text: BEHIND })
  for (const webhook of rows) await catchUp(tx, webhook, now)
  return rows.length + (await gatherBalances(tx, deps, now)) + (await gatherDeposits(tx, deps, now)) + (await gatherTickets(tx, now))
}

interface Event {
  change: bigint
  orderId: bigint
  refillId: bigint | null
  at: Date
  status: string
  startCount: bigint
  remains: bigint
  kept: Units
  currency: string
  /** The status is the same as before: only counts or words have changed, and the feed of changes shows those. */
  unchanged: boolean
}

// Refunds are given when an order ends, compensations when they fall due. The amount kept at the event is the charge less the refunds and
// compensations up to it.
const EVENTS = `
  select e.change, e.order_id as "orderId", e.refill_id as "refillId", e.at, e.status,
    coalesce(e.start_count, o.start_count) as "startCount", coalesce(e.remains, o.remains) as remains, b.currency,
    o.charge - paid.by_then - case when e.status in ('Completed', 'Partial', 'Canceled', 'Expired') then o.refunded - paid.back else 0 end as kept,
    e.status = coalesce((
      select p.status from order_events p
      where p.order_id = e.order_id and p.book_id = e.book_id and p.refill_id is null and p.change < e.change
      order by p.change desc limit 1), 'Pending') as unchanged
  from order_events e join orders o on o.id = e.order_id join books b on b.id = e.book_id
  cross join lateral (
    select coalesce(sum(amount), 0)::bigint as back, coalesce(sum(amount) filter (where at <= e.at), 0)::bigint as by_then
    from transfers where order_id = e.order_id and cause = 'compensation'
  ) paid
  where e.book_id = $1 and e.change > $2 order by e.change limit ${MOST_EVENTS}`
const MOVE_CURSOR = 'update webhooks set seen_change = $2 where id = $1'

async function catchUp(tx: Queryable, webhook: Behind, now: Date): Promise<void> {
  const { rows } = await tx.query<Event>({ name: 'events of a book', text: EVENTS, values: [webhook.bookId, webhook.seenChange] })
  const messages = rows.flatMap((event) => messageOf(webhook.bookId, event)).filter((message) => isWanted(webhook.events, message.type))
  await addMessages(tx, webhook.id, messages, now)
  const last = rows.at(-1)
  if (last) await tx.query(MOVE_CURSOR, [webhook.id, last.change])
}

function messageOf(bookId: number, event: Event): Message[] {
  const { change, at, refillId } = event
  if (refillId !== null) return [refillMessage(bookId, change, at, { ...event, refillId, status: event.status as RefillStatus })]
  return event.unchanged ? [] : [orderMessage(bookId, change, at, { ...event, status: event.status as OrderStatus })]
}
