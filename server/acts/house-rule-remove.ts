import { z } from 'zod'
import { removeRule } from '../house-rules/registry.ts'
import { act, changed } from './act.ts'
import { cli, id, text } from './fields.ts'
import { rowOf } from './rows.ts'

export const houseRuleRemove = act({
  name: 'house-rule remove',
  does: 'take such orders again',
  permission: 'rules.manage',
  changesCatalogue: true,
  input: z.object({
    rule: cli(id(), { argument: true }).describe('the id that "house-rule list" shows'),
    by: text(200).optional().describe('who decided it; without it: whoever runs this'),
  }),
  async run({ tx, now, actor }, { rule, by = actor.who }) {
    const before = await rowOf(tx, 'house rules', rule)
    await removeRule(tx, rule, by, now)
    return { result: { rule, removed: true }, ...changed(before, await rowOf(tx, 'house rules', rule)) }
  },
  says: ({ rule }) => `Rule ${rule} holds no more`,
})
