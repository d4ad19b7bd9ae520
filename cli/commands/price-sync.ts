import type { Command } from 'commander'
import { supplierCurrency } from '../../server/acts/supplier-currency.ts'
import { supplierImport } from '../../server/acts/supplier-import.ts'
import { settingsWords, shownSettings, supplierPrices } from '../../server/acts/supplier-prices.ts'
import { supplierSync } from '../../server/acts/supplier-sync.ts'
import { supplierByName } from '../../server/catalog/bind.ts'
import { listBelowCost } from '../../server/catalog/sync-below-cost.ts'
import { showPriceSettings } from '../../server/catalog/sync-lists.ts'
import { type Change, readTrail } from '../../server/catalog/sync-trail.ts'
import { addAct } from '../acts.ts'
import { withDatabase } from '../database.ts'
import { id, since } from '../options.ts'
import { type Json, print, table } from '../output.ts'

/** What a supplier asks for its services, and what follows from it for ours. */
export function addSupplierPrices(supplier: Command) {
  addAct(supplier, supplierImport)
  addAct(supplier, supplierSync)
  addAct(supplier, supplierPrices, {
    instead: (input, json) => (Object.keys(input).length === 1 ? () => showSettings(input['name'] as string, json) : undefined),
  })
  addAct(supplier, supplierCurrency)
  addChanges(supplier)
}

function showSettings(name: string, json: boolean): Promise<void> {
  return withDatabase(async (db) => {
    const shown = shownSettings(await showPriceSettings(db, await supplierByName(db, name)))
    print(json, { name, changed: false, ...shown }, settingsWords(name, shown))
  })
}

const MOST_LINES = 10_000

function addChanges(supplier: Command) {
  supplier
    .command('changes')
    .description('changes of services, rates and costs, with time and cause')
    .option('--since <when>', 'like 24h, 7d or 2026-03-01', since, since('24h'))
    .option('--service <number>', 'only this service', id)
    .option('--json', 'answer in JSON')
    .action((options: { since: Date; service?: number } & Json) =>
      withDatabase(async (db) => {
        const lines = await readTrail(db, options.since, options.service ?? null, MOST_LINES)
        const changes = lines.slice(0, MOST_LINES)
        print(options.json, { changes, more: lines.length > changes.length }, digest(changes, lines.length > changes.length))
      }),
    )
}

/** The summary first, with the number of changes of each kind, then one row per change. */
function digest(changes: readonly Change[], more: boolean): string {
  if (changes.length === 0) return 'Nothing changed'
  const counts = new Map<string, number>()
  for (const { cause, what } of changes) counts.set(`${cause}: ${what}`, (counts.get(`${cause}: ${what}`) ?? 0) + 1)
  const rows = changes.map((change) => [
    change.at.toISOString(),
    change.service === null ? 'all' : String(change.service),
    change.what,
    `${change.old ?? '–'} → ${change.new ?? '–'}`,
    change.supplier ?? (change.account === null ? '' : `account ${change.account}`),
    change.cause,
  ])
  return [
    ...[...counts].map(([matter, count]) => `${matter} (${count})`),
    '',
    table(['at', 'service', 'what', 'change', 'whose', 'cause'], rows),
    ...(more ? [`… and more: the first ${MOST_LINES} are shown`] : []),
  ].join('\n')
}

export function addPriceCheck(program: Command) {
  program
    .command('price-check')
    .description('every service and account whose price is below the supplier’s cost; exit 1 if there is one')
    .option('--json', 'answer in JSON')
    .action((options: Json) =>
      withDatabase(async (db) => {
        const found = await listBelowCost(db, MOST_LINES)
        const below = found.slice(0, MOST_LINES)
        const rows = below.map((each) => [
          String(each.service),
          each.account === null ? 'everybody' : `${each.account} ${each.email}`,
          each.source,
          each.price,
          each.cost,
          each.supplier,
        ])
        const words = rows.length
          ? table(['service', 'account', 'by', 'price', 'cost', 'supplier'], rows)
          : 'Nothing is sold below its cost, as far as costs are known'
        print(options.json, { below, more: found.length > below.length }, words)
        if (below.length > 0) process.exitCode = 1
      }),
    )
}
