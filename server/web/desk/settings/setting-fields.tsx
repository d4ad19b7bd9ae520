import type { SettingValue } from '../../../settings/fields.ts'
import type { ShownSetting } from '../../../settings/list.ts'
import { languages } from '../../../texts/languages.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Choice, Choices } from '../../ui/choice.tsx'
import type { Frame } from '../../ui/document.tsx'
import { Field } from '../../ui/form.tsx'
import { describedBy, FileField, Labelled } from '../../ui/labelled.tsx'
import type { Faults } from '../../ui/page-ui.ts'
import { fieldLabel } from '../act-words.ts'

interface SettingFieldsProps {
  readonly frame: Frame
  readonly settings: readonly ShownSetting[]
  /** What was typed, when the form is shown again. */
  readonly typed: Readonly<Record<string, string>> | undefined
  readonly faults: Faults
}

/** The fields of some settings. One that the environment fixes is shown and says so. */
export function SettingFields({ frame, settings, typed, faults }: SettingFieldsProps) {
  return (
    <>
      {settings.map((setting) =>
        setting.fixed_by === null ? (
          <OneSetting key={setting.setting} frame={frame} setting={setting} typed={typed} fault={faults[setting.setting]} />
        ) : (
          <Fixed key={setting.setting} frame={frame} setting={setting} by={setting.fixed_by} />
        ),
      )}
    </>
  )
}

function Fixed({ frame: { texts, assets }, setting, by }: { frame: Frame; setting: ShownSetting; by: string }) {
  const id = `fixed-${setting.setting}`
  const isLogo = setting.setting === 'logo' && assets.logo !== undefined
  return (
    <Labelled
      id={id}
      label={fieldLabel(texts, setting.setting)}
      hint={<code dir="ltr">{texts.text('desk.settings.fixed', { name: by })}</code>}
    >
      {isLogo ? (
        <img class="setting-logo" src={assets.logo} alt="" />
      ) : (
        <input id={id} value={wordsOf(texts, setting)} readonly disabled dir="auto" />
      )}
    </Labelled>
  )
}

function wordsOf(texts: Texts, { value }: ShownSetting): string {
  if (typeof value === 'boolean') return texts.text(value ? 'desk.form.yes' : 'desk.form.no')
  return shownValue(value)
}

function shownValue(value: SettingValue): string {
  if (value === null) return ''
  return typeof value === 'object' ? value.join(', ') : String(value)
}

interface AboutField {
  readonly id: string
  readonly label: string
  readonly hint: string | undefined
  readonly fault: string | undefined
}

interface OneSettingProps {
  readonly frame: Frame
  readonly setting: ShownSetting
  readonly typed: Readonly<Record<string, string>> | undefined
  readonly fault: string | undefined
}

function OneSetting({ frame, setting: { setting: key, value }, typed, fault }: OneSettingProps) {
  const { texts } = frame
  const about = { id: key, label: fieldLabel(texts, key), hint: hintOf(texts, key), fault }
  const text = typed ? (typed[key] ?? '') : shownValue(value)
  const isOn = typed ? typed[key] === 'on' : value === true
  switch (key) {
    case 'logo':
      return <Logo frame={frame} about={about} has={value !== null} />
    case 'colour':
      return (
        <Labelled {...about}>
          <input type="color" id={key} name={key} value={text} {...describedBy(about)} />
        </Labelled>
      )
    case 'languages': {
      const isChosen = (code: string) => (typed ? typed[`languages:${code}`] === 'on' : (value as readonly string[]).includes(code))
      return (
        <Choices legend={about.label} id={key} fault={fault}>
          <div class="setting-languages">
            {languages.map(({ code, name }) => (
              <Choice
                key={code}
                type="checkbox"
                name={`languages:${code}`}
                id={`languages-${code}`}
                checked={isChosen(code)}
                label={<bdi lang={code}>{name}</bdi>}
              />
            ))}
          </div>
        </Choices>
      )
    }
    case 'registration':
    case 'front_categories':
    case 'front_services':
    case 'status_page':
    case 'referrals':
      return <Choice type="checkbox" name={key} id={key} checked={isOn} label={about.label} hint={about.hint} />
    case 'funds_note':
    case 'seller_address':
      return (
        <Labelled {...about}>
          <textarea id={key} name={key} rows={4} dir="auto" {...describedBy(about)}>
            {text}
          </textarea>
        </Labelled>
      )
    default:
      return <Field {...about} name={key} value={text} {...inputOf[key]} />
  }
}

const inputOf: Readonly<Partial<Record<ShownSetting['setting'], { inputMode?: 'numeric' | 'decimal' | 'email'; dir?: 'ltr' }>>> = {
  currency: { dir: 'ltr' },
  shown_currencies: { dir: 'ltr' },
  staff_daily_sum: { inputMode: 'decimal', dir: 'ltr' },
  child_rent: { inputMode: 'decimal', dir: 'ltr' },
  child_grace_days: { inputMode: 'numeric', dir: 'ltr' },
  child_kept_days: { inputMode: 'numeric', dir: 'ltr' },
  rate_age_hours: { inputMode: 'numeric', dir: 'ltr' },
  rate_margin_percent: { inputMode: 'decimal', dir: 'ltr' },
  referral_percent: { inputMode: 'decimal', dir: 'ltr' },
  referral_days: { inputMode: 'numeric', dir: 'ltr' },
  referral_least: { inputMode: 'decimal', dir: 'ltr' },
  rate_limit_key: { inputMode: 'numeric', dir: 'ltr' },
  rate_limit_address: { inputMode: 'numeric', dir: 'ltr' },
  mail_address: { inputMode: 'email', dir: 'ltr' },
}

function Logo({ frame: { texts, assets }, about, has }: { frame: Frame; about: AboutField; has: boolean }) {
  return (
    <>
      <FileField {...about} name="logo" accept="image/svg+xml,image/png" />
      {has && (
        <p class="setting-logo-now">
          <img class="setting-logo" src={assets.logo} alt={texts.text('desk.field.logo')} />
          <Choice type="checkbox" name="logo:remove" id="logo-remove" checked={false} label={texts.text('desk.settings.removeLogo')} />
        </p>
      )}
    </>
  )
}

function hintOf(texts: Texts, key: ShownSetting['setting']): string | undefined {
  const hint = `desk.settings.hint.${key}`
  return texts.has(hint) ? texts.text(hint) : undefined
}
