import type { Command } from 'commander'
import { groupAdd } from '../../server/acts/group-add.ts'
import { groupMove } from '../../server/acts/group-move.ts'
import { groupRates } from '../../server/acts/group-rates.ts'
import { groupRemove } from '../../server/acts/group-remove.ts'
import { groupSet } from '../../server/acts/group-set.ts'
import { listGroups } from '../../server/customers/groups.ts'
import { addAct } from '../acts.ts'
import { withDatabase } from '../database.ts'
import { type Json, print, table } from '../output.ts'

const MOST_GROUPS = 10_000

export function addGroupCommands(program: Command) {
  const group = program.command('group').description('groups of customers, who pay alike: discounts and rates')
  addAct(group, groupAdd)
  addList(group)
  for (const act of [groupSet, groupRates, groupMove, groupRemove]) addAct(group, act)
}

function addList(group: Command) {
  group
    .command('list')
    .description('all groups with their discounts')
    .option('--json', 'answer in JSON')
    .action((options: Json) =>
      withDatabase(async (db) => {
        const groups = await listGroups(db, 0, MOST_GROUPS)
        const shown = groups.map(({ id, name, discountBasisPoints }) => ({ group: id, name, discount_percent: discountBasisPoints / 100 }))
        const rows = shown.map((row) => [String(row.group), row.name, `${row.discount_percent}%`])
        print(options.json, shown, rows.length ? table(['group', 'name', 'discount'], rows) : 'No group yet: docket group add --name NAME')
      }),
    )
}
