import { z } from 'zod'
import type { Config } from '../config.ts'
import { parseUnits } from '../ledger/money.ts'
import { languages } from '../texts/languages.ts'
import { isLogo } from './logo.ts'

/** A value as JSON has it; null: none. */
export type SettingValue = string | number | boolean | readonly string[] | null

/** One thing that an operator changes while the house is open. */
export interface SettingField {
  /** The value as JSON has it. */
  readonly schema: z.ZodType<SettingValue>
  /** What it is, for the help of the command and the documentation of the API. */
  readonly says: string
  /** How its value is called in the help of the command. */
  readonly placeholder: string
  /** The variable of the environment that fixes it; null: none does. */
  readonly variable: string | null
  /** The value that the environment gives, or the default. */
  readonly byConfig: (config: Config) => SettingValue
}

const ONE_LINE = /^[^\p{C}]*$/u
const line = (most: number, what: string) =>
  z.string(what).trim().min(1, what).max(most, `It must have at most ${most} characters.`).regex(ONE_LINE, 'It must be one line of text.')
const perMinute = z.int('It must be a whole number.').min(1, 'It must be at least 1.').max(10_000_000, 'It must be at most 10000000.')
const AN_AMOUNT = 'It must be an amount above zero, like 500.'

/** More than the daily file of the European Central Bank has. */
const MOST_SHOWN_CURRENCIES = 60

const A_PERCENTAGE = 'It must be a percentage below 100 with at most two decimals, like 2.5.'

const offered = languages.map(({ code }) => code)

