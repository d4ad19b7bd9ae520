import { text } from 'node:stream/consumers'
import type { Command } from 'commander'
import { readConfig, supplierKeyInEnvironment } from '../../server/config.ts'
import { acknowledgeAlert, type Alert, closeAlerts } from '../../server/loops/alerts.ts'
import { checkTheyHaveIt, decide, type Decided, type Decision } from '../../server/fulfilment/decide.ts'
import { listAlerts, listUndecided, readOrderSteps } from '../../server/fulfilment/staff.ts'
import { type OurAccount, trySupplier } from '../../server/fulfilment/try-supplier.ts'
import { feedPosts } from '../../server/orders/subscriptions.ts'
import { decideChild } from '../../server/orders/their-subscriptions.ts'
import { refuse } from '../../server/refusal.ts'
import { openSecret } from '../../server/secret.ts'
import type { Database } from '../../server/db/pool.ts'
import { openPriceSources, openSuppliers } from '../../server/suppliers/open.ts'
import { addSupplier, readSuppliers, removeSupplier, setSupplier } from '../../server/suppliers/registry.ts'
import { type Standing, SupplierAway } from '../../server/suppliers/supplier.ts'
import { withDatabase } from '../database.ts'
import { id, refuseNoChange, whole, yesNo } from '../options.ts'
import { print, table } from '../output.ts'

interface Json {
  json?: boolean
}

export function addSupplierCommands(program: Command) {
  const supplier = program.command('supplier').description('suppliers, who do the work: add, list, change, import')

  supplier
    .command('add')
    .description('add a panel that speaks this same API, or staff who work by hand')
    .argument('<name>', 'your name for the supplier')
    .option('--protocol <protocol>', 'api-v2 or manual', 'api-v2')
    .option('--url <address>', 'address of its API, like https://panel.example/api/v2')
    .option(
      '--key <key>',
      'the key it gave you, stored sealed; - reads it from standard input, so that the list of processes does not show it (or set DOCKET_SUPPLIER_KEY)',
    )
    .option('--private-network', 'allow an address in your own network, like 10.0.0.5')
    .option('--keeps-retry-keys <yes|no>', 'whether it keeps idempotency_key, as Docket does: then lost answers are asked for again', yesNo)
    .option('--json', 'answer in JSON')
    .action((name: string, options: AddOptions) => {
      const { protocol } = options
      if (protocol !== 'api-v2' && protocol !== 'manual') throw refuse('incorrect_protocol')
      return withDatabase(async (db) => {
        const secret = await openSecret(readConfig())
        const given = await supplierKey(options.key)
        const added = await addSupplier(
          db,
          {
            name,
            protocol,
            url: options.url ?? null,
            key: given,
            privateNetwork: options.privateNetwork === true,
            keepsRetryKeys: options.keepsRetryKeys ?? null,
          },
          secret,
        )
        print(options.json, { supplier: added, name }, `Supplier ${name} is added: bind services to it with "docket service bind"`)
      })
    })

  supplier
    .command('list')
    .description('all suppliers')
    .option('--json', 'answer in JSON')
    .action((options: Json) =>
      withDatabase(async (db) => {
        const rows = await readSuppliers(db)
        const shown = rows.map(({ id: number, name, protocol, url, paused, callsAtOnce, callsAMinute, keepsRetryKeys }) => ({
          supplier: number,
          name,
          protocol,
          url,
          paused,
          calls_at_once: callsAtOnce,
          calls_a_minute: callsAMinute,
          keeps_retry_keys: keepsRetryKeys,
        }))
        const lines = shown.map((row) => [String(row.supplier), row.name, row.protocol, row.url ?? '', row.paused ? 'paused' : ''])
        print(options.json, shown, table(['id', 'name', 'protocol', 'address', ''], lines))
      }),
    )

  supplier
    .command('set')
    .description('change a supplier')
    .argument('<name>', 'name of the supplier')
    .option('--paused <yes|no>', 'yes: hand nothing to it and ask nothing of it', yesNo)
    .option('--calls-at-once <number>', 'most calls to it at the same time', whole)
    .option('--calls-a-minute <number>', 'most calls to it per minute', whole)
    .option('--key <key>', 'a new key')
    .option('--url <address>', 'another address of its API')
    .option('--private-network <yes|no>', 'whether an address in your own network, like 10.0.0.5, is allowed', yesNo)
    .option('--currency <code>', 'the currency of its costs', (text: string) => text)
    .option('--json', 'answer in JSON')
    .action((name: string, options: SetOptions & Json) =>
      withDatabase(async (db) => {
        refuseNoChange(options, '--paused yes')
        await setSupplier(db, name, options, await openSecret(readConfig()))
        const row = (await readSuppliers(db)).find((each) => each.name === name)
        // It is told again if it is still so.
        const mended: Alert['kind'][] = ['supplier away']
        if (options.currency) mended.push('another currency')
        if (options.key) mended.push('supplier refuses our key')
        for (const kind of mended) await closeAlerts(db, { kind, supplierId: row!.id, orderId: null }, new Date())
        print(options.json, { name, changed: true }, `Supplier ${name} is changed`)
      }),
    )

  supplier
    .command('remove')
    .description('remove a supplier that never had a service or an order')
    .argument('<name>', 'name of the supplier')
    .option('--json', 'answer in JSON')
    .action((name: string, options: Json) =>
      withDatabase(async (db) => {
        const removed = await removeSupplier(db, name)
        await closeAlerts(db, { kind: null, supplierId: removed, orderId: null }, new Date())
        print(options.json, { name, removed }, `Supplier ${name} is removed`)
      }),
    )

  supplier
    .command('try')
    .description('try waiting orders now; says whether the supplier takes our key, and our balance there')
    .argument('<name>', 'name of the supplier')
    .option('--json', 'answer in JSON')
    .action((name: string, options: Json) =>
      withDatabase(async (db) => {
        const row = (await readSuppliers(db)).find((each) => each.name === name)
        if (!row) throw refuse('no_such_supplier', name)
        const prices = openPriceSources(await openSecret(readConfig()))
        try {
          const { tried, account } = await trySupplier({ db, now: new Date(), supplier: row, prices: prices.open(row) })
          const says = account ? `. ${sentenceOf(account, name)}` : ''
          print(options.json, { name, tried, account }, `${tried} orders are tried now${says}`)
        } finally {
          await prices.close()
        }
      }),
    )

  addStaffCommands(program)
}

