import type { Command } from 'commander'
import { readConfig } from '../../server/config.ts'
import type { Database } from '../../server/db/pool.ts'
import { checkTheyHaveIt, decide, type Decided, type Decision } from '../../server/fulfilment/decide.ts'
import { listUndecided } from '../../server/fulfilment/staff.ts'
import { refuse } from '../../server/refusal.ts'
import { openSecret } from '../../server/secret.ts'
import { openSuppliers } from '../../server/suppliers/open.ts'
import { readSuppliers } from '../../server/suppliers/registry.ts'
import { type Standing, SupplierAway } from '../../server/suppliers/supplier.ts'
import { withDatabase } from '../database.ts'
import { id, whole } from '../options.ts'
import { type Json, print, table } from '../output.ts'

export function addHandOffCommands(program: Command) {
  const handOff = program.command('hand-off').description('orders that wait for a person’s decision: list, decide')
  addList(handOff)
  addDecide(handOff)
}

function addList(handOff: Command) {
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
}

function addDecide(handOff: Command) {
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
}

const WORDS: Readonly<Record<Decided, string>> = {
  watched: 'the supplier has it, and it is watched from now on',
  sent: 'it is handed over now',
  cancelled: 'it is cancelled and refunded',
  partial: 'it has ended, and what remains is refunded',
}

/** Asks the supplier about the id that staff gave. */
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
