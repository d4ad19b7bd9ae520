import type { Queryable } from '../../../db/pool.ts'
import { readSaved } from '../../../settings/settings.ts'
import { setupSteps, type SetupStep, skippedSteps } from '../../../settings/setup.ts'

/** How far the set-up is. It is seen from what there is; only what somebody left out is noted. */
export interface Progress {
  readonly steps: readonly { readonly step: SetupStep; readonly state: 'done' | 'skipped' | 'open' }[]
  /** The first step that is neither done nor left out. */
  readonly next: SetupStep | undefined
}

// Each looks for one row.
const FACTS = `
  select
    exists (select from settings where key in ('name', 'logo', 'colour', 'currency', 'languages')) as look,
    exists (select from suppliers where protocol <> 'simulated') or exists (select from services where supplier_id is not null) as supplier,
    exists (select from services where state = 'on sale' and supplier_id is not null) as services,
    exists (select from books where not play and paid_in <> 0) as customer,
    exists (select from orders o join books b on b.id = o.book_id where not b.play) as "order"`

export async function readProgress(db: Queryable): Promise<Progress> {
  const { rows } = await db.query<Record<SetupStep, boolean>>({ name: 'set-up facts', text: FACTS })
  const skipped = skippedSteps(await readSaved(db))
  const steps = setupSteps.map((step) => {
    return { step, state: rows[0]![step] ? ('done' as const) : skipped.includes(step) ? ('skipped' as const) : ('open' as const) }
  })
  return { steps, next: steps.find(({ state }) => state === 'open')?.step }
}

/** Whether the desk need not speak of the set-up any more: there are orders, or somebody has left out what is missing. */
function isOver({ steps, next }: Progress): boolean {
  return next === undefined || steps.some(({ step, state }) => step === 'order' && state === 'done')
}

/** Whether the desk speaks of the set-up. A house that is set up stays so, and is not asked again. */
export type SetupReminder = (db: Queryable) => Promise<SetupStep | undefined>

export function openSetupReminder(): SetupReminder {
  let isSetUp = false
  return async (db) => {
    if (isSetUp) return undefined
    const progress = await readProgress(db)
    isSetUp = progress.steps.some(({ step, state }) => step === 'order' && state === 'done')
    return isOver(progress) ? undefined : progress.next
  }
}
