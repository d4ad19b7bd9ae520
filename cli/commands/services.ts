import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import type { Command } from 'commander'
import { changeCatalogue, readCatalogue } from '../../server/catalog/catalogue.ts'
import { listCustomRates } from '../../server/catalog/custom-rates.ts'
import { importServices, readServiceList, type ServiceChange, setCustomRate, setService } from '../../server/catalog/import.ts'
import { findAccount } from '../../server/customers/accounts.ts'
import { showTerms } from '../../server/catalog/terms.ts'
import { bindSupplier, setOnlySupplier } from '../../server/orders/bind-supplier.ts'
import { withDatabase } from '../database.ts'
import { allRefuse, id, rate, refuseNoChange, serviceState, serviceType, whenMissed, whole, wholeOrNone, yesNo } from '../options.ts'
import { type Json, print, table } from '../output.ts'
import { addServiceWords } from './service-words.ts'

export function addServiceCommands(program: Command) {
  const service = program.command('service').description('services on sale: import, list, change, translate, bind')

  addImport(service)
  addList(service)
  addSet(service)
  addRates(service)
  addServiceWords(service)
  addBind(service)
}

function addImport(service: Command) {
  service
    .command('import')
    .description('add or update services from a JSON array in the shape of the "services" answer')
    .argument('<file>', 'the file, or - for standard input')
    .option('--json', 'answer in JSON')
    .action(async (file: string, options: Json) => {
      const services = readServiceList(file === '-' ? await text(process.stdin) : await readFile(file, 'utf8'))
      await withDatabase(async (db) => {
        const done = await importServices(db, services)
        const unbound = 'New services have no supplier yet: their orders stay Pending until "docket service set N --supplier NAME".'
        print(options.json, done, `${done.added} added, ${done.updated} updated${done.added > 0 ? `\n${unbound}` : ''}`)
      })
    })
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

function addSet(service: Command) {
  service
    .command('set')
    .description('change a service, or the rate one account pays for it')
    .argument('<number>', 'number of the service', id)
    .option('--rate <rate>', 'price per 1000, shown as typed', rate)
    .option('--min <quantity>', 'smallest quantity of an order', whole)
    .option('--max <quantity>', 'largest quantity of an order', whole)
    .option('--state <state>', 'on-sale, disabled (known, but cannot be ordered) or hidden', serviceState)
    .option('--cancel <yes|no>', 'whether its orders can be cancelled', yesNo)
    .option('--refill <yes|no>', 'whether its orders can be refilled', yesNo)
    .option('--dripfeed <yes|no>', 'whether it can be ordered as a drip-feed', yesNo)
    .option('--one-active-link <yes|no>', 'refuse a second order for a link while the first is unfinished', yesNo)
    .option(
      '--when-all-refuse <cancel|attention>',
      'what happens to an order that every supplier refused: cancel and refund it, or keep it for staff',
      allRefuse,
    )
    .option('--start-within <minutes>', 'promise that an order starts within so many minutes; none: no promise for new orders', wholeOrNone)
    .option(
      '--finish-within <minutes>',
      'promise that an order is finished within so many minutes of its placement; none: no promise for new orders',
      wholeOrNone,
    )
    .option(
      '--when-missed <cancel|share>',
      'what a missed promise does: cancel the order, or pay back a share of the charge, like 5%',
      whenMissed,
    )
    .option('--refill-count <number>', 'how many refills an order gets; none: no limit', wholeOrNone)
    .option('--supplier <name>', 'the only supplier of the service, like simulated; none: no supplier. For several: docket service bind')
    .option('--account <number>', 'with --custom-rate: the account that pays it', id)
    .option('--custom-rate <rate>', 'price per 1000 for this account; none: the service’s own rate again')
    .option('--json', 'answer in JSON')
    .action((which: number, options: SetOptions, command: Command) => {
      if ((options.account === undefined) !== (options.customRate === undefined))
        command.error('error: --account and --custom-rate go together')
      refuseNoChange(options, '--rate 0.90')
      return withDatabase(async (db) => {
        await changeCatalogue(db, async (tx) => {
          await setService(tx, which, changeOf(options))
          if (options.account === undefined) return
          await findAccount(tx, options.account)
          await setCustomRate(tx, options.account, which, options.customRate === 'none' ? null : rate(options.customRate!))
        })
        if (options.supplier !== undefined) await setOnlySupplier(db, which, options.supplier === 'none' ? null : options.supplier)
        print(options.json, { service: which, changed: true }, `Service ${which} is changed`)
      })
    })
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

function addBind(service: Command) {
  service
    .command('bind')
    .description('let a supplier fulfil a service; several suppliers are asked in the order of their positions')
    .argument('<number>', 'number of the service', id)
    .requiredOption('--supplier <name>', 'name of the supplier')
    .option('--their-service <id>', 'the supplier’s id of the service', '')
    .option('--cost-rate <rate>', 'the supplier’s price per 1000: an order that would cost more than it was sold for waits for staff', rate)
    .option('--multiplier <number>', 'the supplier’s quantity for one of ours', whole, 1)
    .option(
      '--their-type <type>',
      'the supplier’s type of the service, if its list was not read; with Subscriptions, whole subscriptions are handed over',
      serviceType,
    )
    .option('--position <number>', '1 is asked first; without it: last', id)
    .option('--json', 'answer in JSON')
    .action((which: number, options: BindOptions) =>
      withDatabase(async (db) => {
        const { supplier, theirService, costRate = null, multiplier, position = null, theirType = null } = options
        await bindSupplier(db, which, supplier, { theirService, costRate, multiplier, position, theirType })
        print(options.json, { service: which, supplier }, `${supplier} fulfils service ${which}`)
      }),
    )
}

interface BindOptions extends Json {
  supplier: string
  theirService: string
  costRate?: string
  multiplier: number
  position?: number
  theirType?: string
}

interface SetOptions extends Omit<ServiceChange, 'startWithin' | 'finishWithin' | 'compensationBasisPoints' | 'refillCount'>, Json {
  startWithin?: number | 'none'
  finishWithin?: number | 'none'
  whenMissed?: number | 'cancel'
  refillCount?: number | 'none'
  supplier?: string
  account?: number
  customRate?: string
}

function changeOf({ startWithin, finishWithin, whenMissed: share, refillCount, ...rest }: SetOptions): ServiceChange {
  return {
    ...rest,
    startWithin: startWithin === 'none' ? null : startWithin,
    finishWithin: finishWithin === 'none' ? null : finishWithin,
    compensationBasisPoints: share === 'cancel' ? null : share,
    refillCount: refillCount === 'none' ? null : refillCount,
  }
}
