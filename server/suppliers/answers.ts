import type { OrderStatus, RefillStatus } from '../../contract/statuses.ts'

/** An order as a supplier of the panel API needs to know it. */
export interface SupplierOrder {
  readonly orderId: bigint
  /** Which run of a drip-feed this is, when each is handed over by itself: it is an order of its own to the supplier. */
  readonly run?: number
  /** The supplier's own id of the service, and its type by the contract's name. */
  readonly service: string
  readonly type: string
  readonly link: string
  /** What is ordered by this hand-off; of one run, where `parameters` has runs. */
  readonly quantity: bigint
  /** What the type asks for beyond link and quantity, as stored: dates as Y-m-d. */
  readonly parameters: Readonly<Record<string, string>> | null
}

/** What a refusal is about. `account`: our key, not this order. `limits`: not now (too many requests, maintenance, another order
 * at work on the link). After `funds`, `account` and `limits` the same order may be taken later; nothing was created by it. */
export type RefusalReason = 'funds' | 'account' | 'service' | 'link' | 'quantity' | 'limits' | 'other'

/** `not sent`: nothing can have been created; it may be sent again. `unknown`: it may have been created; never sent again. */
export type Unsettled = { readonly kind: 'not sent'; readonly words: string } | { readonly kind: 'unknown'; readonly words: string }

export type AddAnswer =
  | { readonly kind: 'accepted'; readonly reference: string; readonly raw: string }
  | { readonly kind: 'refused'; readonly words: string; readonly reason: RefusalReason }
  | Unsettled

export type RefillAnswer =
  | { readonly kind: 'accepted'; readonly reference: string; readonly raw: string }
  | { readonly kind: 'refused'; readonly words: string }
  | Unsettled

/** `requested`: taken; what comes of it is told by status. */
export type CancelAnswer = { readonly kind: 'requested' } | { readonly kind: 'refused'; readonly words: string } | Unsettled

/** A question that could not be answered now: nothing is known, nothing changes, ask again. */
export interface Fault {
  readonly kind: 'fault'
  readonly words: string
  /** It does not take our key, or our account there is closed. */
  readonly refusesKey?: boolean
}

/** The supplier answered for this id, and nobody knows what the answer means. It says nothing of other ids. */
export interface Unclear {
  readonly kind: 'unclear'
  readonly words: string
}

/** The supplier answered and does not know the id. */
export interface Missing {
  readonly kind: 'missing'
  readonly words: string
}

/** How an order stands, as far as the answer can be read. What cannot be read is null, never a guess. */
export interface Standing {
  readonly kind: 'standing'
  readonly status: OrderStatus | null
  readonly startCount: bigint | null
  /** Below zero: over-delivered. */
  readonly remains: bigint | null
  /** What the supplier took, in its currency: exact decimal text. */
  readonly charge: string | null
  readonly currency: string | null
  /** Its own word for the status. */
  readonly words: string
  /** `orders`: the child orders of a subscription or a drip-feed. */
  readonly children: readonly string[]
  /** What `extended=1` adds, at a Docket. */
  readonly quantity: bigint | null
  readonly link: string | null
  /** Numbers that are there and cannot be read, like `remains "2,5"`. */
  readonly unread?: readonly string[]
}

export type StatusAnswer = Standing | Missing | Unclear | Fault

export interface RefillStanding {
  readonly kind: 'standing'
  readonly status: RefillStatus | null
  readonly words: string
}

export type RefillStatusAnswer = RefillStanding | Missing | Unclear | Fault

export type BalanceAnswer = { readonly kind: 'balance'; readonly balance: string; readonly currency: string | null } | Fault

/** A service on a supplier's list. Rates are exact decimal text; what cannot be read is null. */
export interface ListedService {
  readonly service: string
  readonly name: string
  /** By the contract's name; null for a type that the contract does not know. */
  readonly type: string | null
  readonly typeWords: string
  readonly category: string
  readonly rate: string | null
  readonly min: bigint | null
  readonly max: bigint | null
  readonly dripfeed: boolean
  readonly refill: boolean
  readonly cancel: boolean
}

/** `unreadable` counts the entries without an id. */
export type ServicesAnswer = { readonly kind: 'services'; readonly services: readonly ListedService[]; readonly unreadable: number } | Fault

/** "Did my lost order arrive?" `cannot tell`: this supplier takes no idempotency keys. `missing` is only true of the moment: a
 * request that was lost on its way back may still be at work. */
export type FindAnswer =
  | { readonly kind: 'found'; readonly reference: string | null; readonly standing: Standing }
  | Missing
  | { readonly kind: 'cannot tell'; readonly words: string }
  | Fault

/** A supplier that is a panel. Every method answers, none throws for what a supplier or the network does. */
export interface PanelSupplier {
  add(order: SupplierOrder): Promise<AddAnswer>
  /** Every reference asked for is in the map. */
  status(references: readonly string[], how?: { readonly extended: boolean }): Promise<ReadonlyMap<string, StatusAnswer>>
  cancel(references: readonly string[]): Promise<ReadonlyMap<string, CancelAnswer>>
  refill(reference: string): Promise<RefillAnswer>
  refillStatus(refills: readonly string[]): Promise<ReadonlyMap<string, RefillStatusAnswer>>
  balance(): Promise<BalanceAnswer>
  services(): Promise<ServicesAnswer>
  /** The key under which `add` sends this order. */
  idempotencyKey(order: Pick<SupplierOrder, 'orderId' | 'run'>): string
  findByIdempotencyKey(key: string): Promise<FindAnswer>
}
