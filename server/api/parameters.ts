import { isUtf8 } from 'node:buffer'
import type { UncheckedParameters } from '../ordering/call.ts'
import { trimmed } from '../ordering/invisible.ts'
import { type Refusal, refuse } from '../refusal.ts'

// Clients send these words for a value that they do not have.
const ABSENT = new Set(['', 'undefined', 'null'])
/** A caller who sends this parameter wants a limit, so if it cannot be read, nothing is bought. */
const BOUND = 'max_charge'

/** A parameter that was sent but cannot be read: every reader refuses U+0000. */
const UNREADABLE = '\0'

/** Reads a form body or a query string. It accepts any number of fields, because the key may come last. */
export function fromForm(text: string): UncheckedParameters {
  return plainForm(text) ?? fromEntries(pairsOf(text))
}

/** The same for a form without repeated names and brackets, in a third of the time: most requests contain little more than their form. */
function plainForm(text: string): UncheckedParameters | undefined {
  const parameters = Object.create(null) as Record<string, string>
  let absent: Set<string> | undefined
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const at = pair.indexOf('=')
    const name = unescaped(at === -1 ? pair : pair.slice(0, at))
    if (name in parameters || absent?.has(name) || name.endsWith(']')) return undefined
    const value = at === -1 ? '' : trimmed(unescaped(pair.slice(at + 1))).toWellFormed()
    if (!ABSENT.has(value)) parameters[name] = value
    else if (name === BOUND) parameters[name] = UNREADABLE
    else (absent ??= new Set()).add(name)
  }
  return parameters
}

function pairsOf(text: string): [string, string][] {
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=')
      return at === -1 ? [unescaped(pair), ''] : [unescaped(pair.slice(0, at)), unescaped(pair.slice(at + 1))]
    })
}

const ESCAPES = /(?:%[0-9a-f]{2})+/gi

/** Text that is not a valid escape stays as it was written. Throws a Refusal for bytes that are not UTF-8: the intended text cannot be known, and
 * the customer may pay per comment line. */
function unescaped(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    return unescapedRuns(spaced)
  }
}

function unescapedRuns(spaced: string): string {
  return spaced.replace(ESCAPES, (escapes) => utf8Text(Buffer.from(escapes.replaceAll('%', ''), 'hex')))
}

/** Throws a Refusal when the bytes are not UTF-8. */
export function utf8Text(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw malformed()
  return bytes.toString('utf8')
}

/** Reads a JSON object: numbers and booleans become text, and the items of a list of ids or of comment lines are joined. */
export function fromJson(text: string): UncheckedParameters {
  const value = parseJson(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed()
  return fromEntries(Object.entries(value))
}

/** Reads fields in the order they arrived. List parameters keep all values of a repeated field; of any other field the last value counts. */
export function fromEntries(entries: Iterable<readonly [string, unknown]>): UncheckedParameters {
  const values = new Map<string, unknown[]>()
  for (const [written, value] of entries) {
    const name = listName(written)
    const all = values.get(name)
    const given = Array.isArray(value) ? value : [value]
    if (all) all.push(...given)
    else values.set(name, given)
  }
  return present(values)
}

/** PHP and axios write the list `orders` as `orders[]` and `orders[0]`. */
function listName(written: string): string {
  const name = /^([a-z_]+)\[\d{0,6}\]$/.exec(written)?.[1]
  return name !== undefined && Object.hasOwn(separators, name) ? name : written
}

export function merge(first: UncheckedParameters, second: UncheckedParameters): UncheckedParameters {
  return Object.assign(Object.create(null) as Record<string, string>, first, second)
}

function present(entries: Iterable<readonly [string, readonly unknown[]]>): UncheckedParameters {
  const parameters = Object.create(null) as Record<string, string>
  for (const [name, values] of entries) {
    const text = textOf(name, values)
    if (!ABSENT.has(text)) parameters[name] = text
    else if (name === BOUND) parameters[name] = UNREADABLE
  }
  return parameters
}

function textOf(name: string, values: readonly unknown[]): string {
  const separator = Object.hasOwn(separators, name) ? separators[name] : undefined
  const text = separator === undefined ? plainText(values.at(-1)) : values.map(plainText).join(separator)
  return trimmed(text).toWellFormed()
}

/** An object, or a list inside a list, cannot be text: it becomes U+0000, which every reader refuses. */
function plainText(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return value === null || value === undefined ? '' : UNREADABLE
}

// The list parameters, each with its separator.
const separators: Readonly<Record<string, string>> = {
  order: ',',
  orders: ',',
  refill: ',',
  refills: ',',
  comments: '\n',
  usernames: '\n',
  hashtags: '\n',
  keywords: '\n',
  groups: '\n',
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw malformed()
  }
}

function malformed(): Refusal {
  return refuse('malformed_body')
}
