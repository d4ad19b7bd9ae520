import { z } from 'zod'
import type { Decimal } from '../ledger/money.ts'
import { readAmount } from '../payments/amounts.ts'
import { gatewayNamed } from '../payments/gateways.ts'
import type { BonusTier } from '../payments/methods.ts'
import type { SettingValues } from '../payments/set-up.ts'
import { valueOf } from './field-text.ts'
import { cli, percent } from './fields.ts'

const A_NUMBER = 'It must be a positive whole number.'

/** The number of a payment or a receipt, as a number or as digits. */
export const paymentNumber = () =>
  cli(z.union([z.int().min(1), z.string().regex(/^[1-9]\d{0,17}$/)], A_NUMBER).transform(BigInt), { placeholder: '<number>' })

const A_SUM = 'It must be an amount above zero, like 100 or 0.25.'

/** An amount in the currency of a payer, with as many digits as were sent. */
export const paidAmount = () =>
  cli(
    z.string(A_SUM).transform((text, context): Decimal => {
      const read = readAmount(text)
      if (read !== undefined && read.digits > 0n) return read
      context.addIssue({ code: 'custom', message: A_SUM })
      return z.NEVER
    }),
    { placeholder: '<amount>' },
  )

/** A limit or a fee, kept as typed. */
export const sum = () =>
  cli(z.string().regex(/^\d{1,12}(\.\d{1,18})?$/, 'It must be digits and one dot, like 0.90.'), { placeholder: '<amount>' })

export const currencyCode = () =>
  cli(z.string().regex(/^[A-Z0-9]{3,20}$/, 'It must be a code like EUR or USDT.'), { placeholder: '<code>' })

const VALUE = z.union([z.string().max(4096), z.boolean(), z.number(), z.null()])
const A_SETTING = 'It must be a name and a value, like account=DE89370400440532013000.'
const A_TEXT = /^([A-Za-z]\w{0,99})=([^\0]*)$/

/** Settings of a gateway by their names: an object, or texts like `name=value`. A value of nothing takes it away. */
const namedValues = () =>
  z
    .union([z.record(z.string().max(100), VALUE), z.array(z.string().max(4200).regex(A_TEXT, A_SETTING)).max(50)])
    .transform((given): SettingValues => (Array.isArray(given) ? Object.fromEntries(given.map(partsOf)) : given))

function partsOf(text: string): [string, string] {
  const [, name, value] = A_TEXT.exec(text)!
  return [name!, value!]
}

export const openSettings = () => cli(namedValues(), { placeholder: '<name=value...>' })
export const secretSettings = () => cli(namedValues(), { placeholder: '<name=value...>', secret: true })

/** Texts become the values that the gateway's own fields have, like numbers. */
export function typedSettings(gateway: string, given: SettingValues | undefined): SettingValues {
  const shape = (gatewayNamed(gateway)?.settings.shape ?? {}) as Readonly<Record<string, z.ZodType>>
  return Object.fromEntries(
    Object.entries(given ?? {}).map(([name, value]) => {
      const field = Object.hasOwn(shape, name) ? shape[name] : undefined
      return [name, typeof value === 'string' && value !== '' && field !== undefined ? valueOf(field, {}, value) : value]
    }),
  )
}

const A_TIER = 'It must be a sum, a currency and a percentage, like 100 USD 5.'
const TIER = /^(\d{1,12}(?:\.\d{1,5})?) ([A-Z0-9]{3,20}) (\S{1,6})$/

/** Bonuses as texts like `100 USD 5`: 5 per cent from 100 USD on. An empty list, or `none`, takes them away. */
export const bonusTiers = () =>
  cli(
    z
      .array(z.string().max(60))
      .max(50)
      .transform((lines, context): readonly BonusTier[] =>
        lines.join(' ') === 'none' ? [] : lines.map((line) => readTier(line, context)),
      ),
    { placeholder: '<from currency percent...>' },
  )

function readTier(line: string, context: z.RefinementCtx): BonusTier {
  const [, from, currency, share] = TIER.exec(line.trim().replaceAll(/\s+/g, ' ')) ?? []
  const read = percent().safeParse((share ?? '').replace(/%$/, ''))
  if (from !== undefined && currency !== undefined && read.success && read.data > 0) return { from, currency, basis_points: read.data }
  context.addIssue({ code: 'custom', message: A_TIER })
  return z.NEVER
}

/** A bonus as it is typed. */
export function tierText({ from, currency, basis_points: share }: BonusTier): string {
  return `${from} ${currency} ${share / 100}`
}
