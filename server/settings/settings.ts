import type { Config } from '../config.ts'
import type { Queryable } from '../db/pool.ts'
import type { Units } from '../ledger/money.ts'
import { type PublicPage, readPublicPages } from '../site-pages/public-pages.ts'
import { type Language, languages } from '../texts/languages.ts'
import { fixedBy, settingFields, type SettingKey, type SettingValue, settingKeys, unitsOf } from './fields.ts'
import { type Logo, logoOf, readLogoFile } from './logo.ts'

/** The settings as they hold on this node: by the environment, else as an operator saved them, else the default. */
export interface Settings {
  readonly name: string
  readonly logo: Logo | undefined
  /** `#rrggbb`. */
  readonly colour: string
  readonly languages: readonly Language[]
  readonly frontCategories: boolean
  readonly frontServices: boolean
  readonly statusPage: boolean
  readonly registration: boolean
  readonly currency: string
  /** The currencies in which prices are shown too, as information, to customers who choose one. */
  readonly shownCurrencies: readonly string[]
  readonly fundsNote: string | undefined
  readonly staffDailySum: Units | null
  /** Who sells, as receipts say it. */
  readonly seller: { readonly name: string; readonly address: string | null; readonly taxId: string | null }
  /** How old exchange rates may be, and what is added to them. */
  readonly rates: { readonly mostAgeHours: number; readonly marginBasisPoints: number }
  /** What a child panel costs per month (null: none is sold), how long it is served without, and how long a closed one is kept. */
  readonly child: { readonly rent: Units | null; readonly graceDays: number; readonly keptDays: number }
  /** What customers who bring customers get. */
  readonly referrals: { readonly isOn: boolean; readonly basisPoints: number; readonly days: number; readonly least: Units }
  /** Requests per minute; null when rate limits are off. */
  readonly rateLimit: { readonly perKey: number; readonly perAddress: number } | null
  /** `Docket <no-reply@panel.example>`; undefined: no mail can be sent. */
  readonly mailFrom: string | undefined
  /** The operator's own pages that readers see. */
  readonly pages: readonly PublicPage[]
}

export interface LiveSettings {
  /** As they hold now. The same object until one of them changes. */
  readonly current: () => Settings
  /** Reads what operators have saved; nodes do so at the start and whenever they hear of a change. */
  refresh(db: Queryable): Promise<void>
}

/** A row of the table. `version` counts the saves of all settings together. */
export interface SavedSetting {
  readonly key: string
  readonly value: unknown
  readonly file: Buffer | null
  readonly version: number
  readonly changedAt: Date
  readonly changedBy: string
}

const READ = `select key, value, file, version, changed_at as "changedAt", changed_by as "changedBy" from settings order by key`

export async function readSaved(db: Queryable): Promise<readonly SavedSetting[]> {
  return (await db.query<SavedSetting>({ name: 'settings', text: READ })).rows
}

/** The settings of a node. Until they are read from the database, those of the environment hold. Throws a sentence when the logo that it names
 * cannot be read. */
export function openSettings(config: Config): LiveSettings {
  const fileLogo = config.house.logoFile === undefined ? undefined : readLogoFile(config.house.logoFile)
  let seen = seenIn([], [])
  let current = settingsFrom(config, fileLogo, [], [])
  // One after another, so that an earlier state never replaces a later one.
  let reading = Promise.resolve()
  async function read(db: Queryable): Promise<void> {
    const [saved, pages] = [await readSaved(db), await readPublicPages(db)]
    const now = seenIn(saved, pages)
    if (now !== seen) current = settingsFrom(config, fileLogo, saved, pages)
    seen = now
  }
  return {
    current: () => current,
    refresh: (db) => (reading = reading.catch(() => {}).then(() => read(db))),
  }
}

/** Differs when anything has changed. */
function seenIn(saved: readonly SavedSetting[], pages: readonly PublicPage[]): string {
  return JSON.stringify([newestVersion(saved), pages])
}

