import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import type { Command } from 'commander'
import { serviceBind } from '../../server/acts/service-bind.ts'
import { categorySet } from '../../server/acts/category-set.ts'
import { serviceDuplicate } from '../../server/acts/service-duplicate.ts'
import { serviceImport } from '../../server/acts/service-import.ts'
import { categoryMove, serviceMove } from '../../server/acts/service-move.ts'
import { servicePrefer } from '../../server/acts/service-prefer.ts'
import { serviceReprice } from '../../server/acts/service-reprice.ts'
import { serviceSetMany } from '../../server/acts/service-set-many.ts'
import { serviceSet } from '../../server/acts/service-set.ts'
import { serviceUnbind } from '../../server/acts/service-unbind.ts'
import { serviceUndo } from '../../server/acts/service-undo.ts'
import { serviceWhenCostPasses } from '../../server/acts/service-when-cost-passes.ts'
import { readCatalogue } from '../../server/catalog/catalogue.ts'
import { listCustomRates } from '../../server/catalog/custom-rates.ts'
import { showTerms } from '../../server/catalog/terms.ts'
import { addAct } from '../acts.ts'
import { withDatabase } from '../database.ts'
import { id } from '../options.ts'
import { type Json, print, table } from '../output.ts'
import { addServiceWords } from './service-words.ts'

export function addServiceCommands(program: Command) {
  const service = program.command('service').description('services on sale: import, list, change, translate, bind')

  addAct(service, serviceImport, { amend: async ({ services }) => ({ services: await readInput(services as string) }) })
  addList(service)
  for (const act of [serviceSet, serviceSetMany, serviceReprice, serviceUndo, serviceDuplicate, serviceMove]) addAct(service, act)
  addRates(service)
  addServiceWords(service)
  for (const act of [serviceBind, servicePrefer, serviceUnbind, serviceWhenCostPasses]) addAct(service, act)
  const category = program.command('category').description('categories of services: rename, hide, put in order')
  for (const act of [categorySet, categoryMove]) addAct(category, act)
}

function addList(service: Command) {
  service
    .command('list')
    .description('all services, also those that are not on sale')
    .option('--json', 'answer in JSON')
    .action((options: Json) =>
      withDatabase(async (db) => {
        const { services } = await readCatalogue(db)
        const shown = [...services.values()].map((each) => ({
          service: each.id,
          name: each.name,
          type: each.type,
          category: each.category,
          rate: each.rate,
          min: each.min,
          max: each.max,
          dripfeed: each.dripfeed,
          refill: each.refill,
          cancel: each.cancel,
          refill_days: each.refill ? each.refillDays : null,
          ...showTerms(each),
          state: each.state,
          supplier: each.supplierId,
        }))
        const rows = shown.map((row) => [
          String(row.service),
          row.name,
          row.type,
          row.rate,
          `${row.min}–${row.max}`,
          row.state,
          row.supplier ? '' : 'no supplier',
        ])
        print(
          options.json,
          shown,
          rows.length
            ? table(['service', 'name', 'type', 'rate', 'min–max', 'state', ''], rows)
            : 'No service yet: docket service import FILE',
        )
      }),
    )
}

function addRates(service: Command) {
  service
    .command('rates')
    .description('custom rates that accounts pay instead of the service’s own')
    .option('--account <number>', 'only those of this account', id)
    .option('--json', 'answer in JSON')
    .action((options: { account?: number } & Json) =>
      withDatabase(async (db) => {
        const rates = await listCustomRates(db, options.account ?? null)
        const rows = rates.map((each) => [String(each.account), each.email, String(each.service), each.name, each.customRate, each.rate])
        print(
          options.json,
          rates.map(({ customRate, ...each }) => ({ ...each, custom_rate: customRate })),
          rows.length ? table(['account', 'email', 'service', 'name', 'pays', 'others'], rows) : 'Nobody has a rate of their own',
        )
      }),
    )
}

/** A file, or standard input for a dash. */
function readInput(file: string): Promise<string> {
  return file === '-' ? text(process.stdin) : readFile(file, 'utf8')
}
