import os from 'node:os'
import { type Command, Option } from 'commander'
import { changeCatalogue } from '../../server/catalog/catalogue.ts'
import { addRule, listRules, removeRule } from '../../server/house-rules/registry.ts'
import { withDatabase } from '../database.ts'
import { id } from '../options.ts'
import { type Json, print, table } from '../output.ts'

export function addHouseRuleCommands(program: Command) {
  const rule = program.command('house-rule').description('hosts, accounts and words for which no orders are taken: add, list, remove')

  addAdd(rule)
  addList(rule)
  addRemove(rule)
}

function addAdd(rule: Command) {
  rule
    .command('add')
    .description('refuse such orders from now on, on every node; orders under way go on')
    .addOption(new Option('--kind <kind>', 'what the pattern is').choices(['host', 'account', 'word']).makeOptionMandatory())
    .argument('<pattern>', 'example.com (with all hosts below it) · @name or example.com/name · a word, like casino or casino*')
    .requiredOption('--reason <text>', 'reason, for staff; no customer sees it')
    .addOption(by())
    .option('--json', 'answer in JSON')
    .action((pattern: string, options: { kind: 'host' | 'account' | 'word'; reason: string; by: string } & Json) =>
      withDatabase(async (db) => {
        const added = await changeCatalogue(db, (tx) => addRule(tx, { ...options, pattern }, new Date()))
        print(options.json, added, `Rule ${added.rule}: no orders for the ${options.kind} ${added.pattern}`)
      }),
    )
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

function addRemove(rule: Command) {
  rule
    .command('remove')
    .description('take such orders again')
    .argument('<number>', 'the id that "house-rule list" shows', id)
    .addOption(by())
    .option('--json', 'answer in JSON')
    .action((which: number, options: { by: string } & Json) =>
      withDatabase(async (db) => {
        await changeCatalogue(db, (tx) => removeRule(tx, which, options.by, new Date()))
        print(options.json, { rule: which, removed: true }, `Rule ${which} holds no more`)
      }),
    )
}

function by(): Option {
  return new Option('--by <name>', 'who decided it').default(userName(), 'your user name')
}

/** A container may run as a user without a name. */
function userName(): string {
  try {
    return os.userInfo().username
  } catch {
    return 'staff'
  }
}
