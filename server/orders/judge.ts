import { openStatuses, type OrderStatus } from '../../contract/statuses.ts'
import { type Refusal, refuse } from '../refusal.ts'
import type { Progress } from './settle.ts'

/** A change of an order as staff ask for it. Null keeps the current value. */
export interface Wanted {
  readonly orderId: bigint
  readonly status: OrderStatus | null
  readonly startCount: bigint | null
  readonly remains: bigint | null
  readonly words: string | null
}

/** An order under its row lock. */
export interface LockedOrder {
  readonly id: bigint
  readonly kind: string
  readonly status: OrderStatus
  readonly sent: boolean
  readonly ended: boolean
  readonly quantity: bigint
  readonly startCount: bigint
  readonly remains: bigint
  readonly cancelAsked: boolean
}

/** Selects locked orders; a condition and the lock follow. */
export const LOCKED_ORDERS = `
  select id, kind, status::text, sent, ended, quantity, start_count as "startCount", remains, cancel_asked_at is not null as "cancelAsked" from orders`

export function isFinal(status: OrderStatus): boolean {
  return status === 'Completed' || status === 'Partial' || status === 'Canceled'
}

const open: readonly OrderStatus[] = openStatuses

type Verdict = { readonly fault: Refusal } | { readonly news: Progress | undefined }

/** Whether staff may make the change, and the news that follows from it. Repeating the same change is allowed: bots repeat calls that got no answer. */
export function judge(wanted: Wanted, order: LockedOrder | undefined): Verdict {
  if (!order) return { fault: refuse('unknown_order') }
  if (order.kind !== 'single') return { fault: refuse('changed_by_its_orders', order.kind) }
  if (order.ended) return saysTheSame(wanted, order) ? { news: undefined } : { fault: refuse('order_ended', order.status) }
  const status = wanted.status ?? (order.status === 'Pending' ? 'Processing' : order.status)
  if (!isFinal(status) && open.indexOf(status) < open.indexOf(order.status)) return { fault: refuse('order_ended', order.status) }
  if (status === 'Pending')
    return wanted.remains === null && wanted.startCount === null ? { news: undefined } : { fault: refuse('remains_too_early') }
  const { remains } = wanted
  if (remains !== null && remains > order.quantity) return { fault: refuse('incorrect_field', 'remains') }
  if (status === 'Partial' && (remains === null || remains < 0n))
    return { fault: refuse(remains === null ? 'field_required' : 'incorrect_field', 'remains') }
  // Completed means that nothing remains. A negative number means over-delivery, and is stored as it is.
  const left = status === 'Completed' && remains !== null && remains > 0n ? 0n : remains
  return { news: { orderId: order.id, status, startCount: wanted.startCount, remains: left, words: wanted.words } }
}

function saysTheSame({ status, remains, startCount }: Wanted, order: LockedOrder): boolean {
  return (
    status === order.status && (remains === null || remains === order.remains) && (startCount === null || startCount === order.startCount)
  )
}
