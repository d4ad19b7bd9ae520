import { type Command, InvalidArgumentError } from 'commander'
import { changeCatalogue } from '../../server/catalog/catalogue.ts'
import { listBelowCost } from '../../server/catalog/sync-below-cost.ts'
import type { ImportResult } from '../../server/catalog/sync-import.ts'
import {
  type PriceSettingsInForce,
  setCatalogueCurrency,
  setPriceSettings,
  setWhenCostPasses,
  showPriceSettings,
} from '../../server/catalog/sync-lists.ts'
import { type Change, readTrail } from '../../server/catalog/sync-trail.ts'
import type { SyncResult } from '../../server/catalog/sync.ts'
import { supplierByName } from '../../server/catalog/bind.ts'
import { readConfig } from '../../server/config.ts'
import type { Database } from '../../server/db/pool.ts'
import { importPrices, type SyncDependencies, syncPrices } from '../../server/fulfilment/price-sync.ts'
import { openSecret } from '../../server/secret.ts'
import { openPriceSources } from '../../server/suppliers/open.ts'
import { withDatabase } from '../database.ts'
import { id, since, yesNo } from '../options.ts'
import { type Json, print, table } from '../output.ts'

/** Commands about suppliers' prices and our own. */
export function addPriceCommands(program: Command) {
  const supplier = program.commands.find((command) => command.name() === 'supplier')!
  addImport(supplier)
  addSync(supplier)
  addSettings(supplier)
  addChanges(supplier)
  addServiceChoice(program.commands.find((command) => command.name() === 'service')!)
  addPriceCheck(program)
}

function addImport(supplier: Command) {
  supplier
    .command('import')
    .description('put the services of a supplier on sale, with a margin; from then on its list is read every hour')
    .argument('<name>', 'name of the supplier')
    .option('--margin <percent>', 'added to the cost, like 20%; kept for later prices')
    .option('--add <amount>', 'added after the margin, like 0.05; kept for later prices')
    .option('--round <step>', 'round up to a multiple of it, like 0.01; kept for later prices')
    .option('--category <names...>', 'only services in these categories of the supplier')
    .option('--only <ids>', 'only services with these ids of the supplier, separated by commas')
    .option(
      '--when-cost-passes <way>',
      'if a cost passes the price: raise the price, pause the service, or only flag it',
      whenCostPasses,
      'pause',
    )
    .option('--keep-ids', 'give a service the supplier’s id where it is free here: for moving from another panel')
    .option('--reprice', 'also compute the price of services that were imported before; a price set by hand stays')
    .option('--reprice-by-hand', 'with --reprice: also where you set the price by hand')
    .option('--accept-loss', 'go on even if the list lost more than half of its services')
    .option('--dry-run', 'show what would be done, and change nothing')
    .option('--json', 'answer in JSON')
    .action((name: string, options: ImportOptions) =>
      withPrices(async (deps) => {
        const selection = { only: options.only?.split(',').map((each) => each.trim()), categories: options.category }
        const done = await importPrices(deps, name, selection, {
          whenCostPasses: options.whenCostPasses,
          keepIds: options.keepIds === true,
          reprice: options.reprice === true,
          repriceByHand: options.repriceByHand === true,
          acceptLoss: options.acceptLoss === true,
          dryRun: options.dryRun === true,
          margin: { percent: options.margin, add: options.add, step: options.round },
        })
        print(options.json, { ...done, dry_run: options.dryRun === true }, importWords(done, options.dryRun === true))
      }),
    )
}

interface ImportOptions extends Json {
  margin?: string
  add?: string
  round?: string
  category?: string[]
  only?: string
  whenCostPasses: 'raise' | 'pause' | 'flag'
  keepIds?: boolean
  reprice?: boolean
  repriceByHand?: boolean
  acceptLoss?: boolean
  dryRun?: boolean
}

const MOST_SHOWN = 40

/** A dry run shows every row, because it is meant to be checked. */
function importWords({ added, known, repriced, keptByHand, skipped }: ImportResult, dryRun: boolean): string {
  const most = dryRun ? Infinity : MOST_SHOWN
  const shown = added.slice(0, most).map(({ service, theirs, cost, rate }) => [String(service), theirs, cost, rate])
  const more = added.length > most ? [`… and ${added.length - most} more`] : []
  const whys = new Map<string, string[]>()
  for (const { theirs, why } of skipped) whys.set(why, [...(whys.get(why) ?? []), theirs])
  return [
    ...(added.length > 0 ? [table(['service', 'theirs', 'cost', 'price'], shown), ...more] : []),
    ...repriced.map((each) => `service ${each.service}: ${each.old} → ${each.new}`),
    ...keptByHand.map((each) => `service ${each.service} stays ${each.rate}, set by hand; by the margin it would be ${each.byMargin}`),
    `${dryRun ? 'Would be: ' : ''}${added.length} added, ${known} here already, ${repriced.length} repriced, ${skipped.length} skipped`,
    ...[...whys].map(([why, theirs]) => `Skipped because ${why}: ${theirs.slice(0, most).join(', ')}`),
  ].join('\n')
}

function addSync(supplier: Command) {
  supplier
    .command('sync')
    .description('read the list of a supplier now: costs, ranges, services that are gone or back')
    .argument('<name>', 'name of the supplier')
    .option('--accept-loss', 'accept a list that lost more than half of its services')
    .option('--dry-run', 'show what would be done, and change nothing')
    .option('--json', 'answer in JSON')
    .action((name: string, options: { acceptLoss?: boolean; dryRun?: boolean } & Json) =>
      withPrices(async (deps) => {
        const done = await syncPrices(deps, name, options)
        print(options.json, { ...done, dry_run: options.dryRun === true }, syncWords(done))
      }),
    )
}

