import type { Logger } from 'pino'
import type { Database } from '../db/pool.ts'
import type { Seller } from '../payments/payments.ts'
import type { InstallationSecret } from '../secret.ts'
import type { StaffActor } from '../staff/actor.ts'
import type { PriceSources } from '../suppliers/open.ts'
import type { MovingFiles } from './moving-files.ts'
import type { MovingRow } from './movings.ts'

/** What a node works on movings with. */
export interface MovingContext {
  readonly db: Database
  readonly now: () => Date
  readonly log: Logger
  readonly secret: InstallationSecret
  readonly seller: () => Seller
  readonly files: MovingFiles
  readonly prices: () => PriceSources
}

/** A moving that this node works on. */
export interface Work {
  readonly moving: MovingRow
  /** Whoever asked for it, with the permissions of this moment. */
  readonly actor: StaffActor
  /** The name of this claim: who has lost it changes nothing more. */
  readonly worker: string
  readonly progress: Telling
  /** To be called between two steps: it throws where the work has to end. */
  readonly between: () => Promise<void>
}

/** How far the work is, told every few seconds. */
export interface Telling {
  set(what: { readonly of: number | null }): void
  /** So much more is done, of what was said there is. */
  add(done: number): void
  met(kind: string, rows: number): void
}
