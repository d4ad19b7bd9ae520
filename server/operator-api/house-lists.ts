import { z } from 'zod'
import { listRules } from '../house-rules/registry.ts'
import { showSettings } from '../settings/list.ts'
import { readSaved } from '../settings/settings.ts'
import { big, count, moment, word, yesNo } from './columns.ts'
import { list, type List, NO_FILTER, pageOf } from './list.ts'

/** How the house is set. */
export const houseLists: readonly List[] = [
  list({
    name: 'settings',
    does: 'what an operator changes: what holds, where it comes from, and who changed it last',
    permission: 'settings.read',
    filters: NO_FILTER,
    row: z.object({
      setting: word(),
      value: z.union([word(), z.number(), yesNo(), z.array(word()).readonly()]).nullable(),
      from: z.enum(['default', 'environment', 'saved']),
      fixed_by: word().nullable(),
      version: count().nullable(),
      changed: moment().nullable(),
      changed_by: word().nullable(),
    }),
    async read(db, _, { config }) {
      return { rows: showSettings(config, await readSaved(db)), next: null }
    },
  }),
  list({
    name: 'house-rules',
    does: 'the house rules, also those that were removed, and how many orders each has refused',
    permission: 'rules.read',
    filters: NO_FILTER,
    row: z.object({
      rule: count(),
      kind: word(),
      pattern: word(),
      reason: word(),
      added_by: word(),
      added_at: moment(),
      removed_by: word().nullable(),
      removed_at: moment().nullable(),
      refused: big(),
    }),
    async read(db, _, page) {
      return pageOf(
        page,
        await listRules(db, true),
        (row) => row.id,
        (row) => ({
          rule: row.id,
          kind: row.kind,
          pattern: row.pattern,
          reason: row.reason,
          added_by: row.addedBy,
          added_at: row.addedAt,
          removed_by: row.removedBy,
          removed_at: row.removedAt,
          refused: row.refused,
        }),
      )
    },
  }),
]
