import { text } from 'node:stream/consumers'
import type { Command } from 'commander'
import { readConfig, supplierKeyInEnvironment } from '../../server/config.ts'
import { type Alert, closeAlerts } from '../../server/loops/alerts.ts'
import { type OurAccount, trySupplier } from '../../server/fulfilment/try-supplier.ts'
import { refuse } from '../../server/refusal.ts'
import { openSecret } from '../../server/secret.ts'
import { openPriceSources } from '../../server/suppliers/open.ts'
import { addSupplier, readSuppliers, removeSupplier, setSupplier } from '../../server/suppliers/registry.ts'
import { withDatabase } from '../database.ts'
import { refuseNoChange, whole, yesNo } from '../options.ts'
import { type Json, print, table } from '../output.ts'

export function addSupplierCommands(program: Command) {
  const supplier = program.command('supplier').description('suppliers, who do the work: add, list, change, import')

  addAdd(supplier)
  addList(supplier)
  addSet(supplier)
  addRemove(supplier)
  addTry(supplier)
}

function addAdd(supplier: Command) {
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
}

function addList(supplier: Command) {
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
}

function addSet(supplier: Command) {
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
        // If the fault is still there, a new alert is opened.
        const mended: Alert['kind'][] = ['supplier away']
        if (options.currency) mended.push('another currency')
        if (options.key) mended.push('supplier refuses our key')
        for (const kind of mended) await closeAlerts(db, { kind, supplierId: row!.id, orderId: null }, new Date())
        print(options.json, { name, changed: true }, `Supplier ${name} is changed`)
      }),
    )
}

function addRemove(supplier: Command) {
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
}

function addTry(supplier: Command) {
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

/** A key among the arguments can be read by everybody on this machine who lists its processes, and stays in the shell's history. */
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