/** Once, for a command. */
export async function readSettings(db: Queryable, config: Config): Promise<Settings> {
  const settings = openSettings(config)
  await settings.refresh(db)
  return settings.current()
}

export function newestVersion(saved: readonly SavedSetting[]): number {
  return Math.max(0, ...saved.map(({ version }) => version))
}

/** The value that holds, as JSON, but for the logo: by the environment, else as saved, else the default. */
export function valueOf(config: Config, key: SettingKey, saved: readonly SavedSetting[]): SettingValue {
  const byConfig = settingFields[key].byConfig(config)
  if (fixedBy(config, key) !== null) return byConfig
  const parsed = settingFields[key].schema.safeParse(saved.find((row) => row.key === key)?.value)
  // A newer version may have saved a value that this one does not know.
  return parsed.success ? parsed.data : byConfig
}

/** Whether mails leave this machine. */
export function sendsMail({ smtpUrl }: Pick<Config, 'smtpUrl'>, { mailFrom }: Settings): boolean {
  return smtpUrl !== undefined && mailFrom !== undefined
}

/** What each setting's schema lets through. */
interface Values {
  readonly name: string
  readonly colour: string
  readonly languages: readonly string[]
  readonly front_categories: boolean
  readonly front_services: boolean
  readonly status_page: boolean
  readonly registration: boolean
  readonly currency: string
  readonly shown_currencies: readonly string[]
  readonly funds_note: string | null
  readonly staff_daily_sum: string | null
  readonly seller_address: string | null
  readonly seller_tax_id: string | null
  readonly rate_age_hours: number
  readonly rate_margin_percent: string
  readonly child_rent: string | null
  readonly child_grace_days: number
  readonly child_kept_days: number
  readonly referrals: boolean
  readonly referral_percent: string
  readonly referral_days: number
  readonly referral_least: string
  readonly rate_limit_key: number
  readonly rate_limit_address: number
  readonly mail_name: string | null
  readonly mail_address: string | null
}

function settingsFrom(config: Config, fileLogo: Logo | undefined, saved: readonly SavedSetting[], pages: readonly PublicPage[]): Settings {
  const of = Object.fromEntries(settingKeys.map((key) => [key, valueOf(config, key, saved)])) as unknown as Values
  return {
    name: of.name,
    logo: fixedBy(config, 'logo') === null ? savedLogo(saved) : fileLogo,
    colour: of.colour,
    languages: languages.filter(({ code }) => of.languages.includes(code)),
    frontCategories: of.front_categories,
    frontServices: of.front_services,
    statusPage: of.status_page,
    registration: of.registration,
    currency: of.currency,
    shownCurrencies: of.shown_currencies,
    fundsNote: of.funds_note ?? undefined,
    staffDailySum: unitsOf(of.staff_daily_sum),
    seller: { name: of.name, address: of.seller_address, taxId: of.seller_tax_id },
    rates: { mostAgeHours: of.rate_age_hours, marginBasisPoints: Math.round(Number(of.rate_margin_percent) * 100) },
    child: { rent: unitsOf(of.child_rent), graceDays: of.child_grace_days, keptDays: of.child_kept_days },
    referrals: {
      isOn: of.referrals,
      basisPoints: Math.round(Number(of.referral_percent) * 100),
      days: of.referral_days,
      least: unitsOf(of.referral_least)!,
    },
    rateLimit: config.rateLimit && { perKey: of.rate_limit_key, perAddress: of.rate_limit_address },
    mailFrom: senderFrom(of.mail_name ?? of.name, of.mail_address),
    pages,
  }
}

export function savedLogo(saved: readonly SavedSetting[]): Logo | undefined {
  const row = saved.find(({ key }) => key === 'logo')
  if (!row?.file) return undefined
  return logoOf(row.file, (row.value as { extension: string }).extension)
}

function senderFrom(name: string, address: string | null): string | undefined {
  return address === null ? undefined : `"${name.replaceAll(/["\\<>@]/g, '')}" <${address}>`
}
