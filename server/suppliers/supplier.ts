import type { OrderStatus, RefillStatus } from '../../contract/statuses.ts'

/** An order in its supplier's own terms. */
export interface WorkOrder {
  readonly orderId: bigint
  /** Our service type: it says which parameters go with it. */
  readonly type: string
  readonly link: string
  /** What the supplier is to deliver, by its own count. */
  readonly quantity: bigint
  readonly parameters: Readonly<Record<string, string>>
  /** The supplier's id of the service. */
  readonly theirService: string
}

/** What became of handing an order over. `refused`: the supplier said no, nothing was made. `not sent`: nothing can have
 * arrived. `unknown`: it may or may not have arrived, so it must not be sent again on a guess. */
export type AddAnswer =
  | { readonly kind: 'accepted'; readonly reference: string; readonly words: string | null }
  | { readonly kind: 'refused'; readonly reason: RefusalReason; readonly words: string }
  | { readonly kind: 'not sent'; readonly words: string }
  | { readonly kind: 'unknown'; readonly words: string }

/** `funds`: our own balance there is short, so the order waits. `account`: it does not take our key, so the order waits too. `limits`: asked
 * too often. The others are about this order. */
export type RefusalReason = 'funds' | 'account' | 'service' | 'link' | 'quantity' | 'limits' | 'other'

/** What a supplier says of an order; null is what it does not say. A status word nobody knows is null, with its words. */
export interface Standing {
  readonly status: OrderStatus | null
  readonly startCount: bigint | null
  readonly remains: bigint | null
  /** What it charged us, as it said it. */
  readonly cost: string | null
  readonly words: string
  /** The currency of the cost, where it is said. */
  readonly currency?: string | null
  /** Of a subscription: the references of the child orders that it made so far. */
  readonly children?: readonly string[]
  /** Only where it was asked closely, and tells: what was ordered of it, and for which address. */
  readonly quantity?: bigint | null
  readonly link?: string | null
  /** Numbers that are there and cannot be read, like `remains "2,5"`. */
  readonly unread?: readonly string[]
}

/** What a supplier says of one of the ids that it was asked for. Each is told by itself: one odd answer stops no other. */
export type Told<T> =
  | { readonly kind: 'read'; readonly standing: T }
  | { readonly kind: 'not known'; readonly words: string }
  | { readonly kind: 'unclear'; readonly words: string }

export interface RefillStanding {
  readonly status: RefillStatus | null
  readonly words: string
}

export type RequestAnswer =
  | { readonly kind: 'taken'; readonly reference: string | null }
  | { readonly kind: 'refused'; readonly words: string }
  | { readonly kind: 'unknown'; readonly words: string }

/** The supplier did not answer a question: nothing is known, nothing changes, it is asked again later. */
export class SupplierAway extends Error {
  override readonly name = 'SupplierAway'
  /** It answers, and does not take our key. */
  readonly refusesKey: boolean

  constructor(message: string, refusesKey = false) {
    super(message)
    this.refusesKey = refusesKey
  }
}

/** The port behind which work is done. Calls are made outside every transaction. */
export interface Supplier {
  /** Whether handing the same order over twice is one piece of work there. */
  repeatsSafely(): Promise<boolean>
  add(order: WorkOrder): Promise<AddAnswer>
  /** By reference; one that it did not answer for is missing. `closely`: with quantity and link, where it tells them. Throws SupplierAway
   * when it answered for none. */
  status(references: readonly string[], how?: { readonly closely: boolean }): Promise<ReadonlyMap<string, Told<Standing>>>
  /** Asks to stop; what comes of it is told by status. Throws SupplierAway. */
  cancel(references: readonly string[]): Promise<ReadonlyMap<string, RequestAnswer>>
  refill(reference: string): Promise<RequestAnswer>
  /** By refill reference, as status. */
  refillStatus(references: readonly string[]): Promise<ReadonlyMap<string, Told<RefillStanding>>>
}
