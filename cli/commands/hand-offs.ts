import type { Command } from 'commander'
import { handOffDecide } from '../../server/acts/hand-off-decide.ts'
import { listUndecided } from '../../server/fulfilment/staff.ts'
import { addAct } from '../acts.ts'
import { withDatabase } from '../database.ts'
import { type Json, print, table } from '../output.ts'

export function addHandOffCommands(program: Command) {
  const handOff = program.command('hand-off').description('orders that wait for a person’s decision: list, decide')
  addList(handOff)
  addAct(handOff, handOffDecide)
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