function syncWords(done: SyncResult): string {
  const lists: [string, readonly number[]][] = [
    ['paused: they cost more than their price', done.paused],
    ['on sale below their cost', done.flagged],
    ['gone', done.gone],
    ['back on sale', done.returned],
    ['not readable, so unchanged', done.unreadable],
  ]
  return [
    `${done.bound} services: ${done.costs} costs and ${done.followed} ranges or flags changed, ${done.raised.length} prices raised`,
    ...done.raised.map((each) => `service ${each.service}: ${each.old} → ${each.new}`),
    ...lists.filter(([, services]) => services.length > 0).map(([words, services]) => `${words}: ${services.join(', ')}`),
  ].join('\n')
}

function addSettings(supplier: Command) {
  supplier
    .command('prices')
    .description('set how the costs of a supplier become prices, and whether its list is read every hour; without options, show it')
    .argument('<name>', 'name of the supplier')
    .option('--margin <percent>', 'added to the cost, like 20%')
    .option('--add <amount>', 'added after the margin, like 0.05')
    .option('--round <step>', 'round up to a multiple of it, like 0.01')
    .option('--exchange <CODE=rate>', 'value of one unit of its currency in ours, like EUR=1.08; none: no conversion', exchange)
    .option('--hourly <yes|no>', 'whether its list is read every hour', yesNo)
    .option('--json', 'answer in JSON')
    .action((name: string, options: SettingsOptions) =>
      withDatabase(async (db) => {
        const { margin: percent, add, round: step, exchange: told, hourly } = options
        const exchange = told === 'none' ? null : told
        const supplierId = await supplierByName(db, name)
        const isChange = [percent, add, step, exchange, hourly].some((value) => value !== undefined)
        if (isChange) await setPriceSettings(db, supplierId, { percent, add, step, exchange, hourly }, new Date())
        const inForce = await showPriceSettings(db, supplierId)
        const changed = isChange ? `The prices of ${name} are set: they count from the next reading on. ` : ''
        print(options.json, { name, changed: isChange, ...shownSettings(inForce) }, `${changed}${settingsWords(name, inForce)}`)
      }),
    )

  supplier
    .command('currency')
    .description('set the currency of all our rates and costs')
    .argument('<code>', 'like USD')
    .option('--json', 'answer in JSON')
    .action((code: string, options: Json) =>
      withDatabase(async (db) => {
        await setCatalogueCurrency(db, code)
        print(options.json, { currency: code }, `Rates and costs are in ${code}`)
      }),
    )
}

function shownSettings(inForce: PriceSettingsInForce | undefined) {
  if (!inForce) return { margin: null }
  const { percent, add, step, exchangeCurrency, exchangeRate, hourly } = inForce
  const exchange = exchangeCurrency === null ? null : `${exchangeCurrency}=${exchangeRate}`
  return { margin: `${percent}%`, add, round: step, exchange, hourly }
}

function settingsWords(name: string, inForce: PriceSettingsInForce | undefined): string {
  if (!inForce) return `The list of ${name} was never read and no margin is set: "docket supplier import ${name} --margin 20%"`
  const { percent, add, step, exchangeCurrency, exchangeRate, hourly } = inForce
  const exchange = exchangeCurrency === null ? '' : `, one ${exchangeCurrency} at ${exchangeRate}`
  return `${name}: cost + ${percent}% + ${add}, rounded up to ${step}${exchange}; its list is ${hourly ? 'read every hour' : 'not read by itself'}`
}

interface SettingsOptions extends Json {
  margin?: string
  add?: string
  round?: string
  exchange?: { currency: string; rate: string } | 'none'
  hourly?: boolean
}

function addServiceChoice(service: Command) {
  service
    .command('when-cost-passes')
    .description('set what a sync does with a service that costs more than its price: raise the price, pause it, or only flag it')
    .argument('<way>', 'raise, pause or flag', whenCostPasses)
    .argument('[numbers...]', 'numbers of the services; without them: all', (text: string, before: number[] | undefined) => [
      ...(before ?? []),
      id(text),
    ])
    .option('--json', 'answer in JSON')
    .action((way: 'raise' | 'pause' | 'flag', numbers: number[] | undefined, options: Json) =>
      withDatabase(async (db) => {
        const services = numbers && numbers.length > 0 ? numbers : null
        const changed = await changeCatalogue(db, (tx) => setWhenCostPasses(tx, services, way))
        print(options.json, { changed }, `${changed} services are set to ${way}`)
      }),
    )
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

function addPriceCheck(program: Command) {
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

async function withPrices(work: (deps: SyncDependencies) => Promise<void>): Promise<void> {
  await withDatabase(async (db: Database) => {
    const prices = openPriceSources(await openSecret(readConfig()))
    try {
      await work({ db, now: () => new Date(), openPrices: prices.open })
    } finally {
      await prices.close()
    }
  })
}

function whenCostPasses(text: string): 'raise' | 'pause' | 'flag' {
  if (text === 'raise' || text === 'pause' || text === 'flag') return text
  throw new InvalidArgumentError('It must be raise, pause or flag.')
}

function exchange(text: string): { currency: string; rate: string } | 'none' {
  if (text === 'none') return text
  const match = /^([^=\s]{1,10})=(\d{1,12}(?:\.\d{1,12})?)$/.exec(text)
  if (!match) throw new InvalidArgumentError('It must be like EUR=1.08, or none.')
  return { currency: match[1]!, rate: match[2]! }
}
