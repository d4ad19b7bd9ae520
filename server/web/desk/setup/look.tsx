import type { ShownSetting } from '../../../settings/list.ts'
import { FormFault, Submit } from '../../ui/parts.tsx'
import { type Faults, NO_FAULTS } from '../../ui/page-ui.ts'
import type { DeskContext } from '../desk.ts'
import { SettingFields } from '../settings/setting-fields.tsx'
import { LOOK } from './look-settings.ts'
import type { Progress } from './progress.ts'
import { setupPage } from './setup-page.tsx'

interface LookView {
  readonly progress: Progress
  readonly settings: readonly ShownSetting[]
  readonly seen: number
  readonly typed?: Readonly<Record<string, string>>
  readonly faults?: Faults
}

/** What the house is called, how it looks, in which currency and languages it works. */
export function lookPage(context: DeskContext, { progress, settings, seen, typed, faults = NO_FAULTS }: LookView): string {
  const { ui } = context
  const keys: readonly string[] = LOOK
  const asked = settings
    .filter(({ setting }) => keys.includes(setting))
    .toSorted((one, other) => keys.indexOf(one.setting) - keys.indexOf(other.setting))
  return setupPage(context, {
    progress,
    step: 'look',
    children: (
      <form method="post" action="/desk/setup/look" class="form card" enctype="multipart/form-data">
        <input type="hidden" name="csrf" value={ui.csrf} />
        <input type="hidden" name="seen" value={String(seen)} />
        <FormFault faults={faults} />
        <SettingFields frame={ui.frame} settings={asked} typed={typed} faults={faults} />
        <Submit>{ui.frame.texts.text('desk.setup.saveAndNext')}</Submit>
      </form>
    ),
  })
}
