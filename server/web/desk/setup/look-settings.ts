import type { SettingKey } from '../../../settings/fields.ts'

/** What the first step asks. */
export const LOOK = ['name', 'logo', 'colour', 'currency', 'languages'] as const satisfies readonly SettingKey[]
