/** PostgreSQL array literals: the cheapest way to pass a batch to a function (docs/decisions/0001). */

/** Numbers may be given as their texts. */
export function numberArray(values: readonly (number | bigint | string | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`
}

export function textArray(values: readonly (string | null)[]): string {
  return `{${values.map(quoted).join(',')}}`
}

export function booleanArray(values: readonly boolean[]): string {
  return `{${values.map((value) => (value ? 't' : 'f')).join(',')}}`
}

const NEEDS_ESCAPE = /["\\]/

function quoted(value: string | null): string {
  if (value === null) return 'NULL'
  return NEEDS_ESCAPE.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : `"${value}"`
}
