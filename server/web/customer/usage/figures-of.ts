import type { CallsOfADay } from '../../../customers/calls.ts'
import type { KeyDay } from '../../../orders/usage.ts'

/** The usage of a day or of a key. Money is in units of 10⁻⁵. */
export interface Figures {
  readonly orders: bigint
  readonly charged: bigint
  readonly refunded: bigint
  readonly answered: bigint
  readonly refused: bigint
}

const NOTHING: Figures = { orders: 0n, charged: 0n, refunded: 0n, answered: 0n, refused: 0n }

function sum(one: Figures, other: Figures): Figures {
  return {
    orders: one.orders + other.orders,
    charged: one.charged + other.charged,
    refunded: one.refunded + other.refunded,
    answered: one.answered + other.answered,
    refused: one.refused + other.refused,
  }
}

export function totalOf(all: Iterable<Figures>): Figures {
  return [...all].reduce(sum, NOTHING)
}

export function isNothing(figures: Figures): boolean {
  return Object.values(figures).every((value) => value === 0n)
}

/** Sums orders and calls by the name that `name` returns for each. */
export function figuresBy<Name>(
  days: readonly KeyDay[],
  calls: readonly CallsOfADay[],
  name: (row: { readonly keyId: number; readonly day: string }) => Name,
): ReadonlyMap<Name, Figures> {
  const all = new Map<Name, Figures>()
  const add = (row: { readonly keyId: number; readonly day: string }, more: Partial<Figures>) =>
    all.set(name(row), sum(all.get(name(row)) ?? NOTHING, { ...NOTHING, ...more }))
  for (const day of days) add(day, { orders: BigInt(day.orders), charged: day.charged, refunded: day.refunded })
  for (const call of calls) add(call, isAnswered(call) ? { answered: call.calls } : { refused: call.calls })
  return all
}

function isAnswered({ outcome }: CallsOfADay): boolean {
  return outcome === 'ok'
}

/** The reasons of refused calls, most frequent first. */
export function reasonsOf(calls: readonly CallsOfADay[]): readonly (readonly [code: string, times: bigint])[] {
  const reasons = new Map<string, bigint>()
  for (const call of calls) if (!isAnswered(call)) reasons.set(call.outcome, (reasons.get(call.outcome) ?? 0n) + call.calls)
  return [...reasons].toSorted(([, one], [, other]) => (other > one ? 1 : -1))
}

export function figuresOn(days: readonly string[], by: ReadonlyMap<string, Figures>): readonly (readonly [string, Figures])[] {
  return days.map((day) => [day, by.get(day) ?? NOTHING] as const)
}
