import { readFile, writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { Argument, Option } from 'commander'
import { catalogueCurrency } from '../../server/catalog/sync-lists.ts'
import { readConfig } from '../../server/config.ts'
import { exportTo } from '../../server/move-in/export.ts'
import { LARGE_PIECES, openFile } from '../../server/move-in/files.ts'
import { moveInExport } from '../../server/move-in/move-in-export.ts'
import { moveIn } from '../../server/move-in/move-in.ts'
import { openPanel, type Source, sources } from '../../server/move-in/open-panel.ts'
import { reportText } from '../../server/move-in/report.ts'
import { trialOf } from '../../server/move-in/try-supplier.ts'
import { refuse } from '../../server/refusal.ts'
import { openSecret } from '../../server/secret.ts'
import { machineUser } from '../../server/staff/actor.ts'
import { openPriceSources } from '../../server/suppliers/open.ts'
import { userName } from '../acts.ts'
import { withHouse } from '../house.ts'
import { withDatabase, withDatabaseToRead } from '../database.ts'
import { type Json, print, table } from '../output.ts'

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
    .addArgument(new Argument('<from>', 'what it is read from').choices([...sources, 'docket']))
    .argument('<place>', 'a MySQL dump (also .gz), a directory of CSV files or of an export of Docket, or the address of a hosted panel')
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
    .action((source: Source | 'docket', place: string, options: Options) =>
      source === 'docket' ? moveDocket(place, options) : move(source, place, options),
    )

  program
    .command('export')
    .description('write services, customers, money and orders as lines of JSON, one file per kind, with a description of their fields')
    .argument('<directory>', 'a new or empty directory')
    .option('--json', 'answer in JSON')
    .action((directory: string, options: Json) =>
      withDatabaseToRead(async (db) => {
        const about = await exportTo(db, directory, new Date(), progress(options.json))
        endProgress(options.json)
        const rows = about.kinds.reduce((sum, kind) => sum + kind.rows, 0)
        print(options.json, about, `${rows} rows of ${about.kinds.length} kinds in ${directory}: about.json says what they are`)
      }),
    )
}

async function moveDocket(directory: string, options: Options): Promise<void> {
  await withDatabase(async (db) => {
    const secret = await openSecret(readConfig())
    const dryRun = options.run !== true
    const how = { now: new Date(), dryRun, actor: machineUser(userName()), secret, onProgress: progress(options.json) }
    const moved = await moveInExport({ db, directory, ...how })
    endProgress(options.json)
    const counts = Object.entries(moved.rows).filter(([, rows]) => rows > 0)
    const keys = moved.suppliersWithoutKey.map(
      (name) => `Enter the key of ${name}, which is paused until then: docket supplier set ${name} --key - --resume`,
    )
    const head = dryRun ? 'This export would be moved in; nothing was changed.' : 'The export was moved in.'
    print(options.json, moved, [head, '', table(['', 'rows'], counts.map(([kind, rows]) => [kind, String(rows)])), '', ...keys, ...(dryRun ? ['With --run it is done.'] : [])].join('\n')) // prettier-ignore
  })
}

async function move(source: Source, place: string, options: Options): Promise<void> {
  const hosted = {
    key: (await keyIn(options.keyFile)) ?? '',
    servicesKey: await keyIn(options.servicesKeyFile),
    suppliers: () => (options.suppliers === undefined ? [] : openFile(options.suppliers, LARGE_PIECES)),
  }
  const { panel, close } = await openPanel({ ...options, hosted, source, place, name: options.name ?? source })
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
          trySupplier: options.try ? trialOf(prices, secret, privateNetwork) : null,
        }) // prettier-ignore
        if (options.report !== undefined) await writeFile(options.report, `${JSON.stringify(report, null, 2)}\n`, { mode: 0o600 })
        endProgress(options.json)
        print(options.json, report, reportText(report) + (report.dryRun ? '\n\nWith --run it is done.' : ''))
      } finally {
        await prices.close()
      }
    })
  } finally {
    await close()
  }
}

async function keyIn(file: string | undefined): Promise<string | null> {
  return file === undefined ? null : (await readFile(file, 'utf8')).trim()
}

function endProgress(json: boolean | undefined): void {
  if (!json && process.stderr.isTTY) process.stderr.write('\r\u001b[K')
}

/** On one line of the terminal, for people who watch. */
function progress(json: boolean | undefined): (what: string, rows: number) => void {
  const done = new Map<string, number>()
  return (what, rows) => {
    done.set(what, (done.get(what) ?? 0) + rows)
    if (!json && process.stderr.isTTY) process.stderr.write(`\r\u001b[K${[...done].map(([name, count]) => `${count} ${name}`).join(', ')}`)
  }
}
