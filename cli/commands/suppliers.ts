import { text } from 'node:stream/consumers'
import type { Command } from 'commander'
import { supplierAdd } from '../../server/acts/supplier-add.ts'
import { supplierRemove } from '../../server/acts/supplier-remove.ts'
import { supplierSet } from '../../server/acts/supplier-set.ts'
import { supplierTry } from '../../server/acts/supplier-try.ts'
import { supplierKeyInEnvironment } from '../../server/config.ts'
import { refuse } from '../../server/refusal.ts'
import { readSuppliers } from '../../server/suppliers/registry.ts'
import { addAct } from '../acts.ts'
import { withDatabase } from '../database.ts'
import { type Json, print, table } from '../output.ts'
import { addSupplierPrices } from './price-sync.ts'

export function addSupplierCommands(program: Command) {
  const supplier = program.command('supplier').description('suppliers, who do the work: add, list, change, import')

  addAct(supplier, supplierAdd, { amend: async (input) => ({ ...input, key: await supplierKey(input['key'] as string | undefined) }) })
  addList(supplier)
  for (const act of [supplierSet, supplierRemove, supplierTry]) addAct(supplier, act)
  addSupplierPrices(supplier)
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

/** A key among the arguments can be read by everybody on this machine who lists its processes, and stays in the shell's history. */
async function supplierKey(given: string | undefined): Promise<string | undefined> {
  if (given === undefined) return supplierKeyInEnvironment()
  if (given !== '-') {
    process.stderr.write('docket: a key among the arguments can be seen in the list of processes: better --key - or DOCKET_SUPPLIER_KEY\n')
    return given
  }
  const key = (await text(process.stdin)).trim()
  if (key === '') throw refuse('key_not_given')
  return key
}