function sentenceOf(account: OurAccount, name: string): string {
  switch (account.kind) {
    case 'taken':
      return `${name} takes our key: our balance there is ${account.balance}${account.currency ? ` ${account.currency}` : ''}`
    case 'key refused':
      return `${name} refuses our key ("${account.words}"): give the right one with "docket supplier set ${name} --key KEY"`
    case 'no answer':
      return `${name} does not tell our balance: ${account.words}`
    default:
      return account satisfies never
  }
}

interface AddOptions extends Json {
  protocol: string
  url?: string
  key?: string
  privateNetwork?: boolean
  keepsRetryKeys?: boolean
}

interface SetOptions {
  paused?: boolean
  callsAtOnce?: number
  callsAMinute?: number
  key?: string
  url?: string
  privateNetwork?: boolean
  currency?: string
}

function addStaffCommands(program: Command) {
  program
    .command('trace')
    .description('everything that happened to an order, with the words of suppliers and staff')
    .argument('<order>', 'number of the order', id)
    .option('--json', 'answer in JSON')
    .action((order: number, options: Json) =>
      withDatabase(async (db) => {
        const steps = await readOrderSteps(db, BigInt(order))
        if (steps.length === 0) throw refuse('order_never_handed', order)
        const rows = steps.map(({ at, by, status, words }) => [at?.toISOString() ?? '', by, status, words ?? ''])
        print(options.json, steps, table(['at', 'by', 'what', 'words'], rows))
      }),
    )

  const alertsCommand = program
    .command('alerts')
    .description('open alerts for staff, newest first')
    .option('--json', 'answer in JSON')
    .action((options: Json) =>
      withDatabase(async (db) => {
        const alerts = await listAlerts(db)
        const rows = alerts.map((alert) => [
          String(alert.id),
          alert.lastAt.toISOString(),
          alert.kind,
          alert.supplier ?? '',
          String(alert.order ?? ''),
          `${alert.words} (${alert.times}×)`,
        ])
        print(
          options.json,
          alerts,
          rows.length ? table(['alert', 'last', 'matter', 'supplier', 'order', 'words'], rows) : 'Nothing needs you',
        )
      }),
    )

  alertsCommand
    .command('acknowledge')
    .description('close an alert that you have seen; if the problem comes up again, it opens a new one')
    .argument('<alert>', 'number of the alert', id)
    .option('--json', 'answer in JSON')
    .action((alert: number, _: Json, command: Command) =>
      withDatabase(async (db) => {
        if (!(await acknowledgeAlert(db, BigInt(alert), new Date()))) throw refuse('unknown_alert', alert)
        print(command.optsWithGlobals<Json>().json, { alert, closed: true }, `Alert ${alert} is closed`)
      }),
    )

  const handOff = program.command('hand-off').description('orders that wait for a person’s decision: list, decide')
  handOff
    .command('list')
    .description('unconfirmed hand-offs, and orders that need attention')
    .option('--json', 'answer in JSON')
    .action((options: Json) =>
      withDatabase(async (db) => {
        const undecided = await listUndecided(db)
        const rows = undecided.map((row) => [
          String(row.order),
          row.state,
          row.supplier,
          row.link,
          row.cancelAsked ? 'cancel requested' : '',
          row.words ?? '',
        ])
        print(options.json, undecided, rows.length ? table(['order', 'state', 'supplier', 'link', '', 'words'], rows) : 'Nothing to decide')
      }),
    )
  handOff
    .command('decide')
    .description(
      'decide what happens to an order. --they-have-it: follow it under the supplier’s id. --send: hand it over (again), or refund it if a cancel was requested. --cancel: refund it. --remains: end it and refund so many',
    )
    .argument('<order>', 'number of the order', id)
    .option('--they-have-it <their id>', 'the supplier has it under this id')
    .option('--unasked', 'with --they-have-it: do not ask the supplier first')
    .option('--send', 'the supplier does not have it: hand it over')
    .option('--cancel', 'the supplier does not have it: cancel and refund')
    .option('--remains <number>', 'it has ended at the supplier, and so many of our quantity were not delivered', whole)
    .option('--json', 'answer in JSON')
    .action((order: number, options: DecideOptions) => {
      const decision = decisionOf(options)
      return withDatabase(async (db) => {
        const isAsked = decision.they === 'have it' && options.unasked !== true
        const found = isAsked ? await askSupplier(db, BigInt(order), decision.reference) : undefined
        const decided = await decide(db, BigInt(order), decision, new Date())
        if (!decided) throw refuse('no_decision_awaited', order)
        const says = found && `: it says ${found.words}${found.remains === null ? '' : `, remains ${found.remains}`}`
        print(options.json, { order, decided, found: found?.words ?? null }, `Order ${order}: ${WORDS[decided]}${says ?? ''}`)
      })
    })

  const subscription = program.command('subscription').description('subscriptions: report new posts, decide child orders')

  subscription
    .command('post')
    .description('report new posts; each is ordered after the subscription’s delay, and charged then')
    .argument('<subscription>', 'order number of the subscription', id)
    .argument('<links...>', 'addresses of the posts')
    .option('--json', 'answer in JSON')
    .action((subscription: number, links: string[], options: Json) =>
      withDatabase(async (db) => {
        const found = await feedPosts(db, BigInt(subscription), links, new Date())
        print(options.json, found, `${found.taken} taken, ${found.passedOver} known already or without room`)
      }),
    )

  subscription
    .command('child')
    .description('decide a child order whose quantity the supplier did not tell: charge it, or not')
    .argument('<subscription>', 'order number of the subscription', id)
    .argument('<their id>', 'the supplier’s id of the child, as "docket alerts" shows it')
    .option('--quantity <number>', 'its quantity, which is charged', whole)
    .option('--refuse', 'do not charge it')
    .option('--json', 'answer in JSON')
    .action((order: number, child: string, { quantity, refuse: isRefused, json }: ChildOptions) => {
      if ((quantity === undefined) === (isRefused === undefined)) throw refuse('say_one_of', '--quantity N, --refuse')
      return withDatabase(async (db) => {
        await decideChild(db, BigInt(order), child, quantity === undefined ? null : BigInt(quantity), new Date())
        print(
          json,
          { subscription: order, child, quantity: quantity ?? null },
          isRefused ? 'It is not charged' : `It is an order of ${quantity}`,
        )
      })
    })
}

