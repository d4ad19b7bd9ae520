import { parse, unescape } from 'node:querystring'
import { refusals } from '../../contract/refusals.ts'
import type { UncheckedParameters } from '../ordering/call.ts'
import { Refusal } from '../refusal.ts'

// Clients that stringify what they do not have.
const ABSENT = new Set(['', 'undefined', 'null'])

/** A form body or a query string; the last of a repeated name counts. As many as fit: a key may come last. */
export function fromForm(text: string): UncheckedParameters {
  return plainForm(text) ?? present(Object.entries(parse(text, '&', '=', { maxKeys: 0 })))
}

/** The same for a form in which no name is repeated, in a third of the time: most requests are little more than their form. */
function plainForm(text: string): UncheckedParameters | undefined {
  const parameters = Object.create(null) as Record<string, string>
  let absent: Set<string> | undefined
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const at = pair.indexOf('=')
    const name = unescaped(at === -1 ? pair : pair.slice(0, at))
    if (name in parameters || absent?.has(name)) return undefined
    const value =
      at === -1
        ? ''
        : unescaped(pair.slice(at + 1))
            .trim()
            .toWellFormed()
    if (ABSENT.has(value)) (absent ??= new Set()).add(name)
    else parameters[name] = value
  }
  return parameters
}

const ESCAPED = /%[0-9a-f]{2}/i

/** What is no escape stays as it was written. */
function unescaped(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  return ESCAPED.test(spaced) ? unescape(spaced) : spaced
}

/** A JSON object: numbers and booleans are read as text, a list of ids or lines as its parts. */
export function fromJson(text: string): UncheckedParameters {
  const value = parseJson(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed()
  return present(Object.entries(value))
}

/** Fields in the order they arrived. */
export function fromEntries(entries: Iterable<readonly [string, unknown]>): UncheckedParameters {
  return present(entries)
}

export function merge(first: UncheckedParameters, second: UncheckedParameters): UncheckedParameters {
  return Object.assign(Object.create(null) as Record<string, string>, first, second)
}

function present(entries: Iterable<readonly [string, unknown]>): UncheckedParameters {
  const parameters = Object.create(null) as Record<string, string>
  for (const [name, value] of entries) {
    const text = textOf(name, value)
    if (!ABSENT.has(text)) parameters[name] = text
  }
  return parameters
}

function textOf(name: string, value: unknown): string {
  const separator = Object.hasOwn(separators, name) ? separators[name] : undefined
  if (!Array.isArray(value)) return plainText(value).trim().toWellFormed()
  const text = separator === undefined ? plainText(value.at(-1)) : value.map(plainText).join(separator)
  return text.trim().toWellFormed()
}

/** An object, or a list inside a list, is no text: it becomes U+0000, which every reader refuses. */
function plainText(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return value === null || value === undefined ? '' : '\0'
}

// A repeated form field stays "the last one counts"; these are lists by nature.
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
  return new Refusal(refusals.incorrectRequest, { code: 'malformed_body' })
}
