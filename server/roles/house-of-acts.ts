import type { House } from '../acts/house.ts'
import { siteOf } from '../customers/account-context.ts'
import type { Database } from '../db/pool.ts'
import type { Outgoing } from '../outgoing/fetch.ts'
import { openPayments } from '../payments/open.ts'
import type { PaymentContext } from '../payments/payments.ts'
import type { Secret } from '../secret.ts'
import { openSupplierCalls } from '../suppliers/calls.ts'
import { openPriceSources, openSuppliers } from '../suppliers/open.ts'
import { sendsMail } from '../settings/settings.ts'
import type { StartContext } from './start-context.ts'

interface ActParts {
  readonly db: Database
  readonly secret: Secret
  readonly outgoing: Outgoing
  readonly payments: PaymentContext
  readonly url: string | undefined
}

/** What payments work with on this node. */
export function openPaymentsOf(
  { config, settings, now, stops }: StartContext,
  { db, secret, url }: Pick<ActParts, 'db' | 'secret' | 'url'>,
): PaymentContext {
  const siteUrl = () => siteOf({ ...config, publicUrl: config.publicUrl ?? url }, settings.current()).url
  const payments = openPayments({ db, now, secret, siteUrl, settings: settings.current })
  stops.push(() => payments.close())
  return payments
}

/** What the acts of staff work with on this node. */
export function openHouseOfActs(
  { config, settings, longReads, now, stops }: StartContext,
  { db, secret, outgoing, payments, url }: ActParts,
): House {
  // Nothing runs until a supplier is called.
  const calls = openSupplierCalls(db, now)
  stops.push(() => calls.stop())
  let prices: ReturnType<typeof openPriceSources> | undefined
  stops.push(async () => prices?.close())
  let suppliers: ReturnType<typeof openSuppliers> | undefined
  stops.push(async () => (await suppliers)?.close())
  return {
    db,
    longReads,
    now,
    secret: () => Promise.resolve(secret),
    config,
    settings: settings.current,
    site: () => Promise.resolve(siteOf({ ...config, publicUrl: config.publicUrl ?? url }, settings.current())),
    get dailySum() {
      return settings.current().staffDailySum
    },
    get sendsMail() {
      return sendsMail(config, settings.current())
    },
    priceSource: (row) => Promise.resolve((prices ??= openPriceSources(secret, calls)).open(row)),
    supplier: async (row) => (await (suppliers ??= openSuppliers({ db, now, secret, simulatedSpeed: 1, calls }))).open(row),
    webhookOutgoing: () => Promise.resolve(outgoing),
    payments: () => Promise.resolve(payments),
  }
}