interface ChildOptions extends Json {
  quantity?: number
  refuse?: boolean
}

const WORDS: Readonly<Record<Decided, string>> = {
  watched: 'the supplier has it, and it is watched from now on',
  sent: 'it is handed over now',
  cancelled: 'it is cancelled and refunded',
  partial: 'it has ended, and what remains is refunded',
}

/** What the supplier says of the id that a person names. */
async function askSupplier(db: Database, order: bigint, reference: string): Promise<Standing | undefined> {
  const suppliers = await openSuppliers({ db, now: () => new Date(), secret: await openSecret(readConfig()), simulatedSpeed: 1 })
  try {
    return await checkTheyHaveIt(db, order, reference, async (supplierId) => {
      const row = (await readSuppliers(db)).find((each) => each.id === supplierId)
      return row && suppliers.open(row)
    })
  } catch (error) {
    if (!(error instanceof SupplierAway)) throw error
    throw refuse('supplier_away', error.message)
  } finally {
    await suppliers.close()
  }
}

interface DecideOptions extends Json {
  unasked?: boolean
  theyHaveIt?: string
  send?: boolean
  cancel?: boolean
  remains?: number
}

function decisionOf(options: DecideOptions): Decision {
  if ([options.theyHaveIt, options.send, options.cancel, options.remains !== undefined].filter(Boolean).length !== 1) {
    throw refuse('say_one_of', '--they-have-it ID, --send, --cancel, --remains N')
  }
  if (options.remains !== undefined) return { they: 'did a part', remains: BigInt(options.remains) }
  if (options.theyHaveIt) return { they: 'have it', reference: options.theyHaveIt }
  return { they: options.send ? 'do not: send' : 'do not: cancel' }
}

/** A key among the arguments is read by everybody on this machine who lists its processes, and stays in the shell's history. */
async function supplierKey(given: string | undefined): Promise<string | null> {
  if (given === undefined) return supplierKeyInEnvironment() ?? null
  if (given !== '-') {
    process.stderr.write('docket: a key among the arguments can be seen in the list of processes: better --key - or DOCKET_SUPPLIER_KEY\n')
    return given
  }
  const key = (await text(process.stdin)).trim()
  if (key === '') throw refuse('key_not_given')
  return key
}
