import { type Json, withTokens } from '../../json.ts'

/** The value at the end of a path of names, own members only; undefined when there is none. */
export function at(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  let found = value
  for (const name of path) {
    if (typeof found !== 'object' || found === null || Array.isArray(found) || !Object.hasOwn(found, name)) return undefined
    found = found[name]
  }
  return found
}

/** The same for a text or a number; the empty text for everything else. */
export function textAt(value: Json | undefined, ...path: readonly string[]): string {
  const found = at(value, ...path)
  return typeof found === 'string' ? found.trim() : ''
}

export function listAt(value: Json | undefined, ...path: readonly string[]): readonly Json[] {
  const found = at(value, ...path)
  return Array.isArray(found) ? found : []
}

/** JSON that we send. */
type Written = string | boolean | null | ExactNumber | readonly Written[] | WrittenObject
interface WrittenObject {
  readonly [name: string]: Written | undefined
}

/** A number with exactly these digits: an amount is never sent through a float. */
export class ExactNumber {
  readonly digits: string
  constructor(digits: string | bigint) {
    this.digits = digits.toString()
  }
}

export function writeJson(value: Written): string {
  if (value instanceof ExactNumber) return value.digits
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (isList(value)) return `[${value.map((each) => writeJson(each)).join(',')}]`
  const members = Object.entries(value).flatMap(([name, inner]) =>
    inner === undefined ? [] : [`${JSON.stringify(name)}:${writeJson(inner)}`],
  )
  return `{${members.join(',')}}`
}

function isList(value: readonly Written[] | WrittenObject): value is readonly Written[] {
  return Array.isArray(value)
}

const DEEPEST = 50

/**
 * The same JSON with the members of each object sorted by name, written as JavaScript writes it but for the numbers, which keep their text. `objects`
 * writes a list as an object of its positions. Undefined when it is not JSON, or nested deeper than any gateway nests.
 */
export function sortedJson(text: string, lists: 'lists' | 'objects'): string | undefined {
  try {
    JSON.parse(text)
    // Every text and name begins with `s` then, and every number is a text that begins with `n`.
    const tagged = withTokens(text, (token) => (token.startsWith('"') ? `"s${token.slice(1)}` : `"n${token}"`))
    return writeSorted(JSON.parse(tagged) as Json, lists, DEEPEST)
  } catch {
    return undefined
  }
}

function writeSorted(value: Json, lists: 'lists' | 'objects', depth: number): string {
  if (depth === 0) throw new RangeError('nested too deep')
  if (typeof value === 'string') return value.startsWith('n') ? value.slice(1) : JSON.stringify(value.slice(1))
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = (each: Json) => writeSorted(each, lists, depth - 1)
  if (!Array.isArray(value)) {
    const names = Object.keys(value).map((name) => name.slice(1))
    return `{${inScriptOrder(names)
      .map((name) => `${JSON.stringify(name)}:${inner(value[`s${name}`]!)}`)
      .join(',')}}`
  }
  return lists === 'lists' ? `[${value.map(inner).join(',')}]` : `{${value.map((each, index) => `"${index}":${inner(each)}`).join(',')}}`
}

/** Sorted, but for names that are whole numbers: whatever order JavaScript puts them in, an object has those first. */
function inScriptOrder(names: readonly string[]): readonly string[] {
  return Object.keys(Object.fromEntries(names.toSorted().map((name) => [name, null])))
}
