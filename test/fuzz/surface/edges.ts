import { z } from 'zod'

interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly anyOf?: readonly JsonSchema[]
  readonly enum?: readonly unknown[]
  readonly items?: JsonSchema
  readonly minimum?: number
  readonly maximum?: number
  readonly maxLength?: number
  readonly minLength?: number
}

/** For each field of a schema the values right at, below and above its bounds, as JSON. */
export function edgesOf(fields: z.ZodObject): Readonly<Record<string, readonly string[]>> {
  const { properties = {} } = z.toJSONSchema(fields, { io: 'input', unrepresentable: 'any' }) as { properties?: Record<string, JsonSchema> }
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, valuesAt(schema).map((value) => JSON.stringify(value))]),
  )
}

const LONGEST = 6000

function valuesAt({ type, anyOf, enum: words, items, minimum, maximum, maxLength, minLength = 0 }: JsonSchema): unknown[] {
  if (anyOf) return anyOf.flatMap(valuesAt)
  if (words) return [...words, 'none of them']
  const values: unknown[] = []
  for (const each of [type ?? 'string'].flat()) {
    if (each === 'null') values.push(null)
    if (each === 'boolean') values.push(true, false)
    if (each === 'integer' || each === 'number')
      values.push(...[minimum ?? 0, maximum ?? 2 ** 31].flatMap((bound) => [bound - 1, bound, bound + 1]), 2 ** 31 - 1, 2 ** 31, 1.5)
    if (each === 'string')
      values.push(...[minLength, maxLength ?? 300].map((length) => 'x'.repeat(Math.min(length, LONGEST))), `${'x'.repeat(Math.min(maxLength ?? 300, LONGEST))}x`, '0', '99.99') // prettier-ignore
    if (each === 'array') values.push([], ...valuesAt(items ?? {}).map((value) => [value]), [1, 1], ['a', 'a'])
    if (each === 'object') values.push({}, { a: 'b' })
  }
  return values
}
