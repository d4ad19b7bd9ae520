import { z } from 'zod'
import type { ImportResult } from '../catalog/sync-import.ts'
import { applyImport, beginReading, checkMargin, endReading } from '../fulfilment/price-sync.ts'
import { act, type ActContext } from './act.ts'
import { cli, flag, supplierName, texts, words } from './fields.ts'
import type { House } from './house.ts'
import { WAYS } from './service-when-cost-passes.ts'
import { marginFields } from './supplier-prices.ts'

const marginOf = ({
  margin: percent,
  add,
  round: step,
}: {
  margin?: string | undefined
  add?: string | undefined
  round?: string | undefined
}) => ({ percent, add, step })

export const supplierImport = act({
  name: 'supplier import',
  does: 'put the services of a supplier on sale, with a margin; from then on its list is read every hour',
  permission: 'services.price',
  tellsDryRun: true,
  changesCatalogue: true,
  input: z.object({
    name: cli(supplierName(), { argument: true }).describe('name of the supplier'),
    margin: marginFields.margin.describe('added to the cost, like 20%; kept for later prices'),
    add: marginFields.add.describe('added after the margin, like 0.05; kept for later prices'),
    round: marginFields.round.describe('round up to a multiple of it, like 0.01; kept for later prices'),
    category: texts('<names...>').optional().describe('only services in these categories of the supplier'),
    only: cli(words(), { placeholder: '<ids>' }).optional().describe('only services with these ids of the supplier, separated by commas'),
    when_cost_passes: cli(WAYS, { placeholder: '<way>' })
      .default('pause')
      .describe('if a cost passes the price: raise the price, pause the service, or only flag it'),
    keep_ids: flag().describe('give a service the supplier’s id where it is free here: for moving from another panel'),
    reprice: flag().describe('also compute the price of services that were imported before; a price set by hand stays'),
    reprice_by_hand: flag().describe('with --reprice: also where you set the price by hand'),
    accept_loss: flag().describe('go on even if the list lost more than half of its services'),
  }),
  async prepare(house, given, { dryRun }) {
    checkMargin(marginOf(given))
    return beginReading(pricesOf(house), given.name, { acceptLoss: given.accept_loss, dryRun })
  },
  afterwards: (house, read) => endReading(house, read.reading),
  async run({ tx, now, dryRun }: ActContext, given, read) {
    const options = {
      whenCostPasses: given.when_cost_passes,
      keepIds: given.keep_ids,
      reprice: given.reprice,
      repriceByHand: given.reprice_by_hand,
      margin: marginOf(given),
      dryRun,
    }
    const result = await applyImport(tx, read, { selection: { only: given.only, categories: given.category }, options }, now)
    const after = { services_added: result.added.length, repriced: result.repriced.length, skipped: result.skipped.length }
    return { result: { ...result, dry_run: dryRun }, subject: { supplier: read.row.id }, after }
  },
  says: (result) => importWords(result, result.dry_run),
})

export function pricesOf(house: House) {
  return { db: house.db, now: house.now, openPrices: house.priceSource }
}

const MOST_SHOWN = 40

/** A dry run shows every row, because it is meant to be checked. */
function importWords({ added, known, repriced, keptByHand, skipped }: ImportResult, dryRun: boolean): string {
  const most = dryRun ? Infinity : MOST_SHOWN
  const more = added.length > most ? [`… and ${added.length - most} more`] : []
  const whys = new Map<string, string[]>()
  for (const { theirs, why } of skipped) whys.set(why, [...(whys.get(why) ?? []), theirs])
  return [
    ...added.slice(0, most).map(({ service, theirs, cost, rate }) => `service ${service}: ${theirs} there, cost ${cost}, price ${rate}`),
    ...more,
    ...repriced.map((each) => `service ${each.service}: ${each.old} → ${each.new}`),
    ...keptByHand.map((each) => `service ${each.service} stays ${each.rate}, set by hand; by the margin it would be ${each.byMargin}`),
    `${dryRun ? 'Would be: ' : ''}${added.length} added, ${known} here already, ${repriced.length} repriced, ${skipped.length} skipped`,
    ...[...whys].map(([why, theirs]) => `Skipped because ${why}: ${theirs.slice(0, most).join(', ')}`),
  ].join('\n')
}
