import type { OrderStatus, RefillStatus } from '../../contract/statuses.ts'

/* The port behind which work is done, and the only place where its words are declared.
 *
 * A new protocol is one function that answers a `Supplier` (see simulated.ts for the smallest one), opened in open.ts by its name.
 * A new dialect of the panel API teaches reading.ts and refusal-words.ts, and is named in test/suppliers/api-v2.test.ts.
 *
 * Three rules hold for every implementation:
 * 1. It never guesses. An answer that is not clearly a yes or a no is `unknown`; a value that cannot be read is null.
 * 2. Each order has an outcome of its own. One odd answer never takes the answers of the others with it.
 * 3. Its words go to staff and into the database: text of the supplier, at most some hundred characters, without control characters
 *    (`plain` in reading.ts) and without our key.
 *
 * Calls are made outside every transaction. Text of ids, links and parameters goes out as it is stored. */
export interface Supplier {
  /** Whether handing the same order over twice is one piece of work there. Only then is a lost answer asked for again; where it cannot be
   * found out now, false. Never throws. */
  repeatsSafely(): Promise<boolean>
  /** Hands one order over. Answers whatever happens; a throw counts as `unknown`. */
  add(order: WorkOrder): Promise<AddAnswer>
  /** How orders stand, by reference; one that got no answer is not in the map and is asked for again. `closely`: with quantity and link,
   * where the supplier tells them. Throws SupplierAway when it answered for none. */
  status(references: readonly string[], how?: { readonly closely: boolean }): Promise<ReadonlyMap<string, Told<Standing>>>
  /** Asks to stop orders, by reference. Whether they stop, and with how much left, is told by status. Answers for every reference. */
  cancel(references: readonly string[]): Promise<ReadonlyMap<string, RequestAnswer>>
  /** Asks to fill an order up again. The reference of what is taken is asked for by `refillStatus`. */
  refill(reference: string): Promise<RequestAnswer>
  /** How refills stand, by refill reference; otherwise as `status`. */
  refillStatus(references: readonly string[]): Promise<ReadonlyMap<string, Told<RefillStanding>>>
}

/** An order in its supplier's own terms. */
export interface WorkOrder {
  readonly orderId: bigint
  /** The service type by the contract's name: it says which parameters go with it. */
  readonly type: string
  /** As the customer gave it; of a subscription, the user name. */
  readonly link: string
  /** What the supplier is to deliver, by its own count: ours times the multiplier of the service. */
  readonly quantity: bigint
  /** What the type asks for beyond link and quantity, by the contract's names, as stored: days as Y-m-d. */
  readonly parameters: Readonly<Record<string, string>>
  /** The supplier's id of the service. */
  readonly theirService: string
}

/** What became of handing an order over. `not sent`: nothing can have arrived, it may be sent again. `unknown`: it may or may not have
 * arrived, so it is never sent again on a guess. */
export type AddAnswer =
  | { readonly kind: 'accepted'; readonly reference: string; readonly words: string | null }
  | Refused
  | { readonly kind: 'not sent'; readonly words: string }
  | { readonly kind: 'unknown'; readonly words: string }

/** The supplier said no, and nothing was made. */
export interface Refused {
  readonly kind: 'refused'
  readonly reason: RefusalReason
  readonly words: string
}

/** Why an order is refused. After the first three the same order may be taken later, so it waits: `funds`, our balance there is short;
 * `account`, our key or our account is not taken; `limits`, not now (too many requests, maintenance, another order at work on the link).
 * The others are about this order, which goes to the next supplier. */
export type RefusalReason = 'funds' | 'account' | 'limits' | 'service' | 'link' | 'quantity' | 'other'

/** What a supplier says of one of the ids that it was asked for. `unclear`: it answered, and nobody can act on the answer. */
export type Told<T> =
  | { readonly kind: 'read'; readonly standing: T }
  | { readonly kind: 'not known'; readonly words: string }
  | { readonly kind: 'unclear'; readonly words: string }

/** How an order stands, as far as the answer can be read; null is what it does not say. */
export interface Standing {
  /** Null where its word is not known, and of a Partial that does not say how much remains. */
  readonly status: OrderStatus | null
  /** Never below zero. */
  readonly startCount: bigint | null
  /** By the supplier's count. Below zero: more was delivered than ordered. */
  readonly remains: bigint | null
  /** What it charged us, in its currency: exact decimal text like "0.27819". */
  readonly cost: string | null
  /** The currency of the cost, where it is said. */
  readonly currency?: string | null
  /** Its own word for the status. */
  readonly words: string
  /** Of a subscription: the references of the child orders that it made so far. */
  readonly children?: readonly string[]
  /** Only where it was asked closely, and tells: what was ordered of it, and for which address. */
  readonly quantity?: bigint | null
  readonly link?: string | null
  /** Numbers that are there and cannot be read, like `remains "2,5"`. */
  readonly unread?: readonly string[]
}

export interface RefillStanding {
  readonly status: RefillStatus | null
  readonly words: string
}

/** What came of asking for a cancel or a refill. `refused`: for this order, and for good. `not now`: it was not taken, for a reason that lies
 * with our key or with the hour, so it is asked again. `unknown`: it may have been taken. */
export type RequestAnswer =
  | { readonly kind: 'taken'; readonly reference: string | null }
  | { readonly kind: 'refused'; readonly words: string }
  | { readonly kind: 'not now'; readonly words: string; readonly refusesKey: boolean }
  | { readonly kind: 'unknown'; readonly words: string }

/** A supplier that tells what its services cost and what we have there. Both throw SupplierAway where it does not answer so. */
export interface PriceSource {
  balance(): Promise<Balance>
  services(): Promise<ServiceList>
}

export interface Balance {
  /** Exact decimal text; below zero where we owe. */
  readonly balance: string
  readonly currency: string | null
}

export interface ServiceList {
  readonly services: readonly ListedService[]
  /** How many entries have no id. */
  readonly unreadable: number
}

/** A service on a supplier's list; what cannot be read is null. */
export interface ListedService {
  readonly service: string
  readonly name: string
  /** By the contract's name; null for a type that the contract does not know. */
  readonly type: string | null
  readonly typeWords: string
  readonly category: string
  /** Exact decimal text, for a thousand or for a package, in the currency of the balance. */
  readonly rate: string | null
  readonly min: bigint | null
  readonly max: bigint | null
  readonly dripfeed: boolean
  readonly refill: boolean
  readonly cancel: boolean
}

/** The supplier did not answer a question: nothing is known, nothing changes, it is asked again later. Staff read the message. */
export class SupplierAway extends Error {
  override readonly name = 'SupplierAway'
  /** It answers, and does not take our key. */
  readonly refusesKey: boolean

  constructor(message: string, refusesKey = false) {
    super(message)
    this.refusesKey = refusesKey
  }
}
