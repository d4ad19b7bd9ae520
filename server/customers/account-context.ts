import type { Config } from '../config.ts'
import type { Database, Queryable } from '../db/pool.ts'
import type { Secret } from '../secret.ts'
import type { Settings } from '../settings/settings.ts'
import type { Actor } from './account-log.ts'
import type { Passwords } from './password.ts'

/** The panel as its customers know it. */
export interface Site {
  readonly name: string
  /**
   * The address of the pages, without a slash at the end. It comes from the configuration and never from a request, because links in mails begin with
   * it.
   */
  readonly url: string
}

export function siteOf(config: Pick<Config, 'publicUrl' | 'host' | 'port'>, { name }: Pick<Settings, 'name'>): Site {
  const host = config.host.includes(':') ? `[${config.host}]` : config.host
  return { name, url: config.publicUrl ?? `http://${host}:${config.port}` }
}

/** The dependencies of signing in and of the account pages. Each node makes one. */
export interface AccountContext {
  readonly db: Database
  readonly now: () => Date
  readonly secret: Secret
  readonly passwords: Passwords
  readonly site: Site
  /** The currency of accounts that customers open themselves; null: nobody may register. */
  readonly registration: Registration | null
}

export interface Registration {
  readonly currency: string
  /** Notes by whose link somebody came, in the transaction that opens the account. */
  noteCameBy(tx: Queryable, opened: CameBy, now: Date): Promise<void>
}

/** An account that was opened a moment ago, and how its person came. */
export interface CameBy {
  readonly accountId: number
  readonly email: string
  readonly currency: string
  /** The code of the link. */
  readonly code: string
  readonly address: string
  /** The token of a browser that has signed in before. */
  readonly browser: string | undefined
}

/** The browser that sends the request, before anybody has signed in. */
export interface Visit {
  readonly address: string
  readonly agent: string
  /** The language of the pages. */
  readonly locale: string
  /** The token that shows that this browser has signed in before. */
  readonly browser: string | undefined
  /** The code of the link of another customer by which this browser came. */
  readonly cameBy?: string | undefined
}

export function actorOf(visit: Visit, userId: number): Actor {
  return { by: 'customer', userId, address: visit.address, agent: visit.agent }
}

export function nobody(visit: Visit): Actor {
  return { by: 'nobody', userId: null, address: visit.address, agent: visit.agent }
}

/** The answer to a caller who has used up all attempts. */
export interface Later {
  readonly kind: 'later'
  readonly retryAfterSeconds: number
}

export function later(retryAfterSeconds: number): Later {
  return { kind: 'later', retryAfterSeconds }
}
