import { z } from 'zod'
import { type Refusal, refuse } from '../refusal.ts'

/** The fields of a call, from the body first and then the query string. Only checked to be an object. */
export type UncheckedInput = Readonly<Record<string, unknown>>

/** More ids than the clients in use send at once; a call with more is refused as a whole before anything is done. */
export const MOST_AT_ONCE = 500
const LONGEST_WORDS = 500
const ID = /^[1-9]\d{0,17}$/

// Clients send null or an empty text for a field that they leave out.
const given = (value: unknown) => (value === null || value === '' ? undefined : value)
const whole = z.union([
  z.int(),
  z
    .string()
    .trim()
    .regex(/^-?\d{1,15}$/)
    .transform(Number),
])

/** A whole number, as a JSON number or as text; absent when null or empty. */
export const maybeWhole = (least: number, most: number) => z.preprocess(given, whole.pipe(z.number().min(least).max(most)).optional())
export const maybeCount = (least: number) => maybeWhole(least, 1e15).transform((value) => (value === undefined ? null : BigInt(value)))
export const maybeText = z.preprocess(given, z.string().trim().max(200).optional())
/** Words for the timeline: one text line, shortened rather than refused. */
export const maybeWords = z.preprocess(
  (value) =>
    typeof value === 'string'
      ? value
          .toWellFormed()
          .replaceAll(/\p{Cc}+/gu, ' ')
          .trim()
          .slice(0, LONGEST_WORDS) || undefined
      : given(value),
  z.string().optional(),
)

/** Reads the fields of a call. Throws a Refusal that names the first wrong field. */
export function read<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  throw firstFault(parsed.error)
}

export function firstFault(error: z.ZodError): Refusal {
  const path = error.issues[0]?.path.join('.')
  return path ? refuse('incorrect_field', path) : refuse('incorrect_input')
}

/** An id as a JSON number or as digits; undefined when it is not an id. */
export function idOf(value: unknown): bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? BigInt(value) : undefined
  return typeof value === 'string' && ID.test(value.trim()) ? BigInt(value.trim()) : undefined
}

export interface IdList {
  /** Without repetitions, in the order of the call. */
  readonly ids: readonly bigint[]
  /** The values that should be ids and are not. */
  readonly wrong: readonly (string | number)[]
}

/** Reads ids from the first of these fields that is given. Throws a Refusal when there are none or too many. */
export function readIds(input: UncheckedInput, ...names: readonly string[]): IdList {
  const name = names.find((name) => given(input[name]) !== undefined)
  if (name === undefined) throw refuse('field_required', names[0]!)
  return idsIn(input[name], names[0]!)
}

/** A list as an array, or in the format of the published API: digits with commas between. */
export function idsIn(value: unknown, name: string): IdList {
  const elements = elementsOf(value)
  if (elements.length === 0) throw refuse('field_required', name)
  if (elements.length > MOST_AT_ONCE) throw refuse('too_many_at_once', MOST_AT_ONCE)
  const ids = new Set<bigint>()
  const wrong: (string | number)[] = []
  for (const element of elements) {
    const id = idOf(element)
    if (id === undefined) wrong.push(shown(element))
    else ids.add(id)
  }
  return { ids: [...ids], wrong }
}

function elementsOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  if (typeof value !== 'string') return [value]
  return value.split(',').filter((part) => part.trim() !== '')
}

/** The wrong value, shortened, to name it in an answer. */
export function shown(value: unknown): string | number {
  if (typeof value === 'number') return value
  return (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, 50).toWellFormed()
}

/** Service ids to look for; null: all. Throws a Refusal when one of them is not an id. */
export function readServices(input: UncheckedInput): number[] | null {
  const value = given(input['service_ids'])
  if (value === undefined) return null
  const { ids, wrong } = idsIn(value, 'service_ids')
  if (wrong.length > 0 || ids.some((id) => id > 2_147_483_647n)) throw refuse('incorrect_field', 'service_ids')
  return ids.map(Number)
}

const pull = z.object({ limit: maybeWhole(0, 1e9) })

/** How many to pull: 0 or absent means 100, as in the published API; more than the most becomes the most. */
export function readLimit(input: UncheckedInput, most = MOST_AT_ONCE): number {
  return Math.min(read(pull, input).limit || 100, most)
}
