import { verify } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { readJson } from '../../json.ts'
import type { Call, Heard, Hint } from '../gateway.ts'
import { listAt, textAt } from './json.ts'
import type { PayPalCertificates } from './paypal-certificates.ts'
import { isReference } from './references.ts'

// PayPal sends a call again for three days (developer.paypal.com/api/rest/webhooks/rest), and no document says whether with a new time.
const OLDEST_MS = 73 * 3_600_000
const MOST_AHEAD_MS = 10 * 60_000

/**
 * A call is signed by RSA-SHA256 over `transmission id|time|webhook id|checksum of the body`, by the certificate that it names (the same document). The
 * checksum is a CRC-32, which others can meet with another body once they have seen a signature: so nothing in the body is believed but which of our
 * payments to look at.
 */
export function heardFromPayPal(call: Call, webhookId: string, certificates: PayPalCertificates, now: Date): Heard {
  const header = (name: string) => (call.headers[`paypal-${name}`] ?? '').slice(0, 1000)
  if (header('auth-algo') !== 'SHA256withRSA') return { kind: 'forged', why: 'the algorithm is not SHA256withRSA' }
  const key = certificates.keyOf(header('cert-url'), now)
  if (!key) return { kind: 'forged', why: 'the certificate is not one of PayPal that is valid now' }
  const signed = [header('transmission-id'), header('transmission-time'), webhookId, crc32(call.body)].join('|')
  const signature = Buffer.from(header('transmission-sig'), 'base64')
  if (!verify('sha256', Buffer.from(signed), key, signature)) return { kind: 'forged', why: 'the signature is not right' }
  const age = now.getTime() - Date.parse(header('transmission-time'))
  if (!(age <= OLDEST_MS && age >= -MOST_AHEAD_MS)) return { kind: 'forged', why: 'the time of the call is more than three days away' }
  const event = readJson(call.body.toString('utf8'))
  const hint = hintOf(event)
  return { kind: 'heard', eventId: textAt(event, 'id') || null, hints: hint ? [hint] : [] }
}

/**
 * Our reference is with the order and its captures as `custom_id`, with refunds as `invoice_id`, and with disputes as the `custom` of their transaction.
 * What has none belongs to somebody else.
 */
function hintOf(event: ReturnType<typeof readJson>): Hint | undefined {
  const told = (...path: string[]) => textAt(event, 'resource', ...path)
  const [unit] = listAt(event, 'resource', 'purchase_units')
  const [disputed] = listAt(event, 'resource', 'disputed_transactions')
  const places = [
    textAt(unit, 'custom_id'),
    told('custom_id'),
    told('invoice_id'),
    textAt(disputed, 'custom'),
    textAt(disputed, 'invoice_number'),
  ]
  const reference = places.find(isReference)
  if (reference === undefined) return undefined
  const orderId = unit === undefined ? told('supplementary_data', 'related_ids', 'order_id') : told('id')
  return { theirId: orderId || null, reference }
}
