import { z } from 'zod'
import type { SyncResult } from '../catalog/sync.ts'
import { applySync, beginReading, endReading } from '../fulfilment/price-sync.ts'
import { act } from './act.ts'
import { cli, flag, supplierName } from './fields.ts'
import { pricesOf } from './supplier-import.ts'

export const supplierSync = act({
  name: 'supplier sync',
  does: 'read the list of a supplier now: costs, ranges, services that are gone or back',
  permission: 'services.manage',
  tellsDryRun: true,
  changesCatalogue: true,
  input: z.object({
    name: cli(supplierName(), { argument: true }).describe('name of the supplier'),
    accept_loss: flag().describe('accept a list that lost more than half of its services'),
  }),
  prepare: (house, { name, accept_loss: acceptLoss }, { dryRun }) => beginReading(pricesOf(house), name, { acceptLoss, dryRun }),
  afterwards: (house, read) => endReading(house, read.reading),
  async run({ tx, now, dryRun }, _, read) {
    const result = await applySync(tx, read, now)
    return { result: { ...result, dry_run: dryRun }, subject: { supplier: read.row.id }, after: countsOf(result) }
  },
  says: (done) => syncWords(done),
})

function countsOf({ raised, paused, flagged, gone, returned, ...rest }: SyncResult): object {
  const counts = { raised: raised.length, paused: paused.length, flagged: flagged.length, gone: gone.length, returned: returned.length }
  return { costs: rest.costs, followed: rest.followed, ...counts }
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
