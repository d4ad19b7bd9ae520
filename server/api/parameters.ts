import { parse } from 'node:querystring'
import { refusals } from '../../contract/refusals.ts'
import { Refusal } from '../refusal.ts'

/** Parameters as they came: nothing is checked but that they are text. Absent ones are undefined. */
export type UncheckedParameters = Readonly<Record<string, string | undefined>>

// Clients that stringify what they do not have.
const ABSENT = new Set(['', 'undefined', 'null'])
const MOST_PARAMETERS = 10_000

/** A form body or a query string; the last of a repeated name counts. */
export function fromForm(text: string): UncheckedParameters {
  return present(Object.entries(parse(text, '&', '=', { maxKeys: MOST_PARAMETERS })))
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
  if (typeof value === 'string') return value.trim().toWellFormed()
  if (Array.isArray(value))
    return name in separators ? value.map(String).join(separators[name]).trim().toWellFormed() : textOf(name, value.at(-1))
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return value === null || value === undefined ? '' : JSON.stringify(value)
}

// A repeated form field stays "the last one counts"; these are lists by nature.
const separators: Readonly<Record<string, string>> = {
  orders: ',',
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
