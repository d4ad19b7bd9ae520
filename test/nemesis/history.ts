/** What became of an add, as far as its client was told. */
export type Outcome =
  | 'placed'
  /** Refused by a sentence of the protocol: nothing was done. */
  | 'refused'
  /** Refused for a while (429, 503): nothing was done. */
  | 'not now'
  /** The server says that it does not know, or failed: the order may exist. */
  | 'unknown'
  /** The connection broke, or the client left: the order may exist. */
  | 'lost'
  /** No answer within the bound. */
  | 'hung'

/** One request to place an order. Times are milliseconds of one clock, the checker's own. */
export interface Add {
  readonly account: number
  readonly node: number
  readonly service: number
  readonly quantity: number
  /** Of one intention only: all attempts with a retry key share it, no other request has it. */
  readonly link: string
  readonly retryKey: string | undefined
  /** Units of 10⁻⁵. */
  readonly maxCharge: bigint | undefined
  readonly sentAt: number
  answeredAt: number
  outcome: Outcome
  order?: string
  said?: string
}

/** A stretch of time in which something was so. */
export interface Stretch {
  readonly from: number
  until: number
}

/** A rate that orders may have been charged by in this stretch, per 1000. */
export interface Price extends Stretch {
  readonly service: number
  readonly unitsPer1000: bigint
}

export interface Account {
  readonly account: number
  readonly book: number
  readonly key: string
  readonly paidIn: bigint
}

export interface Violation {
  readonly kind: string
  readonly told: string
}

/** All that one seed sent, was told, and did to the servers. */
export interface History {
  readonly accounts: readonly Account[]
  readonly adds: Add[]
  readonly prices: Price[]
  /** Stretches in which a process of the servers was stopped by the checker: no request can be answered then. */
  readonly stopped: Stretch[]
  /** Set when the database was set back: what was committed after `backupFrom` and before `until` may be forgotten. */
  readonly setBack: (Stretch & { readonly backupFrom: number })[]
  readonly requests: Record<string, number>
  /** Seen while it happened. */
  readonly violations: Violation[]
}

export function openHistory(accounts: readonly Account[]): History {
  return { accounts, adds: [], prices: [], stopped: [], setBack: [], requests: {}, violations: [] }
}

const MOST_VIOLATIONS = 1000

export function accuse(history: Pick<History, 'violations'>, kind: string, told: string) {
  if (history.violations.length < MOST_VIOLATIONS) history.violations.push({ kind, told })
}

export function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}
