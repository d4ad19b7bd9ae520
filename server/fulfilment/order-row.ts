import { formatUnits } from '../ledger/money.ts'
import type { StaffOrder } from './all-orders.ts'

/** The columns of an order for programs of staff. */
export const ORDER_COLUMNS = [
  'order', 'account', 'email', 'test', 'key', 'service', 'supplier', 'their_id', 'hand_off', 'kind', 'origin', 'parent', 'status', 'link', 'quantity',
  'start_count', 'remains', 'charge', 'refunded', 'currency', 'cost', 'cancel_asked', 'placed', 'started', 'ended',
] as const // prettier-ignore

/** An order for programs of staff: amounts as decimal texts. */
export function orderRow(order: StaffOrder) {
  return {
    order: order.id,
    account: order.account,
    email: order.email,
    test: order.test,
    key: order.keyId,
    service: order.service,
    supplier: order.supplier,
    their_id: order.reference,
    hand_off: order.handOff,
    kind: order.kind,
    origin: order.origin,
    parent: order.parent,
    status: order.status,
    link: order.link,
    quantity: order.quantity,
    start_count: order.startCount,
    remains: order.remains,
    charge: formatUnits(order.charge),
    refunded: formatUnits(order.refunded),
    currency: order.currency,
    cost: order.cost,
    cancel_asked: order.cancelAsked,
    placed: order.placedAt,
    started: order.startedAt,
    ended: order.endedAt,
  } satisfies Readonly<Record<(typeof ORDER_COLUMNS)[number], unknown>>
}
