import type { Queryable } from '../db/pool.ts'
import { newestVersion, readSaved, type SavedSetting } from './settings.ts'

/** The steps of the set-up, in their order. */
export const setupSteps = ['look', 'supplier', 'services', 'customer', 'order'] as const
export type SetupStep = (typeof setupSteps)[number]

/** Its row in the table of settings: the steps that somebody has chosen to leave out. How far the others are is seen from what there is. */
const KEY = 'setup_skipped'

export function skippedSteps(saved: readonly SavedSetting[]): readonly SetupStep[] {
  const value = saved.find(({ key }) => key === KEY)?.value
  return Array.isArray(value) ? setupSteps.filter((step) => value.includes(step)) : []
}

const SAVE = `
  insert into settings (key, value, version, changed_at, changed_by) values ('${KEY}', $1, $2, $3, $4)
  on conflict (key) do update set value = excluded.value, version = excluded.version, changed_at = excluded.changed_at, changed_by = excluded.changed_by`

/** Leaves steps out, or takes them back in. Answers all that are left out, before and after. */
export async function skipSteps(
  tx: Queryable,
  { steps, backIn }: { readonly steps: readonly SetupStep[]; readonly backIn: boolean },
  { who, now }: { readonly who: string; readonly now: Date },
): Promise<{ before: readonly SetupStep[]; after: readonly SetupStep[] }> {
  await tx.query('lock table settings in share row exclusive mode')
  const saved = await readSaved(tx)
  const before = skippedSteps(saved)
  const after = setupSteps.filter((step) => (steps.includes(step) ? !backIn : before.includes(step)))
  await tx.query(SAVE, [JSON.stringify(after), newestVersion(saved) + 1, now, who])
  return { before, after }
}
