import { type Json, plain, readJson } from '../../json.ts'
import type { Outcome } from '../../outgoing/fetch.ts'
import { textAt } from './json.ts'

/**
 * What a gateway's API answered. `no`: it understood and declined, and the same call would be declined again. `unknown`: it is away, too busy, or its
 * answer was lost or is not JSON: nobody can say what it did.
 */
export type Answer =
  | { readonly kind: 'yes'; readonly json: Json }
  | { readonly kind: 'no'; readonly status: number; readonly words: string; readonly json: Json | undefined }
  | { readonly kind: 'unknown'; readonly words: string }

/** Statuses of "try again": timeouts, a call under way with the same key, too early, too many. */
const NOT_NOW = new Set([408, 409, 423, 425, 429])

export function readAnswer(outcome: Outcome): Answer {
  if (outcome.kind !== 'answered') return { kind: 'unknown', words: outcome.words }
  const { status } = outcome
  const json = readJson(outcome.text)
  if (status >= 200 && status < 300)
    return json === undefined ? { kind: 'unknown', words: `HTTP ${status} without JSON` } : { kind: 'yes', json }
  const words = wordsOf(status, json)
  return status >= 400 && status < 500 && !NOT_NOW.has(status) ? { kind: 'no', status, words, json } : { kind: 'unknown', words }
}

/** Their own words for a no, wherever the gateways in use write them. They name no secret: gateways do not repeat keys. */
function wordsOf(status: number, json: Json | undefined): string {
  const places = [['message'], ['error', 'message'], ['error', 'description'], ['error_description'], ['error'], ['detail']]
  const found = places.map((path) => textAt(json, ...path)).find((text) => text !== '')
  const code = textAt(json, 'code') || textAt(json, 'error', 'code')
  return plain([`HTTP ${status}`, code, found ?? ''].filter((text) => text !== '').join(': '))
}