/** All settings, in the order of the page. Their names are those of the rows, of the fields of the act, and of the options of the command. */
export const settingFields = {
  name: {
    schema: line(60, 'It must be a name.'),
    says: 'what your customers call you',
    placeholder: '<text>',
    variable: 'DOCKET_NAME',
    byConfig: (config) => config.house.name,
  },
  logo: {
    schema: z.string().max(300_000, 'It must not be larger than 200000 bytes.').refine(isLogo, 'It must be an SVG or PNG picture.'),
    says: 'your logo, an SVG or PNG picture of at most 200 kB; in JSON as a data: address in base64',
    placeholder: '<file>',
    variable: 'DOCKET_LOGO',
    byConfig: () => null,
  },
  colour: {
    schema: z
      .string()
      .regex(/^#[0-9a-f]{6}$/i, 'It must be a colour like #1f6f5c.')
      .toLowerCase(),
    says: 'the colour of links and buttons, like #1f6f5c; made lighter or darker where it could not be read',
    placeholder: '<colour>',
    variable: 'DOCKET_COLOUR',
    byConfig: (config) => config.house.colour,
  },
  languages: {
    schema: z.array(z.enum(offered, `It must be some of ${offered.join(', ')}.`)).min(1, 'It must have at least one language.'),
    says: 'the languages that pages are offered in, separated by commas',
    placeholder: '<list>',
    variable: null,
    byConfig: () => offered,
  },
  front_categories: {
    schema: z.boolean('It must be yes or no.'),
    says: 'whether strangers see on the front page which categories are on sale',
    placeholder: '<yes|no>',
    variable: 'DOCKET_FRONT_CATEGORIES',
    byConfig: (config) => config.frontCategories,
  },
  front_services: {
    schema: z.boolean('It must be yes or no.'),
    says: 'whether strangers see all services on sale, with the prices of new accounts',
    placeholder: '<yes|no>',
    variable: null,
    byConfig: () => false,
  },
  status_page: {
    schema: z.boolean('It must be yes or no.'),
    says: 'whether everybody sees whether the API, suppliers and deposits answer, how long orders take, and incidents',
    placeholder: '<yes|no>',
    variable: null,
    byConfig: () => false,
  },
  registration: {
    schema: z.boolean('It must be yes or no.'),
    says: 'whether customers may open accounts by themselves',
    placeholder: '<yes|no>',
    variable: 'DOCKET_REGISTRATION',
    byConfig: (config) => config.registration,
  },
  currency: {
    schema: z.string().regex(/^[A-Z]{3}$/, 'It must be a currency code like USD.'),
    says: 'the currency of new accounts',
    placeholder: '<code>',
    variable: 'DOCKET_CURRENCY',
    byConfig: (config) => config.currency,
  },
  shown_currencies: {
    schema: z
      .array(z.string().regex(/^[A-Z]{3}$/, 'It must be a currency code like USD.'))
      .max(MOST_SHOWN_CURRENCIES, `There must be at most ${MOST_SHOWN_CURRENCIES} currencies.`)
      .refine((codes) => new Set(codes).size === codes.length, 'It must name each currency once.'),
    says: 'the currencies in which customers may see prices too, as information, separated by commas; each needs an exchange rate',
    placeholder: '<list>',
    variable: 'DOCKET_SHOWN_CURRENCIES',
    byConfig: (config) => config.shownCurrencies,
  },
  funds_note: {
    schema: z.string().trim().min(1, 'It must be a text.').max(1000, 'It must have at most 1000 characters.'),
    says: 'how your customers pay in, in your words',
    placeholder: '<text>',
    variable: 'DOCKET_FUNDS_NOTE',
    byConfig: (config) => config.fundsNote ?? null,
  },
  staff_daily_sum: {
    schema: z
      .string(AN_AMOUNT)
      .regex(/^\d{1,12}(\.\d{1,5})?$/, AN_AMOUNT)
      .refine((digits) => /[1-9]/.test(digits), AN_AMOUNT),
    says: 'what a member of staff may move by hand in a day before a second person has to agree',
    placeholder: '<amount>',
    variable: 'DOCKET_STAFF_DAILY_SUM',
    byConfig: (config) => config.staffDailySum ?? null,
  },
  seller_address: {
    schema: z.string().trim().min(1, 'It must be an address.').max(500, 'It must have at most 500 characters.'),
    says: 'your postal address, as receipts show it',
    placeholder: '<text>',
    variable: null,
    byConfig: () => null,
  },
  seller_tax_id: {
    schema: line(60, 'It must be a tax number.'),
    says: 'your tax number, as receipts show it',
    placeholder: '<text>',
    variable: null,
    byConfig: () => null,
  },
  rate_age_hours: {
    schema: z.int('It must be a whole number.').min(1, 'It must be at least 1.').max(8760, 'It must be at most 8760.'),
    says: 'how old an exchange rate may be, in hours; with older ones no payment in that currency is begun',
    placeholder: '<hours>',
    variable: null,
    byConfig: () => 96,
  },
  rate_margin_percent: {
    schema: z.string(A_PERCENTAGE).regex(/^\d{1,2}(\.\d{1,2})?$/, A_PERCENTAGE),
    says: 'what is added to exchange rates, in per cent',
    placeholder: '<percent>',
    variable: null,
    byConfig: () => '0',
  },
  child_rent: {
    schema: z
      .string(AN_AMOUNT)
      .regex(/^\d{1,9}(\.\d{1,5})?$/, AN_AMOUNT)
      .refine((digits) => /[1-9]/.test(digits), AN_AMOUNT),
    says: 'what a child panel costs per month, in the currency of new accounts; with it, customers in that currency may buy one',
    placeholder: '<amount>',
    variable: null,
    byConfig: () => null,
  },
  child_grace_days: {
    schema: z.int('It must be a whole number.').min(0, 'It must be at least 0.').max(365, 'It must be at most 365.'),
    says: 'how many days a child panel is served when the balance does not suffice for its rent',
    placeholder: '<days>',
    variable: null,
    byConfig: () => 7,
  },
  child_kept_days: {
    schema: z.int('It must be a whole number.').min(1, 'It must be at least 1.').max(3650, 'It must be at most 3650.'),
    says: 'how many days the data of a closed child panel are kept before they may be deleted',
    placeholder: '<days>',
    variable: null,
    byConfig: () => 30,
  },
  referrals: {
    schema: z.boolean('It must be yes or no.'),
    says: 'whether customers get a share of what the orders of those whom they bring have kept',
    placeholder: '<yes|no>',
    variable: null,
    byConfig: () => false,
  },
  referral_percent: {
    schema: z.string(A_PERCENTAGE).regex(/^\d{1,2}(\.\d{1,2})?$/, A_PERCENTAGE),
    says: 'their share, in per cent; those who came before keep theirs',
    placeholder: '<percent>',
    variable: null,
    byConfig: () => '5',
  },
  referral_days: {
    schema: z.int('It must be a whole number.').min(0, 'It must be a whole number.').max(365, 'It must be at most 365.'),
    says: 'how many days after the end of an order its commission is paid',
    placeholder: '<days>',
    variable: null,
    byConfig: () => 14,
  },
  referral_least: {
    schema: z
      .string(AN_AMOUNT)
      .regex(/^\d{1,12}(\.\d{1,5})?$/, AN_AMOUNT)
      .refine((digits) => /[1-9]/.test(digits), AN_AMOUNT),
    says: 'the least commission that is paid at once',
    placeholder: '<amount>',
    variable: null,
    byConfig: () => '1',
  },
  rate_limit_key: {
    schema: perMinute,
    says: 'calls per minute with one key',
    placeholder: '<number>',
    variable: 'DOCKET_RATE_LIMIT_KEY',
    byConfig: (config) => config.rateLimit?.perKey ?? null,
  },
  rate_limit_address: {
    schema: perMinute,
    says: 'calls per minute from one address',
    placeholder: '<number>',
    variable: 'DOCKET_RATE_LIMIT_ADDRESS',
    byConfig: (config) => config.rateLimit?.perAddress ?? null,
  },
  mail_name: {
    schema: line(60, 'It must be a name.').regex(/^[^<>"@]*$/, 'It must be a name without < > " and @.'),
    says: 'the name that mails come from; without it, that of your house',
    placeholder: '<text>',
    variable: 'DOCKET_MAIL_FROM',
    byConfig: (config) => senderOf(config).name,
  },
  mail_address: {
    schema: z.email('It must be an e-mail address.').max(254, 'It must be an e-mail address.'),
    says: 'the address that mails come from',
    placeholder: '<address>',
    variable: 'DOCKET_MAIL_FROM',
    byConfig: (config) => senderOf(config).address,
  },
} as const satisfies Readonly<Record<string, SettingField>>

export type SettingKey = keyof typeof settingFields

export const settingKeys = Object.keys(settingFields) as SettingKey[]

/** The variable that fixes a setting on this machine; null: an operator may change it. */
export function fixedBy(config: Pick<Config, 'given'>, key: SettingKey): string | null {
  const { variable }: SettingField = settingFields[key]
  return variable !== null && config.given.includes(variable) ? variable : null
}

/** `Docket <no-reply@panel.example>`, or the bare address. */
function senderOf({ mailFrom = '' }: Config): { readonly name: string | null; readonly address: string | null } {
  const text = mailFrom.trim()
  const at = text.indexOf('<')
  if (at === -1 || !text.endsWith('>')) return { name: null, address: text || null }
  const name = text.slice(0, at).trim().replace(/^"/, '').replace(/"$/, '')
  return { name: name || null, address: text.slice(at + 1, -1).trim() || null }
}

/** A value in words, for people who read English. */
export function settingWords(value: SettingValue): string {
  if (value === null) return ''
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return typeof value === 'object' ? value.join(', ') : String(value)
}

/** What a sum in a setting is in units. */
export function unitsOf(digits: string | null): bigint | null {
  return digits === null ? null : parseUnits(digits)
}
