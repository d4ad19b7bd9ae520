import path from 'node:path'
import { z } from 'zod'
import { readDatabaseAddress } from './database-address.ts'
import { readTrustProxy, type TrustProxy } from './requests/trust-proxy.ts'

const whole = (least: number, most: number) =>
  z.string().regex(/^\d+$/, 'must be a whole number').transform(Number).pipe(z.number().min(least).max(most))
const onOff = z.enum(['on', 'off']).transform((word) => word === 'on')

/** Read again where it is used; here its faults are told. */
const databaseAddress = z.string().superRefine((text, context) => {
  try {
    readDatabaseAddress(text)
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message })
  }
})

/** Several hosts without a wish: a standby, as long as there is one. */
const readAddress = databaseAddress.pipe(z.string().transform(preferringStandby))

function preferringStandby(text: string): string {
  const { hosts } = readDatabaseAddress(text)
  if (hosts.length === 1 || /[?&]target_session_attrs=/.test(text)) return text
  return `${text}${text.includes('?') ? '&' : '?'}target_session_attrs=prefer-standby`
}

/** Every setting with its default; `.env.example` explains each. Lower bounds keep a typing slip from switching a guard off. */
const settings = z.object({
  DATABASE_URL: databaseAddress.optional(),
  DATABASE_READ_URL: readAddress.optional(),
  DOCKET_DATA: z.string().min(1).default('.docket'),
  DOCKET_HOST: z.string().min(1).default('127.0.0.1'),
  DOCKET_PORT: whole(0, 65_535).default(8080),
  DOCKET_ROLE: z
    .string()
    .regex(/^(http|fulfilment)(,(http|fulfilment))*$/, 'must be http, fulfilment or http,fulfilment')
    .default('http,fulfilment'),
  DOCKET_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  DOCKET_CHILDREN: onOff.default(true),
  DOCKET_CHILD_CONNECTIONS: whole(10, 10_000).default(160),
  DOCKET_GET: onOff.default(true),
  DOCKET_TRUST_PROXY: z
    .string()
    .default('off')
    .transform((text, context) => {
      try {
        return readTrustProxy(text)
      } catch (error) {
        context.addIssue({ code: 'custom', message: (error as Error).message })
        return z.NEVER
      }
    }),
  DOCKET_RATE_LIMIT: onOff.default(true),
  DOCKET_RATE_LIMIT_KEY: whole(1, 10_000_000).default(12_000),
  DOCKET_RATE_LIMIT_ADDRESS: whole(1, 10_000_000).default(24_000),
  DOCKET_RATE_LIMIT_UNKNOWN_KEYS: whole(1, 10_000_000).default(60),
  DOCKET_BODY_LIMIT: whole(1024, 100_000_000).default(1_048_576),
  DOCKET_REQUEST_TIMEOUT: whole(1, 600).default(30),
  DOCKET_QUEUE_LIMIT: whole(1, 1_000_000).default(4096),
  DOCKET_DRAIN_TIMEOUT: whole(1, 600).default(20),
  DOCKET_METRICS_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  DOCKET_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  DOCKET_SIMULATED_SPEED: whole(1, 100_000).default(4),
  DOCKET_PUBLIC_URL: z
    .string()
    .regex(/^https?:\/\/[a-z0-9.-]+(:\d{1,5})?\/?$/i, 'must be like https://panel.example, without a path')
    .transform((url) => url.replace(/\/$/, ''))
    .optional(),
  DOCKET_NAME: z.string().trim().min(1).max(60).default('Docket'),
  DOCKET_COLOUR: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, 'must be like #1f6f5c')
    .default('#1f6f5c'),
  DOCKET_LOGO: z
    .string()
    .regex(/\.(svg|png|webp|jpg)$/i, 'must be a .svg, .png, .webp or .jpg file')
    .optional(),
  DOCKET_MAILBOX_PAGE: onOff.default(false),
  DOCKET_REGISTRATION: onOff.default(false),
  DOCKET_FRONT_CATEGORIES: onOff.default(true),
  DOCKET_CURRENCY: z
    .string()
    .regex(/^[A-Z]{3}$/, 'must be a currency code like USD')
    .default('USD'),
  DOCKET_SHOWN_CURRENCIES: z
    .string()
    .regex(/^[A-Z]{3}( ?, ?[A-Z]{3}){0,59}$/, 'must be currency codes with commas between them, like EUR,JPY')
    .transform((text) => [...new Set(text.split(',').map((code) => code.trim()))])
    .optional(),
  DOCKET_STAFF_DAILY_SUM: z
    .string()
    .regex(/^\d{1,12}(\.\d{1,5})?$/, 'must be an amount like 500')
    .optional(),
  DOCKET_FUNDS_NOTE: z.string().trim().min(1).max(1000).optional(),
  DOCKET_SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\/[^\s/]+$/, 'must be like smtps://user:password@mail.example.com')
    .optional(),
  DOCKET_MAIL_FROM: z
    .string()
    .regex(/^[^\p{C}@]*@[^\p{C}]*$/u, 'must be an address like "Docket <no-reply@panel.example.com>"')
    .optional(),
})

