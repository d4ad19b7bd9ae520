/**
 * JSON whose numbers stay the digits that were sent: ids keep all nineteen, `1e-7` stays `1e-7`, and money never becomes a binary float. A number is
 * read as a text.
 */
export type Json = string | boolean | null | Json[] | { [name: string]: Json }

/** What we write: a number is an `exactNumber`, so that an amount is sent with the digits that it has. */
export type Written = string | boolean | null | ExactNumber | readonly Written[] | { readonly [name: string]: Written | undefined }

const numbers = new WeakSet<object>()

export interface ExactNumber {
  readonly number: string
}

export function exactNumber(digits: string | bigint): ExactNumber {
  const made = { number: digits.toString() }
  numbers.add(made)
  return made
}

/** Undefined when it is not JSON. */
export function readJson(text: string): Json | undefined {
  const tagged = readTagged(text)
  return tagged === undefined ? undefined : untagged(tagged)
}

/** The value at the end of a path of names, own members only; undefined when there is none. */
export function member(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  let found = value
  for (const name of path) {
    if (typeof found !== 'object' || found === null || Array.isArray(found) || !Object.hasOwn(found, name)) return undefined
    found = found[name]
  }
  return found
}

/** The same for a text or a number; the empty text for everything else. */
export function textAt(value: Json | undefined, ...path: readonly string[]): string {
  const found = member(value, ...path)
  return typeof found === 'string' ? found : ''
}

export function listAt(value: Json | undefined, ...path: readonly string[]): readonly Json[] {
  const found = member(value, ...path)
  return Array.isArray(found) ? found : []
}

export function writeJson(value: Written): string {
  if (Array.isArray(value)) return `[${value.map((each: Written) => writeJson(each)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (isExactNumber(value)) return value.number
  const members = Object.entries(value).filter(([, inner]) => inner !== undefined)
  return `{${members.map(([name, inner]) => `${JSON.stringify(name)}:${writeJson(inner!)}`).join(',')}}`
}

function isExactNumber(value: object): value is ExactNumber {
  return numbers.has(value)
}

const DEEPEST = 100

/**
 * The same JSON with the members of each object sorted by name, written as JavaScript writes it but for the numbers, which keep their text. Undefined
 * when it is not JSON, or nested deeper than any gateway nests.
 */
export function sortedJson(text: string): string | undefined {
  const tagged = readTagged(text)
  return tagged === undefined ? undefined : writeSorted(tagged, 0)
}

function writeSorted(value: Json, depth: number): string | undefined {
  if (depth > DEEPEST) return undefined
  if (typeof value === 'string') return value.startsWith('n') ? value.slice(1) : JSON.stringify(value.slice(1))
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Array.isArray(value)
    ? value.map((inner) => writeSorted(inner, depth + 1))
    : Object.keys(value)
        .toSorted()
        .map((name) => {
          const inner = writeSorted(value[name]!, depth + 1)
          return inner === undefined ? undefined : `${JSON.stringify(name.slice(1))}:${inner}`
        })
  if (members.includes(undefined)) return undefined
  return Array.isArray(value) ? `[${members.join(',')}]` : `{${members.join(',')}}`
}

/** Every text and name begins with `s`, and every number is a text that begins with `n`. Node 20's own parser does not pass the source to a reviver. */
function readTagged(text: string): Json | undefined {
  const bare = text.replace(/^\uFEFF/, '')
  try {
    JSON.parse(bare)
    const tagged = bare.replace(/"(?:[^"\\]+|\\.)*"|-?\d[\d.eE+-]*/g, (token) =>
      token.startsWith('"') ? `"s${token.slice(1)}` : `"n${token}"`,
    )
    return JSON.parse(tagged) as Json
  } catch {
    return undefined
  }
}

function untagged(value: Json, depth = 0): Json | undefined {
  if (typeof value === 'string') return value.slice(1)
  if (typeof value !== 'object' || value === null) return value
  if (depth > DEEPEST) return undefined
  if (Array.isArray(value)) {
    const inner = value.map((each) => untagged(each, depth + 1))
    return inner.includes(undefined) ? undefined : (inner as Json[])
  }
  const members = Object.entries(value).map(([name, inner]) => [name.slice(1), untagged(inner, depth + 1)] as const)
  return members.some(([, inner]) => inner === undefined) ? undefined : (Object.fromEntries(members) as Json)
}
