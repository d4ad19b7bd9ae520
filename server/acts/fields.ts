import { z } from 'zod'
import { serviceTypeByName } from '../../contract/service-types.ts'
import { idsIn, readIdRanges } from '../customers/id-ranges.ts'
import { parseUnits, type Units } from '../ledger/money.ts'

/** What the command line needs to know of a field beside its schema; OpenAPI passes over it. */
export interface OnCommandLine {
  /** Given by its place, not by the name of an option. */
  readonly argument?: true
  /** How its value is called in the help: `--account <number>`. */
  readonly placeholder?: string
  /** Reads the text of the option, where it is not the JSON value in the usual way. Throws an Error that says what is wrong. */
  readonly fromText?: (text: string) => unknown
  /** Never logged. */
  readonly secret?: true
  /** Not drawn on the form of its act: a page of its own sends it. */
  readonly offForms?: true
}

const onCommandLine = z.registry<OnCommandLine>()

export function cli<Schema extends z.ZodType>(schema: Schema, told: OnCommandLine): Schema {
  onCommandLine.add(schema, { ...onCommandLine.get(schema), ...told })
  return schema
}

/** What the command line knows of a field, also where it is optional or has a default. */
export function toldOf(schema: z.ZodType): OnCommandLine {
  const inner = wrappedBy(schema)
  return { ...(inner && toldOf(inner)), ...onCommandLine.get(schema) }
}

/** The schema that this one makes optional, nullable or gives a default. */
export function wrappedBy(schema: z.ZodType): z.ZodType | undefined {
  const isWrapper =
    schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault
  return isWrapper ? (schema.unwrap() as z.ZodType) : undefined
}

const POSITIVE = 'It must be a positive whole number.'
const MOST_ID = 2_147_483_647

/** The number of an account, a service, a key. */
export const id = () => cli(z.int(POSITIVE).min(1, POSITIVE).max(MOST_ID, POSITIVE), { placeholder: '<number>' })

/** The number of an order, as a number or as digits. */
export const orderId = () =>
  cli(
    z
      .union([z.int().min(1), z.string().regex(/^[1-9]\d{0,17}$/)], POSITIVE)
      .transform(BigInt)
      .describe('number of the order'),
    { placeholder: '<order>' },
  )

/** The number of a line of the log, as a number or as digits. */
export const lineOfLog = () =>
  cli(z.union([z.int().min(1), z.string().regex(/^[1-9]\d{0,17}$/)], 'It must be the number of a line.').transform(BigInt), {
    argument: true,
    placeholder: '<line>',
  }).describe('number of the line')

const MOST_WHOLE = 999_999_999_999

export const whole = (least = 0, most = MOST_WHOLE) =>
  cli(
    z
      .int('It must be a whole number.')
      .min(least, least === 0 ? 'It must be a whole number.' : `It must be at least ${least}.`)
      .max(most, `It must be at most ${most}.`),
    { placeholder: '<number>' },
  )

export const seconds = () =>
  cli(z.int('It must be a whole number.').min(0, 'It must be a whole number.').max(86_400, 'It must be at most 86400, a day.'), {
    placeholder: '<seconds>',
  })

/** One line of text. */
export const text = (most = 500) => cli(z.string().max(most, `It must have at most ${most} characters.`), { placeholder: '<text>' })

/** Why something is done, which must be said. */
export const reason = (most = 500) =>
  cli(z.string('Say why.').trim().min(1, 'Say why.').max(most, `It must have at most ${most} characters.`), { placeholder: '<text>' })

const NO_AMOUNT = 'It must be an amount, like 100 or 0.25.'

/** An amount in the account's currency, as a decimal text; `parseUnits` reads it. A negative one takes money. */
export const amount = () => cli(z.string(NO_AMOUNT).transform(readAmount), { placeholder: '<amount>' })

function readAmount(digits: string, context: z.RefinementCtx): Units {
  try {
    return parseUnits(digits)
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as RangeError).message })
    return z.NEVER
  }
}

const PERCENT = /^(\d{1,2})(?:\.(\d{1,2}))?$/
const NO_PERCENT = 'It must be a percentage below 100 with at most two decimals, like 7.5.'

