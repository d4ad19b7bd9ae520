import type { House } from '../server/acts/house.ts'
import { type Config, readConfig } from '../server/config.ts'
import { readsOnPrimary } from '../server/db/long-reads.ts'
import type { Database } from '../server/db/pool.ts'
import { withDatabase } from './database.ts'

/** Runs acts from a command. */
export function withHouse<T>(work: (house: House) => Promise<T>): Promise<T> {
  return withDatabase((db) => withHouseOn(db, readConfig(), work))
}

/** What an act needs beside the database is loaded and opened when it asks for it, and closed afterwards. */
export async function withHouseOn<T>(db: Database, config: Config, work: (house: House) => Promise<T>): Promise<T> {
  const closing: (() => Promise<unknown>)[] = []
  const opened = <Thing extends { close(): Promise<unknown> }>(open: () => Promise<Thing>) =>
    once(async () => {
      const thing = await open()
      closing.push(() => thing.close())
      return thing
    })
  const now = () => new Date()
  const secret = once(async () => (await import('../server/secret.ts')).openSecret(config))
  const prices = opened(async () => (await import('../server/suppliers/open.ts')).openPriceSources(await secret()))
  const suppliers = opened(async () =>
    (await import('../server/suppliers/open.ts')).openSuppliers({ db, now, secret: await secret(), simulatedSpeed: 1 }),
  )
  const { readSettings, sendsMail } = await import('../server/settings/settings.ts')
  const settings = await readSettings(db, config)
  // A command does not know the port of a server: it reads it from the database where one runs.
  const site = once(async () => {
    const { siteOf } = await import('../server/customers/account-context.ts')
    const { addressOfRunningNode } = await import('../server/db/nodes.ts')
    const known = siteOf(config, settings)
    return { ...known, url: config.publicUrl ?? (await addressOfRunningNode(db)) ?? known.url }
  })
  const payments = opened(async () => {
    const { openPayments } = await import('../server/payments/open.ts')
    const { url } = await site()
    return openPayments({ db, now, secret: await secret(), siteUrl: () => url, settings: () => settings })
  })
  try {
    return await work({
      db,
      longReads: readsOnPrimary,
      now,
      config,
      settings: () => settings,
      secret,
      site,
      dailySum: settings.staffDailySum,
      sendsMail: sendsMail(config, settings),
      priceSource: async (row) => (await prices()).open(row),
      supplier: async (row) => (await suppliers()).open(row),
      payments,
      webhookOutgoing: opened(async () => (await import('../server/webhooks/outgoing.ts')).openWebhookOutgoing()),
    })
  } finally {
    for (const close of closing) await close()
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}
