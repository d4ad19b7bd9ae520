import { type Json, readJson } from '../../json.ts'
import type { Call, Heard, Hint } from '../gateway.ts'
import { textAt } from './json.ts'
import { isRecent, isSignedBy } from './signatures.ts'

const LONGEST_HEADER = 4096

/**
 * `Stripe-Signature: t=1700000000,v1=…,v1=…` (docs.stripe.com/webhooks/signature): HMAC-SHA256 of `t.body` in hex, one `v1` for each secret while
 * secrets are rolled, at most five minutes old.
 */
export function heardFromStripe(call: Call, secret: string, now: Date): Heard {
  const header = (call.headers['stripe-signature'] ?? '').slice(0, LONGEST_HEADER)
  const parts = header.split(',').map((part) => part.split('=', 2).map((text) => text.trim()))
  const valuesOf = (name: string) => parts.flatMap(([key, value]) => (key === name && value ? [value] : []))
  const [time = ''] = valuesOf('t')
  const isSigned = isSignedBy({ hash: 'sha256', secret, message: [`${time}.`, call.body], encoding: 'hex' }, valuesOf('v1'))
  if (!isSigned) return { kind: 'forged', why: 'the signature is not right' }
  if (!isRecent(time, now)) return { kind: 'forged', why: 'the time of the signature is more than five minutes away' }
  const event = readJson(call.body.toString('utf8'))
  const hint = hintOf(event)
  return { kind: 'heard', eventId: textAt(event, 'id') || null, hints: hint ? [hint] : [] }
}

/**
 * Which payment an event is about. Sessions and charges carry our reference, and those without it belong to somebody else. A dispute or a refund names
 * only the charge and its payment intent, by which `look` finds the session.
 */
function hintOf(event: Json | undefined): Hint | undefined {
  const told = (...path: string[]) => textAt(event, 'data', 'object', ...path) || null
  const reference = told('metadata', REFERENCE)
  switch (told('object')) {
    case 'checkout.session': {
      return reference === null ? undefined : { theirId: told('id'), reference }
    }
    case 'charge':
    case 'payment_intent': {
      return reference === null ? undefined : { theirId: null, reference }
    }
    case 'dispute':
    case 'refund': {
      const theirId = told('payment_intent')
      return theirId === null ? undefined : { theirId, reference }
    }
    default: {
      return undefined
    }
  }
}

/** The name under which Stripe keeps our reference with the session, its payment and its refunds. */
export const REFERENCE = 'docket_reference'

/** The name under which a refund keeps the key of the `giveBack` that made it. */
export const REFUND_KEY = 'docket_key'
