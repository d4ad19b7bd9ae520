import type { Fire } from '../load/load.ts'
import type { Pgbench } from '../load/pgbench.ts'
import type { Comparison, PartReport } from '../report.ts'
import type { Hall } from '../shop/hall.ts'

/** What a part is given to measure with. */
export interface Bench {
  readonly hall: Hall
  readonly fire: Fire
  readonly pgbench: Pgbench | undefined
  readonly rounds: number
  readonly seconds: number
  readonly connections: readonly number[]
  /** How many orders are stored before reads and the `stored` part. */
  readonly stored: number
  /** Directory for CPU profiles of the server; undefined: none. */
  readonly profiles: string | undefined
  /** Prints a comparison as soon as it is there. */
  show(comparison: Comparison): void
}

export type Part = (bench: Bench) => Promise<Omit<PartReport, 'name' | 'comparisons'>>

/** The number of connections that the targets are about. */
export const CROWD = 64
