import { z } from 'zod'
import { violatedConstraint } from '../db/pool.ts'
import { refuse } from '../refusal.ts'

/** The promises of a service for its orders, and how often it refills them. Null: no promise; refills without a limit. */
export interface Terms {
  /** Minutes from placement. */
  readonly startWithin: number | null
  readonly finishWithin: number | null
  /** The compensation for a missed promise, in hundredths of a per cent of the charge. Null: the order is cancelled instead. */
  readonly compensationBasisPoints: number | null
  readonly refillCount: number | null
}

/** How long orders really took, in seconds from placement. */
export interface MeasuredTime {
  readonly median: number
  readonly p95: number
}

const MINUTES_A_YEAR = 525_600
const minutes = z.int().min(1).max(MINUTES_A_YEAR).nullable().optional()

/** The terms in a list of services, under the names by which they are shown. An absent field stays as it is. */
export const listedTerms = {
  start_within: minutes,
  finish_within: minutes,
  when_missed: z.enum(['cancel', 'compensate']).nullable().optional(),
  compensation_basis_points: z.int().min(1).max(10_000).nullable().optional(),
  refill_count: z.int().min(1).max(10_000).nullable().optional(),
}

/** A sentence when the terms of a listed service contradict each other; otherwise undefined. */
export function contradictionIn(listed: z.output<z.ZodObject<typeof listedTerms>>): string | undefined {
  const { start_within: start, finish_within: finish, when_missed: way, compensation_basis_points: share } = listed
  if (start && finish && finish < start) return 'finish_within is below start_within'
  if (way === 'compensate' && !share) return 'when_missed is compensate, so compensation_basis_points says how much'
  return way === 'cancel' && share ? 'when_missed is cancel, so there is no compensation_basis_points' : undefined
}

const REFUSED: Readonly<Record<string, string>> = {
  min_and_max_fit: 'The least quantity would be above the most',
  an_order_starts_before_it_finishes: 'An order cannot finish before it starts: finish-within is at least start-within',
  start_within_is_within_a_year: `start-within is 1 to ${MINUTES_A_YEAR} minutes`,
  finish_within_is_within_a_year: `finish-within is 1 to ${MINUTES_A_YEAR} minutes`,
  compensation_is_a_share_of_the_charge: 'A compensation must be above zero and at most the charge',
  refill_count_is_positive: 'Allow 1 to 10000 refills per order; to allow none, switch refill off',
}

/** Turns a refusal of the database into a Refusal with a sentence; any other error stays as it is. */
export function inWords(error: unknown): unknown {
  const words = REFUSED[violatedConstraint(error) ?? '']
  return words === undefined ? error : refuse('contradictory_service', words)
}

/** The terms and times of a service as data, for a caller who asks for all details. */
export function showTerms(
  service: Terms & { readonly refill: boolean; readonly startTime: MeasuredTime | null; readonly finishTime: MeasuredTime | null },
) {
  const { startWithin, finishWithin, compensationBasisPoints } = service
  const promises = startWithin !== null || finishWithin !== null
  return {
    refill_count: service.refill ? service.refillCount : null,
    start_within: startWithin,
    finish_within: finishWithin,
    when_missed: promises ? (compensationBasisPoints === null ? ('cancel' as const) : ('compensate' as const)) : null,
    compensation_basis_points: promises ? compensationBasisPoints : null,
    start_time: service.startTime,
    finish_time: service.finishTime,
  }
}
