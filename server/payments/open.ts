import type { Database } from '../db/pool.ts'
import { openOutgoing, type Outgoing } from '../outgoing/fetch.ts'
import type { Secret } from '../secret.ts'
import { openHookMethods } from './hook-methods.ts'
import { openGateways } from './methods.ts'
import type { PaymentContext } from './payments.ts'
import type { Settings } from '../settings/settings.ts'

export interface OpenPayments extends PaymentContext {
  close(): Promise<void>
}

interface Parts {
  readonly db: Database
  readonly now: () => Date
  readonly secret: Secret
  readonly siteUrl: () => string
  readonly settings: () => Pick<Settings, 'seller' | 'rates'>
}

/** A payer waits for the answer of a gateway. */
const ANSWER_WITHIN_MS = 10_000

/** What payments work with. Nothing calls out before a way to pay is switched on or tried. */
export function openPayments({ db, now, secret, siteUrl, settings }: Parts): OpenPayments {
  const opened = new Map<boolean, Outgoing>()
  const outgoing = (allowPrivate: boolean) => {
    const known = opened.get(allowPrivate) ?? openOutgoing({ allowPrivate, timeLimitMs: ANSWER_WITHIN_MS })
    opened.set(allowPrivate, known)
    return known
  }
  return {
    db,
    now,
    gateways: openGateways({ secret, outgoing, now }),
    secret,
    outgoing,
    hooks: openHookMethods(db),
    siteUrl,
    seller: () => settings().seller,
    rates: () => settings().rates,
    close: async () => {
      await Promise.all([...opened.values()].map((each) => each.close()))
    },
  }
}
