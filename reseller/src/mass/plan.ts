import type { Service } from '../../../sdk/src/index.ts'
import { type Batch, linesOf } from './batch.ts'
import type { Journal, State } from './journal.ts'
import { check } from './lines.ts'

/** Which lines of earlier runs are ordered again. */
export interface Due {
  readonly keepsRetryKeys: boolean
  /** Those that the panel refused. */
  readonly again: boolean
}

/** An unknown outcome is asked for again only under a retry key: it may be an order. */
export function isDue(state: State, { keepsRetryKeys, again }: Due): boolean {
  switch (state) {
    case 'open':
      return true
    case 'placed':
      return false
    case 'refused':
      return again
    case 'sent':
    case 'unknown':
      return keepsRetryKeys
    default:
      return state satisfies never
  }
}

/** What is left to order of a batch. */
export interface Plan {
  readonly due: number
  readonly faulty: number
  /** The first faults. */
  readonly faults: readonly { readonly line: number; readonly error: string }[]
  /** About what it costs, in units. */
  readonly charge: bigint
  /** Lines whose charge cannot be told before. */
  readonly unpriced: number
}

const FAULTS_KEPT = 1000

/** Checks every line that is left. Sends nothing. */
export async function planBatch(batch: Batch, services: ReadonlyMap<string, Service>, journal: Journal, rule: Due): Promise<Plan> {
  const faults: { line: number; error: string }[] = []
  let [due, faulty, unpriced, charge] = [0, 0, 0, 0n]
  for await (const { number, line, cells } of linesOf(batch)) {
    if (!isDue(journal.stateOf(number), rule)) continue
    const checked = check(batch.columns, cells, services)
    if (checked.fault !== null) {
      faulty += 1
      if (faults.length < FAULTS_KEPT) faults.push({ line, error: checked.fault })
      continue
    }
    due += 1
    if (checked.charge === null) unpriced += 1
    else charge += checked.charge
  }
  return { due, faulty, faults, charge, unpriced }
}
