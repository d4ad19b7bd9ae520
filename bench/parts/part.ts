import type { Fire } from '../load/load.ts'
import type { Pgbench } from '../load/pgbench.ts'
import type { Comparison, PartReport } from '../report.ts'
import type { Hall } from '../shop/hall.ts'

/** The arguments of each part. */
export interface Bench {
  readonly hall: Hall
  readonly fire: Fire
  readonly pgbench: Pgbench | undefined
  readonly rounds: number
  readonly seconds: number
  readonly connections: readonly number[]
  /** How many orders are stored before the reads and the `stored` part begin. */
  readonly stored: number
  /** Directory for CPU profiles of the server; undefined: none. */
  readonly profiles: string | undefined
  /** Prints a comparison as soon as it is measured. */
  show(comparison: Comparison): void
}

export type Part = (bench: Bench) => Promise<Omit<PartReport, 'name' | 'comparisons'>>

/** The number of connections for which the targets are set. */
export const CROWD = 64
