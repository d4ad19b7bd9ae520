import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import type { LongReads } from '../db/long-reads.ts'
import type { OpenDatabase } from '../db/database.ts'
import type { LiveSettings } from '../settings/settings.ts'
import type { Stops } from './stopping.ts'
import type { openWebhookOutgoing } from '../webhooks/outgoing.ts'

/** The dependencies of the parts of a node. Each part adds to `stops` how it is stopped. */
export interface StartContext {
  readonly config: Config
  readonly settings: LiveSettings
  readonly database: OpenDatabase
  readonly longReads: LongReads
  readonly log: Logger
  readonly now: () => Date
  readonly stops: Stops
  readonly openWebhookOutgoing: typeof openWebhookOutgoing
  readonly connections: Connections
}

/** The most connections of each pool. */
export interface Connections {
  readonly api: number
  readonly fulfilment: number
  readonly moving: number
}

/** One panel in a process. */
export const ALONE: Connections = { api: 12, fulfilment: 8, moving: 4 }

/** The interval at which old data are deleted; some data at a multiple of it. */
export const SWEEP_MS = 60_000
