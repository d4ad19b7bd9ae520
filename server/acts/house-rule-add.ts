import { z } from 'zod'
import { addRule } from '../house-rules/registry.ts'
import { act } from './act.ts'
import { cli, text } from './fields.ts'
import { rowOf } from './rows.ts'

export const houseRuleAdd = act({
  name: 'house-rule add',
  does: 'refuse such orders from now on, on every node; orders under way go on',
  permission: 'rules.manage',
  changesCatalogue: true,
  input: z.object({
    pattern: cli(text(), { argument: true, placeholder: '<pattern>' }).describe(
      'example.com (with all hosts below it) · @name or example.com/name · a word, like casino or casino*',
    ),
    kind: cli(z.enum(['host', 'account', 'word']), { placeholder: '<kind>' }).describe('what the pattern is'),
    reason: text().describe('reason, for staff; no customer sees it'),
    by: text(200).optional().describe('who decided it; without it: whoever runs this'),
  }),
  async run({ tx, now, actor }, { by = actor.who, ...rule }) {
    const added = await addRule(tx, { ...rule, by }, now)
    return { result: { ...added, kind: rule.kind }, after: await rowOf(tx, 'house rules', added.rule) }
  },
  says: ({ rule, kind, pattern }) => `Rule ${rule}: no orders for the ${kind} ${pattern}`,
})
