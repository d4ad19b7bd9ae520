import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { Argument, Option } from 'commander'
import { catalogueCurrency } from '../../server/catalog/sync-lists.ts'
import { readConfig } from '../../server/config.ts'
import { askForOurAccount } from '../../server/fulfilment/try-supplier.ts'
import { moveIn } from '../../server/move-in/move-in.ts'
import { openPanel, type Source, sources } from '../../server/move-in/open-panel.ts'
import { reportText } from '../../server/move-in/report.ts'
import { refuse } from '../../server/refusal.ts'
import { openSecret } from '../../server/secret.ts'
import { machineUser } from '../../server/staff/actor.ts'
import { openPriceSources } from '../../server/suppliers/open.ts'
import { userName } from '../acts.ts'
import { withHouse } from '../house.ts'
import { type Json, print } from '../output.ts'

interface Options extends Json {
  readonly run?: boolean
  readonly name?: string
  readonly currency?: string
  readonly try?: boolean
  readonly report?: string
  readonly keyFile?: string
  readonly servicesKeyFile?: string
  readonly suppliers?: string
  readonly privateNetwork?: boolean
}

export function addMoveInCommands(program: Command) {
  program
    .command('move-in')
    .description('bring another panel over: services, customers, balances, keys and orders; without --run it tells what it would do')
    .addArgument(new Argument('<from>', 'what it is read from').choices(sources))
    .argument('<place>', 'a MySQL dump (also .gz), a directory of CSV files, or the address of a hosted panel')
    .option('--run', 'do it; without this it is a dry run, which changes nothing')
    .option('--name <name>', 'name of the panel in references; the same each time it is run (default: what it is read from)')
    .option('--currency <code>', 'currency of the balances there; it must be the one of your prices')
    .option('--try', 'ask each supplier for your balance there first')
    .option('--report <file>', 'write the whole report as JSON')
    .option('--key-file <file>', 'hosted: a file with the key of its admin API')
    .option('--services-key-file <file>', 'hosted: a file with a reseller’s key, by which services are listed')
    .option('--suppliers <file>', 'hosted: a CSV file with name, url and key of each supplier')
    .addOption(new Option('--private-network', 'suppliers, or a hosted panel, may be inside your own network'))
    .option('--json', 'answer in JSON')
    .action(move)
}

async function move(source: Source, place: string, options: Options): Promise<void> {
  const { panel, close } = await openPanel({ ...options, source, place, name: options.name ?? source })
  try {
    await withHouse(async (house) => {
      const currency = await catalogueCurrency(house.db)
      const theirs = options.currency?.toUpperCase() ?? currency
      if (theirs !== currency) throw refuse('another_currency_here', theirs, currency)
      const secret = await openSecret(readConfig())
      const prices = openPriceSources(secret)
      const privateNetwork = options.privateNetwork === true
      try {
        const report = await moveIn({
          db: house.db, panel, now: house.now(), currency, dryRun: options.run !== true, secret, hashKey: secret.hash, actor: machineUser(userName()),
          seller: house.settings().seller, privateNetwork, onProgress: progress(options.json),
          trySupplier: options.try ? trial(prices, secret, privateNetwork) : null,
        }) // prettier-ignore
        if (options.report !== undefined) await writeFile(options.report, `${JSON.stringify(report, null, 2)}\n`, { mode: 0o600 })
        if (!options.json && process.stderr.isTTY) process.stderr.write('\r\u001b[K')
        print(options.json, report, reportText(report) + (report.dryRun ? '\n\nWith --run it is done.' : ''))
      } finally {
        await prices.close()
      }
    })
  } finally {
    await close()
  }
}

/** Asks a supplier of the old panel for the balance, with the address and key that would be stored. */
function trial({ open }: ReturnType<typeof openPriceSources>, secret: Awaited<ReturnType<typeof openSecret>>, privateNetwork: boolean) {
  return async ({ name, url, key }: { name: string; url: string; key: string }): Promise<string> => {
    const limits = { callsAtOnce: 1, callsAMinute: 60, paused: false, keepsRetryKeys: null }
    const row = { id: 0, name, protocol: 'api-v2', url, sealedKey: secret.seal(key), privateNetwork, ...limits } as const
    const answer = await askForOurAccount(open(row)!)
    return answer.kind === 'taken'
      ? `it answers, balance ${answer.balance} ${answer.currency ?? ''}`.trim()
      : `${answer.kind}: ${answer.words}`
  }
}

/** On one line of the terminal, for people who watch. */
function progress(json: boolean | undefined): (what: string, rows: number) => void {
  const done = new Map<string, number>()
  return (what, rows) => {
    done.set(what, (done.get(what) ?? 0) + rows)
    if (!json && process.stderr.isTTY) process.stderr.write(`\r\u001b[K${[...done].map(([name, count]) => `${count} ${name}`).join(', ')}`)
  }
}
