import { createHash } from 'node:crypto'
import { orderParameters } from '../../contract/actions/add.ts'
import type { Retry } from '../orders/priced-order.ts'
import { refuse } from '../refusal.ts'
import type { Call, UncheckedParameters } from './call.ts'

/** A retry key with this mark is computed from the order itself. Customers cannot choose a key that has it. */
const LIKENESS = '\u0001like:'
const LONGEST_RETRY_KEY = 255

/** The customer's own retry key for an order. */
export function retryKeyOf(parameters: UncheckedParameters): string | undefined {
  const key = parameters['idempotency_key'] ?? parameters['request_id'] ?? parameters['order_reference']
  if (key === undefined) return undefined
  // eslint-disable-next-line no-control-regex
  if (key.length > LONGEST_RETRY_KEY || /[\u0000-\u001f]/.test(key)) {
    throw refuse('incorrect_idempotency_key')
  }
  return key
}

/** How a repetition of this add is recognised; null: not at all. */
export function retryOf({ caller, parameters }: Call): Retry | null {
  const key = retryKeyOf(parameters)
  if (key !== undefined) return { key, fingerprint: fingerprint(parameters), windowSeconds: 0 }
  if (caller.repeatWindowSeconds === 0) return null
  const likeness = fingerprint(parameters)
  return { key: LIKENESS + likeness, fingerprint: likeness, windowSeconds: caller.repeatWindowSeconds }
}

/** A digest of the parameters that make an order, in a fixed order and without any others. */
function fingerprint(parameters: UncheckedParameters): string {
  const known = orderParameters.map((name) => [name, parameters[name] ?? null])
  return createHash('sha256').update(JSON.stringify(known)).digest('base64url')
}