/** All settings from the environment, with units in their names. */
export interface Config {
  readonly databaseUrl: string | undefined
  /** A standby for long reads that may be some seconds old; undefined: they are done where everything else is. */
  readonly databaseReadUrl: string | undefined
  readonly dataDirectory: string
  readonly host: string
  readonly port: number
  readonly roles: { readonly http: boolean; readonly fulfilment: boolean }
  readonly logLevel: string
  /** This process hosts the child panels too. */
  readonly hostsChildren: boolean
  /** The most connections of all child panels of this process together. */
  readonly childConnections: number
  readonly allowGet: boolean
  /** The proxies whose word about the client's address is trusted; false: none. */
  readonly trustProxy: TrustProxy | false
  /** Requests per minute; null when rate limits are off. */
  readonly rateLimit: { readonly perKey: number; readonly perAddress: number; readonly unknownKeysPerAddress: number } | null
  readonly bodyLimitBytes: number
  readonly requestTimeoutSeconds: number
  /** Requests that may wait for the database before further ones are answered 503. */
  readonly queueLimit: number
  readonly drainTimeoutSeconds: number
  readonly metricsToken: string | undefined
  /** Encrypts the keys of suppliers; without it a file in the data directory is used. */
  readonly secret: string | undefined
  /** The number of simulated seconds per real second. */
  readonly simulatedSpeed: number
  /** The address at which customers reach the panel, like `https://panel.example`; undefined: taken from each request. */
  readonly publicUrl: string | undefined
  /** The look of the pages: the operator's brand name, its colour as `#rrggbb`, the file of its logo. */
  readonly house: { readonly name: string; readonly colour: string; readonly logoFile: string | undefined }
  /** Shows waiting mails at /dev/mailbox to a browser on this machine, for trying things out. */
  readonly mailboxPage: boolean
  /** Customers may open accounts by themselves. */
  readonly registration: boolean
  /** The front page shows visitors the categories on sale, and the number of services in each. */
  readonly frontCategories: boolean
  /** The currency of accounts that customers open by themselves. */
  readonly currency: string
  /** The currencies in which customers may see prices too, as information. */
  readonly shownCurrencies: readonly string[]
  /** What a member of staff may move by hand in a day without a second person, as a decimal text; undefined: any sum. */
  readonly staffDailySum: string | undefined
  /** How to pay in, in the operator's words; undefined: customers are told to ask. */
  readonly fundsNote: string | undefined
  /** Undefined: mails are not sent, and staff read them with `docket mail`. */
  readonly smtpUrl: string | undefined
  /** Who mails come from; undefined: an operator says it in the settings. */
  readonly mailFrom: string | undefined
  /** The names of the variables that are set: what they say cannot be changed in the settings. */
  readonly given: readonly string[]
  /** Settings that were given without a value, so that their default counts. */
  readonly empty: readonly string[]
}

