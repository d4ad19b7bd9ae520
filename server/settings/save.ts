import type { Config } from '../config.ts'
import type { Queryable } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import { fixedBy, type SettingKey, type SettingValue, settingWords } from './fields.ts'
import { logoIn, logoWords } from './logo.ts'
import { newestVersion, readSaved, type SavedSetting, savedLogo, valueOf } from './settings.ts'

/** Values as the fields have them; null: the default counts again. */
export type SettingChange = Readonly<Partial<Record<SettingKey, SettingValue>>>

export interface Saver {
  readonly config: Config
  readonly who: string
  readonly now: Date
  /** The newest version that the saver has seen; undefined: a command, which replaces what is there. */
  readonly seen: number | undefined
}

export interface SavedChange {
  readonly before: Record<string, unknown>
  readonly after: Record<string, unknown>
  readonly version: number
}

/**
 * Saves settings that differ from what holds. Throws a Refusal for one that the environment fixes, and for one that somebody else has changed since
 * the saver looked: it tells both values.
 */
export async function saveSettings(tx: Queryable, change: SettingChange, { config, who, now, seen }: Saver): Promise<SavedChange> {
  await tx.query('lock table settings in share row exclusive mode')
  const saved = await readSaved(tx)
  const version = newestVersion(saved)
  const before: Record<string, unknown> = {}
  const after: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(change) as [SettingKey, SettingValue][]) {
    const [old, fresh] = [told(config, key, saved), toldOf(config, key, value)]
    if (isSame(old, fresh)) continue
    const fixed = fixedBy(config, key)
    if (fixed !== null) throw refuse('setting_is_fixed', key, fixed)
    const row = saved.find((each) => each.key === key)
    if (seen !== undefined && row !== undefined && row.version > seen)
      throw refuse('setting_changed_meanwhile', key, settingWords(old), row.changedBy, settingWords(fresh))
    before[key] = old
    after[key] = fresh
    await keep(tx, key, value, { version: version + 1, who, now })
  }
  return { before, after, version: Object.keys(after).length > 0 ? version + 1 : version }
}

const SAVE = `
  insert into settings (key, value, file, version, changed_at, changed_by) values ($1, $2, $3, $4, $5, $6)
  on conflict (key) do update set value = excluded.value, file = excluded.file, version = excluded.version, changed_at = excluded.changed_at,
    changed_by = excluded.changed_by`

async function keep(
  tx: Queryable,
  key: SettingKey,
  value: SettingValue,
  { version, who, now }: { version: number; who: string; now: Date },
) {
  const logo = key === 'logo' && value !== null ? logoIn(value as string) : undefined
  const stored = logo ? { extension: logo.extension } : value
  await tx.query(SAVE, [key, stored === null ? null : JSON.stringify(stored), logo?.bytes ?? null, version, now, who])
}

/** What holds, as the log and a refusal tell it. */
function told(config: Config, key: SettingKey, saved: readonly SavedSetting[]): SettingValue {
  if (key !== 'logo') return valueOf(config, key, saved)
  if (fixedBy(config, key) !== null) return config.house.logoFile ?? null
  const logo = savedLogo(saved)
  return logo ? logoWords(logo) : null
}

function toldOf(config: Config, key: SettingKey, value: SettingValue): SettingValue {
  if (value === null) return valueOf(config, key, [])
  return key === 'logo' ? logoWords(logoIn(value as string)!) : value
}

function isSame(one: SettingValue, other: SettingValue): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
