import type { OrderStatus, RefillStatus } from '../../contract/statuses.ts'

/*
 * The interface of every supplier, and the only place where its types are declared.
 *
 * A new protocol is one function that answers a `Supplier` (see simulated.ts for the smallest one), opened in open.ts by its name. A new dialect of
 * the panel API goes into reading.ts and refusal-words.ts, with a case in test/suppliers/api-v2.test.ts.
 *
 * Three rules hold for every implementation:
 * 1. It never guesses. An answer that is not clearly a yes or a no is `unknown`; a value that cannot be read is null.
 * 2. Each order has an outcome of its own. One odd answer never costs the other orders their answers.
 * 3. Its words go to staff and into the database: text of the supplier, at most some hundred characters, without control characters
 *    (`plain` in reading.ts) and without our key.
 *
 * Calls are made outside every transaction. Ids, links and parameters are sent as they are stored.
 */
export interface Supplier {
  /**
   * Whether sending the same order twice makes one order there. Only then is an order sent again after a lost answer. False when it cannot be found
   * out now. Never throws.
   */
  repeatsSafely(): Promise<boolean>
  /** Sends one order. Always answers; a throw counts as `unknown`. */
  add(order: WorkOrder): Promise<AddAnswer>
  /**
   * The states of orders, by reference; a reference without an answer is not in the map, and is asked for again. `closely`: with quantity and link,
   * when the supplier reports them. Throws SupplierAway when there is an answer for none.
   */
  status(references: readonly string[], how?: { readonly closely: boolean }): Promise<ReadonlyMap<string, Told<Standing>>>
  /** Asks the supplier to stop orders, by reference. `status` reports whether they stop, and how much remains. Answers for every reference. */
  cancel(references: readonly string[]): Promise<ReadonlyMap<string, RequestAnswer>>
  /** Asks for a refill of an order. `refillStatus` takes the reference of the answer. */
  refill(reference: string): Promise<RequestAnswer>
  /** The states of refills, by refill reference; otherwise as `status`. */
  refillStatus(references: readonly string[]): Promise<ReadonlyMap<string, Told<RefillStanding>>>
}

/** An order in its supplier's own terms. */
export interface WorkOrder {
  readonly orderId: bigint
  /** The contract's name of the service type, which says which parameters go with it. */
  readonly type: string
  /** As the customer gave it; for a subscription, the user name. */
  readonly link: string
  /** The quantity in the supplier's units: ours times the multiplier of the service. */
  readonly quantity: bigint
  /** The parameters of the type besides link and quantity, under the contract's names and as stored: days as Y-m-d. */
  readonly parameters: Readonly<Record<string, string>>
  /** The supplier's id for the service. */
  readonly theirService: string
}

/**
 * The result of sending an order. `not sent`: nothing can have arrived, so it may be sent again. `unknown`: it may or may not have arrived, so it is
 * never sent again on a guess.
 */
export type AddAnswer =
  | { readonly kind: 'accepted'; readonly reference: string; readonly words: string | null }
  | Refused
  | { readonly kind: 'not sent'; readonly words: string }
  | { readonly kind: 'unknown'; readonly words: string }

/** The supplier said no, and nothing was created. */
export interface Refused {
  readonly kind: 'refused'
  readonly reason: RefusalReason
  readonly words: string
}

/**
 * Why an order is refused. After the first three the same order may be accepted later, so it waits: `funds`: our balance there is short; `account`:
 * our key or our account is refused; `limits`: not now (too many requests, maintenance, another active order for the link). The others are about this
 * order, which goes to the next supplier.
 */
export type RefusalReason = 'funds' | 'account' | 'limits' | 'service' | 'link' | 'quantity' | 'other'

/** A supplier's answer for one of the ids. `unclear`: it answered, but nobody can act on the answer. */
export type Told<T> =
  | { readonly kind: 'read'; readonly standing: T }
  | { readonly kind: 'not known'; readonly words: string }
  | { readonly kind: 'unclear'; readonly words: string }

/** The state of an order, as far as the answer can be read; null: the answer does not say. */
export interface Standing {
  /** Null when the word is not known, or for a Partial without its remains. */
  readonly status: OrderStatus | null
  /** Never below zero. */
  readonly startCount: bigint | null
  /** In the supplier's units. Below zero: more was delivered than ordered. */
  readonly remains: bigint | null
  /** The amount that it charged us, in its currency: exact decimal text like "0.27819". */
  readonly cost: string | null
  /** The currency of the cost, when the answer names it. */
  readonly currency?: string | null
  /** The supplier's own word for the status. */
  readonly words: string
  /** For a subscription: the references of the child orders that it has made so far. */
  readonly children?: readonly string[]
  /** Only for `closely`, when the supplier reports them: the quantity and the link that were ordered. */
  readonly quantity?: bigint | null
  readonly link?: string | null
  /** Numbers that cannot be read, like `remains "2,5"`. */
  readonly unread?: readonly string[]
}

export interface RefillStanding {
  readonly status: RefillStatus | null
  readonly words: string
}

/**
 * The result of asking for a cancel or a refill. `refused`: for this order, and for good. `not now`: not accepted because of our key or of the
 * moment, so it is asked again. `unknown`: it may have been accepted.
 */
export type RequestAnswer =
  | { readonly kind: 'taken'; readonly reference: string | null }
  | { readonly kind: 'refused'; readonly words: string }
  | { readonly kind: 'not now'; readonly words: string; readonly refusesKey: boolean }
  | { readonly kind: 'unknown'; readonly words: string }

/** A supplier that reports the prices of its services and our balance. Both throw SupplierAway when it does not answer. */
export interface PriceSource {
  balance(): Promise<Balance>
  services(): Promise<ServiceList>
}

export interface Balance {
  /** Exact decimal text; below zero when we owe. */
  readonly balance: string
  readonly currency: string | null
}

export interface ServiceList {
  readonly services: readonly ListedService[]
  /** How many entries have no id. */
  readonly unreadable: number
}

/** A service on a supplier's list; a field that cannot be read is null. */
export interface ListedService {
  readonly service: string
  readonly name: string
  /** The contract's name; null for a type that the contract does not know. */
  readonly type: string | null
  readonly typeWords: string
  readonly category: string
  /** Exact decimal text, per thousand or per package, in the currency of the balance. */
  readonly rate: string | null
  readonly min: bigint | null
  readonly max: bigint | null
  readonly dripfeed: boolean
  readonly refill: boolean
  readonly cancel: boolean
}

/** The supplier did not answer a question: nothing is known, nothing changes, and it is asked again later. Staff read the message. */
export class SupplierAway extends Error {
  override readonly name = 'SupplierAway'
  /** It answers, but refuses our key. */
  readonly refusesKey: boolean

  constructor(message: string, refusesKey = false) {
    super(message)
    this.refusesKey = refusesKey
  }
}
