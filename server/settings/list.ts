import type { Config } from '../config.ts'
import { fixedBy, type SettingKey, type SettingValue, settingKeys } from './fields.ts'
import { logoWords } from './logo.ts'
import { type SavedSetting, savedLogo, valueOf } from './settings.ts'

/** A setting as staff see it. */
export interface ShownSetting {
  readonly setting: SettingKey
  /** What holds; a logo in words. */
  readonly value: SettingValue
  /** Where that comes from. */
  readonly from: 'environment' | 'saved' | 'default'
  /** The variable that fixes it; null: it can be changed. */
  readonly fixed_by: string | null
  readonly version: number | null
  readonly changed: Date | null
  readonly changed_by: string | null
}

/** All settings, in the order of the page. */
export function showSettings(config: Config, saved: readonly SavedSetting[]): readonly ShownSetting[] {
  return settingKeys.map((key) => {
    const row = saved.find((each) => each.key === key)
    const fixed = fixedBy(config, key)
    const from = fixed !== null ? 'environment' : row && row.value !== null ? 'saved' : 'default'
    return {
      setting: key,
      value: key === 'logo' ? logoShown(config, fixed, saved) : valueOf(config, key, saved),
      from,
      fixed_by: fixed,
      version: row?.version ?? null,
      changed: row?.changedAt ?? null,
      changed_by: row?.changedBy ?? null,
    }
  })
}

function logoShown(config: Config, fixed: string | null, saved: readonly SavedSetting[]): string | null {
  if (fixed !== null) return config.house.logoFile ?? null
  const logo = savedLogo(saved)
  return logo ? logoWords(logo) : null
}
