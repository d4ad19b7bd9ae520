import { isUtf8 } from 'node:buffer'
import type { UncheckedParameters } from '../ordering/call.ts'
import { trimmed } from '../ordering/invisible.ts'
import { type Refusal, refuse } from '../refusal.ts'

// Clients that stringify what they do not have.
const ABSENT = new Set(['', 'undefined', 'null'])
/** Who sends it wants a bound: without one that can be read, nothing is bought. */
const BOUND = 'max_charge'

/** Sent, but nothing that could be read: every reader refuses U+0000. */
const UNREADABLE = '\0'

/** A form body or a query string. As many fields as fit: a key may come last. */
export function fromForm(text: string): UncheckedParameters {
  return plainForm(text) ?? fromEntries(pairsOf(text))
}

/** The same for a form in which no name is repeated and none has brackets, in a third of the time: most requests are little more than their
 * form. */
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

/** What is no escape stays as it was written. Throws a Refusal for bytes that are no UTF-8: what was meant cannot be known, and it may be paid by the
 * line. */
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

/** Throws a Refusal when the bytes are no UTF-8. */
export function utf8Text(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw malformed()
  return bytes.toString('utf8')
}

/** A JSON object: numbers and booleans are read as text, a list of ids or lines as its parts. */
export function fromJson(text: string): UncheckedParameters {
  const value = parseJson(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed()
  return fromEntries(Object.entries(value))
}

/** Fields in the order they arrived. What is a list by nature keeps all of a repeated field; of any other field the last counts. */
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

/** `orders[]` and `orders[0]` are how PHP and axios write the list `orders`. */
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

/** An object, or a list inside a list, is no text: it becomes U+0000, which every reader refuses. */
function plainText(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return value === null || value === undefined ? '' : UNREADABLE
}

// Lists by nature.
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
