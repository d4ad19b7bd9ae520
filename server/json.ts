import { onOneLine } from './text.ts'

/** JSON whose numbers stay the digits that were sent: ids keep all nineteen, and money never becomes a binary float. */
export type Json = string | boolean | null | Json[] | { [name: string]: Json }
export type JsonObject = { [name: string]: Json }

/**
 * Reads JSON whatever the content type, and drops a byte order mark. Undefined when it is not JSON. Two native calls and one expression of linear
 * time: a library that keeps numbers (lossless-json) is no faster, overflows the stack at depths that this can read, and refuses a list when a panel
 * wrote a name twice. Node 20's own parser does not yet pass the source text to a reviver.
 */
export function readJson(text: string): Json | undefined {
  const bare = text.replace(/^\uFEFF/, '')
  try {
    const parsed = JSON.parse(bare) as Json
    // Most panels write their numbers as texts.
    if (!/(?:^|[:,[])\s*-?\d/.test(bare)) return parsed
    return JSON.parse(withTokens(bare, (token) => (token.startsWith('"') ? token : `"${token}"`))) as Json
  } catch {
    return undefined
  }
}

/** The JSON with each text, name and number written anew. Only for JSON that was parsed before: the expression is slow for what is none. */
export function withTokens(json: string, written: (token: string) => string): string {
  return json.replace(/"(?:[^"\\]+|\\.)*"|-?\d[\d.eE+-]*/g, written)
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An own member only: `constructor` is not an answer. Without `status`, `Status` is read, unless two names fit. */
export function member(value: Json | undefined, name: string): Json | undefined {
  if (!isObject(value)) return undefined
  if (Object.hasOwn(value, name)) return value[name]
  let alike: string | undefined
  for (const key of Object.keys(value)) {
    if (key.length !== name.length || key.toLowerCase() !== name) continue
    if (alike !== undefined) return undefined
    alike = key
  }
  return alike === undefined ? undefined : value[alike]
}

export function readText(value: Json | undefined): string {
  return typeof value === 'string' ? value.trim() : ''
}

const LONGEST_WORDS = 300

/** Foreign words in a form that the database can store and a person can read: one U+0000 would fail a whole batch. */
export function plain(text: string, longest = LONGEST_WORDS): string {
  return onOneLine(text.slice(0, longest * 2))
    .slice(0, longest)
    .toWellFormed()
}