/** Per cent as a decimal text, read as hundredths of a per cent. */
export const percent = () =>
  cli(
    z
      .string(NO_PERCENT)
      .regex(PERCENT, NO_PERCENT)
      .transform((digits) => {
        const [, whole, decimals = ''] = PERCENT.exec(digits)!
        return Number(whole) * 100 + Number(decimals.padEnd(2, '0'))
      }),
    { placeholder: '<percent>' },
  )

/** The name of a group of customers. */
export const groupName = () => cli(z.string().trim().min(1, 'It must not be empty.').max(200), { placeholder: '<name>' })

const LONGEST = { name: 1000, category: 500, description: 20_000 } as const

/** The texts of a service in the catalogue. Only the description has more than one line, and only the name is never empty. */
export const serviceWord = (word: keyof typeof LONGEST) =>
  cli(
    z
      .string()
      .trim()
      .min(word === 'name' ? 1 : 0, 'It must not be empty.')
      .max(LONGEST[word], `It must have at most ${LONGEST[word]} characters.`)
      .regex(word === 'description' ? /^[^\0]*$/ : /^[^\0\n]*$/, 'It must be one line.'),
    { placeholder: '<text>' },
  )

/** A price per 1000, kept as typed. */
export const rate = () =>
  cli(z.string().regex(/^\d{1,12}(\.\d{1,12})?$/, 'It must be digits and one dot, like 0.90.'), { placeholder: '<rate>' })

export const yesNo = () => cli(z.boolean('It must be yes or no.'), { placeholder: '<yes|no>' })

/** An option without a value; false unless it is given. */
export const flag = () => z.boolean().default(false)

/** The name of a supplier. */
export const supplierName = () => cli(z.string().min(1).max(200), { placeholder: '<name>' })

const A_MOMENT = 'It must be a day like 2026-12-31, or a moment like 2026-12-31T18:00Z.'

/** A day, which counts to its end (UTC), or a moment. */
export const moment = () =>
  cli(
    z.string(A_MOMENT).transform((text, context) => {
      const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text)
      const time = new Date(isDay ? `${text}T23:59:59Z` : text)
      if (/^\d{4}-\d{2}-\d{2}(T\S+)?$/.test(text) && !Number.isNaN(time.getTime())) return time
      context.addIssue({ code: 'custom', message: A_MOMENT })
      return z.NEVER
    }),
    { placeholder: '<day>' },
  )

const A_BEGINNING = 'It must be a day like 2026-12-31, or a moment like 2026-12-31T18:00Z.'

/** A day, which counts from its start (UTC), or a moment. */
export const beginning = () =>
  cli(
    z.string(A_BEGINNING).transform((text, context) => {
      const time = new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text)
      if (/^\d{4}-\d{2}-\d{2}(T\S+)?$/.test(text) && !Number.isNaN(time.getTime())) return time
      context.addIssue({ code: 'custom', message: A_BEGINNING })
      return z.NEVER
    }),
    { placeholder: '<day>' },
  )

/** Ids; on the command line as numbers and ranges, like 1,4,10-20. */
export const ids = () => cli(z.array(z.int().min(1).max(MOST_ID)).max(100_000), { placeholder: '<list>', fromText: readIds })

export function readIds(text: string): number[] {
  const ranges = readIdRanges(text)
  if (!ranges) throw new Error('It must be numbers and ranges, like 1,4,10-20.')
  return ranges.flatMap(idsIn)
}

const A_LIST = 'It must be a list with commas, like balance,status.'

/** Words; on the command line with commas between them. */
export const words = () => cli(z.array(z.string().min(1, A_LIST).max(200)).max(1000), { placeholder: '<list>' })

/** Texts that are given one after another, or by repeating the option. */
export const texts = (placeholder: `<${string}...>`) => cli(z.array(z.string().min(1).max(4096)).max(10_000), { placeholder })

const A_TYPE = `It must be a service type: ${[...serviceTypeByName.keys()].join(', ')}.`

export const serviceType = () =>
  cli(
    z.string().refine((name) => serviceTypeByName.has(name), A_TYPE),
    { placeholder: '<type>' },
  )
