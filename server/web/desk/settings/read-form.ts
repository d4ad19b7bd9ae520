import type { Config } from '../../../config.ts'
import { fixedBy, settingFields, type SettingKey, type SettingValue } from '../../../settings/fields.ts'
import { dataAddressOf } from '../../../settings/logo.ts'
import type { SettingChange } from '../../../settings/save.ts'
import type { Faults } from '../../ui/page-ui.ts'
import { languages } from '../../../texts/languages.ts'
import type { Texts } from '../../../texts/texts.ts'
import { faultText } from '../field-faults.ts'

/** What was typed into a form of settings. A field that was left empty puts the default back. Faults are in `faults`. */
export function readSettingForm(
  texts: Texts,
  config: Config,
  keys: readonly SettingKey[],
  typed: Readonly<Record<string, string>>,
): { readonly change: SettingChange; readonly faults: Faults } {
  const change: Partial<Record<SettingKey, SettingValue>> = {}
  const faults: Record<string, string> = {}
  for (const key of keys) {
    if (fixedBy(config, key) !== null) continue
    const given = typedValue(key, typed)
    if (given === undefined) continue
    const parsed = given === null ? { success: true as const, data: null } : settingFields[key].schema.safeParse(given)
    if (parsed.success) change[key] = parsed.data
    else faults[key] = faultText(texts, parsed.error.issues[0]!.message)
  }
  return { change, faults }
}

/** As the schema takes it; null: the default; undefined: as it is. */
function typedValue(key: SettingKey, typed: Readonly<Record<string, string>>): unknown {
  const text = (typed[key] ?? '').trim()
  switch (key) {
    case 'logo':
      if (typed['logo:remove'] === 'on') return null
      return text === '' ? undefined : (dataAddressOf(Buffer.from(text, 'base64')) ?? 'no picture')
    case 'languages': {
      const chosen = languages.map(({ code }) => code).filter((code) => typed[`languages:${code}`] === 'on')
      return chosen.length === languages.length ? null : chosen
    }
    case 'registration':
    case 'front_categories':
    case 'front_services':
    case 'status_page':
    case 'referrals':
      return typed[key] === 'on'
    case 'rate_age_hours':
    case 'referral_days':
    case 'rate_limit_key':
    case 'rate_limit_address':
      return text === '' ? null : /^\d{1,15}$/.test(text) ? Number(text) : text
    case 'shown_currencies':
      return text === ''
        ? null
        : text
            .toUpperCase()
            .split(/[\s,;]+/)
            .filter((code) => code !== '')
    case 'currency':
      return text === '' ? null : text.toUpperCase()
    default:
      return text === '' ? null : text
  }
}
