import type { LineFilter } from '../../../ledger/browse.ts'
import { type Cause, causes } from '../../../ledger/sums.ts'
import { endOfDay } from '../../../staff/days.ts'

export const MOST = 50

/** What the address of the ledger asks for. */
export interface AskedLines {
  readonly account: number | null
  readonly order: bigint | null
  readonly reference: string
  readonly cause: Cause | null
  readonly until: string | null
  /** The books of test money. */
  readonly test: boolean
  readonly filter: LineFilter
}

export function askedLines(query: URLSearchParams): AskedLines {
  const cause = causes.find((each) => each === query.get('cause')) ?? null
  const until = dayIn(query, 'until')
  const test = query.get('test') !== null
  return {
    account: numberIn(query.get('account') ?? undefined),
    order: placeIn(query, 'order'),
    reference: (query.get('reference') ?? '').slice(0, 200),
    cause,
    until,
    test,
    filter: { cause, until: until === null ? null : endOfDay(until), play: test },
  }
}

/** The same as texts, for an address. */
export function queryOf({ account, order, reference, cause, until, test }: AskedLines): Record<string, string | number | bigint | null> {
  return { account, order, reference, cause, until, test: test ? '1' : null }
}

/** The number of an account or a book. */
export function numberIn(text: string | undefined): number | null {
  return /^\d{1,9}$/.test(text ?? '') ? Number(text) : null
}

/** The number of an order or a line, or a place in a list. */
export function placeIn(query: URLSearchParams, name: string): bigint | null {
  const text = query.get(name) ?? ''
  return /^\d{1,18}$/.test(text) ? BigInt(text) : null
}

export function dayIn(query: URLSearchParams, name: string): string | null {
  const text = query.get(name) ?? ''
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(new Date(text).getTime()) ? text : null
}