/** Only this function reads the environment; command-line options override it. Throws one Error that names every fault in a sentence each. */
export function readConfig(
  overrides: Record<string, string | undefined> = {},
  environment: Record<string, string | undefined> = process.env,
): Config {
  const set = Object.entries(overrides).filter(([, value]) => value !== undefined)
  const given = Object.fromEntries([...Object.entries(environment), ...set].filter(([, value]) => value !== undefined && value !== ''))
  const parsed = settings.safeParse(given)
  if (!parsed.success) {
    throw new Error(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}.`).join('\n'))
  }
  const env = parsed.data
  if (env.DATABASE_READ_URL !== undefined && env.DATABASE_URL === undefined)
    throw new Error('DATABASE_READ_URL names a standby of the server of DATABASE_URL, which is not set.')
  const roles = env.DOCKET_ROLE.split(',')
  return Object.freeze({
    databaseUrl: env.DATABASE_URL,
    databaseReadUrl: env.DATABASE_READ_URL,
    dataDirectory: path.resolve(env.DOCKET_DATA),
    host: env.DOCKET_HOST,
    port: env.DOCKET_PORT,
    roles: { http: roles.includes('http'), fulfilment: roles.includes('fulfilment') },
    logLevel: env.DOCKET_LOG_LEVEL,
    hostsChildren: env.DOCKET_CHILDREN,
    childConnections: env.DOCKET_CHILD_CONNECTIONS,
    allowGet: env.DOCKET_GET,
    trustProxy: env.DOCKET_TRUST_PROXY,
    rateLimit: env.DOCKET_RATE_LIMIT
      ? {
          perKey: env.DOCKET_RATE_LIMIT_KEY,
          perAddress: env.DOCKET_RATE_LIMIT_ADDRESS,
          unknownKeysPerAddress: env.DOCKET_RATE_LIMIT_UNKNOWN_KEYS,
        }
      : null,
    bodyLimitBytes: env.DOCKET_BODY_LIMIT,
    requestTimeoutSeconds: env.DOCKET_REQUEST_TIMEOUT,
    queueLimit: env.DOCKET_QUEUE_LIMIT,
    drainTimeoutSeconds: env.DOCKET_DRAIN_TIMEOUT,
    metricsToken: env.DOCKET_METRICS_TOKEN,
    secret: env.DOCKET_SECRET,
    simulatedSpeed: env.DOCKET_SIMULATED_SPEED,
    publicUrl: env.DOCKET_PUBLIC_URL,
    house: { name: env.DOCKET_NAME, colour: env.DOCKET_COLOUR, logoFile: env.DOCKET_LOGO && path.resolve(env.DOCKET_LOGO) },
    mailboxPage: env.DOCKET_MAILBOX_PAGE,
    registration: env.DOCKET_REGISTRATION,
    frontCategories: env.DOCKET_FRONT_CATEGORIES,
    currency: env.DOCKET_CURRENCY,
    shownCurrencies: env.DOCKET_SHOWN_CURRENCIES ?? [],
    staffDailySum: env.DOCKET_STAFF_DAILY_SUM,
    fundsNote: env.DOCKET_FUNDS_NOTE,
    smtpUrl: env.DOCKET_SMTP_URL,
    mailFrom: env.DOCKET_MAIL_FROM,
    given: Object.keys(settings.shape).filter((name) => given[name] !== undefined),
    empty: Object.keys(settings.shape).filter((name) => environment[name] === '' && given[name] === undefined),
  })
}

/** The key of a supplier that is being added, for a command that does not get it in its arguments. */
export function supplierKeyInEnvironment(): string | undefined {
  return process.env['DOCKET_SUPPLIER_KEY'] || undefined
}
