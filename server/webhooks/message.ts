import type { OrderStatus, RefillStatus } from '../../contract/statuses.ts'
import { formatUnits, type Units } from '../ledger/money.ts'
import type { ToldTicketNews } from '../support/news.ts'

/** Every type of message that a webhook can get (docs/webhooks.md has an example of each). */
export const messageTypes = [
  'order.processing',
  'order.in_progress',
  'order.completed',
  'order.partial',
  'order.canceled',
  'order.active',
  'order.paused',
  'order.expired',
  'refill.pending',
  'refill.in_progress',
  'refill.completed',
  'refill.rejected',
  'refill.error',
  'balance.low',
  'deposit.credited',
  'deposit.reversed',
  'deposit.won_back',
  'deposit.failed',
  'deposit.expired',
  'deposit.review',
  'ticket.opened',
  'ticket.replied',
  'ticket.closed',
  'ticket.reopened',
  'ticket.merged',
] as const

export const everyMessage: readonly string[] = ['order.*', 'refill.*', 'balance.low', 'deposit.*', 'ticket.*']

/** Whether an endpoint that subscribes to `events` (order.completed, order.*) gets messages of this type. */
export function isWanted(events: readonly string[], type: string): boolean {
  return events.includes(type) || events.includes(`${type.split('.', 1)[0]!}.*`)
}

export function isEventName(text: string): boolean {
  return (messageTypes as readonly string[]).includes(text) || ['order.*', 'refill.*', 'balance.*', 'deposit.*', 'ticket.*'].includes(text)
}

/** One message, as it waits to be sent. */
export interface Message {
  /** The webhook-id header. */
  readonly id: string
  readonly type: string
  readonly orderId: bigint | null
  readonly body: string
}

/** An order at the moment of an event; the texts are those of `status`. */
export interface MovedOrder {
  readonly orderId: bigint
  readonly status: OrderStatus
  readonly kept: Units
  readonly startCount: bigint
  readonly remains: bigint
  readonly currency: string
}

/** `at` is the time of the event. The same change of a book always has the same id. */
export function orderMessage(bookId: number, change: bigint, at: Date, order: MovedOrder): Message {
  const data = `"order":${order.orderId},"status":"${order.status}","charge":"${formatUnits(order.kept)}","start_count":"${order.startCount}","remains":"${order.remains}","currency":"${order.currency}"`
  return message(`msg_${bookId}_${change}`, `order.${wordOf(order.status)}`, order.orderId, at, data)
}

export function refillMessage(
  bookId: number,
  change: bigint,
  at: Date,
  refill: { refillId: bigint; orderId: bigint; status: RefillStatus },
): Message {
  const data = `"refill":${refill.refillId},"order":${refill.orderId},"status":"${refill.status}"`
  return message(`msg_${bookId}_${change}`, `refill.${wordOf(refill.status)}`, refill.orderId, at, data)
}

export function balanceMessage(
  bookId: number,
  times: bigint,
  at: Date,
  balance: { wallet: Units; below: Units; currency: string },
): Message {
  const data = `"balance":"${formatUnits(balance.wallet)}","below":"${formatUnits(balance.below)}","currency":"${balance.currency}"`
  return message(`msg_${bookId}_low${times}`, 'balance.low', null, at, data)
}

/** A payment at the moment of its news; amounts are in the currency of the account. */
export interface ToldDeposit {
  readonly id: bigint
  /** Null: staff booked it by hand. */
  readonly paymentId: bigint | null
  readonly reference: string | null
  /** Without the bonus. */
  readonly amount: Units
  readonly bonus: Units
  readonly currency: string
  /** The number of the receipt or credit note, like 2026-17. */
  readonly document: string | null
}

export function depositMessage(bookId: number, type: `deposit.${string}`, at: Date, deposit: ToldDeposit): Message {
  const { id, paymentId, reference, amount, bonus, currency, document } = deposit
  const data = `"deposit":${paymentId},"reference":${JSON.stringify(reference)},"amount":"${formatUnits(amount)}","bonus":"${formatUnits(bonus)}","currency":"${currency}","document":${JSON.stringify(document)}`
  return message(`msg_${bookId}_deposit${id}`, type, null, at, data)
}

/** A ticket at the moment of its news. What was written is not told: whoever may read it asks the API, or opens the page. */
export function ticketMessage(bookId: number, { id, what, ticketId, side, messageId, mergedInto, at }: ToldTicketNews): Message {
  const into = what === 'merged' ? `,"into":${mergedInto}` : ''
  return message(
    `msg_${bookId}_ticket${id}`,
    `ticket.${what}`,
    null,
    at,
    `"ticket":${ticketId},"by":"${side}","message":${messageId}${into}`,
  )
}

export function testMessage(webhookId: number, unique: string, at: Date): Message {
  return message(`msg_test_${unique}`, 'webhook.test', null, at, `"webhook":${webhookId}`)
}

function message(id: string, type: string, orderId: bigint | null, at: Date, data: string): Message {
  return { id, type, orderId, body: `{"type":"${type}","timestamp":"${at.toISOString()}","data":{${data}}}` }
}

/** `In progress` → `in_progress` */
function wordOf(status: string): string {
  return status.toLowerCase().replaceAll(' ', '_')
}
