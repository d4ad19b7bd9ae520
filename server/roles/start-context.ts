import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import type { OpenDatabase } from '../db/database.ts'
import type { Stops } from './stopping.ts'
import type { openWebhookOutgoing } from '../webhooks/outgoing.ts'

/** With what the parts of a node are started. Each adds to `stops` how it is stopped again. */
export interface StartContext {
  readonly config: Config
  readonly database: OpenDatabase
  readonly log: Logger
  readonly now: () => Date
  readonly stops: Stops
  readonly openWebhookOutgoing: typeof openWebhookOutgoing
}

/** How often what nobody needs any more is deleted; some of it at a multiple of this. */
export const SWEEP_MS = 60_000
