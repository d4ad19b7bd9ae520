import type { Command } from 'commander'
import { houseRuleAdd } from '../../server/acts/house-rule-add.ts'
import { houseRuleRemove } from '../../server/acts/house-rule-remove.ts'
import { listRules } from '../../server/house-rules/registry.ts'
import { addAct } from '../acts.ts'
import { withDatabase } from '../database.ts'
import { type Json, print, table } from '../output.ts'

export function addHouseRuleCommands(program: Command) {
  const rule = program.command('house-rule').description('hosts, accounts and words for which no orders are taken: add, list, remove')

  addAct(rule, houseRuleAdd)
  addList(rule)
  addAct(rule, houseRuleRemove)
}

function addList(rule: Command) {
  rule
    .command('list')
    .description('the rules, and how many orders each has refused')
    .option('--lifted', 'also rules that were removed')
    .option('--json', 'answer in JSON')
    .action((options: { lifted?: boolean } & Json) =>
      withDatabase(async (db) => {
        const rules = await listRules(db, options.lifted === true)
        const shown = rules.map((row) => ({
          rule: row.id,
          kind: row.kind,
          pattern: row.pattern,
          reason: row.reason,
          by: row.addedBy,
          at: row.addedAt,
          removed_by: row.removedBy,
          removed_at: row.removedAt,
          refused: row.refused,
          accounts: row.accounts,
          last_at: row.lastAt,
          last_link: row.lastLink,
        }))
        const rows = shown.map((row) => [
          String(row.rule),
          row.kind,
          row.pattern,
          row.reason,
          `${row.by}, ${row.at.toISOString().slice(0, 10)}`,
          `${row.refused}×`,
          row.removed_at ? `lifted by ${row.removed_by}` : '',
        ])
        const headings = ['id', 'kind', 'pattern', 'reason', 'who and when', 'refused', '']
        print(options.json, shown, rows.length ? table(headings, rows) : 'No rule: every order is taken')
      }),
    )
}
