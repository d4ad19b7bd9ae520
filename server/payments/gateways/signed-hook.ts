import { z } from 'zod'
import { type Json, plain, readJson } from '../../json.ts'
import { type Call, gateway, type Heard, type Receipt } from '../gateway.ts'
import { sealed } from '../sealed-field.ts'
import { textAt } from './json.ts'
import { referencesIn } from './references.ts'
import { isRecent, isSignedBy } from './signatures.ts'
import { readMoney, readTime, transferOf, whereTo } from './transfers.ts'

// One, or up to four while the robot changes over: at least 24 bytes each, in base64.
const SECRETS = /^whsec_[A-Za-z0-9+/]{32,120}={0,2}(?:\s+whsec_[A-Za-z0-9+/]{32,120}={0,2}){0,3}$/
const MOST_SIGNATURES = 10

/**
 * "A transfer arrived", told by a robot of the operator that reads a bank's messages or accounts, signed as Standard Webhooks
 * (github.com/standard-webhooks) say. docs/payments-hook.md tells how to send one.
 */
export const signedHook = gateway({
  name: 'signed-hook',
  title: 'Bank transfer (signed hook)',
  settings: z.object({
    ...whereTo,
    /** One secret, or several with spaces between them while the robot changes over. */
    secrets: sealed(z.string().trim().regex(SECRETS)),
  }),
  currencies: 'any',
  collects: 'what comes',
  openMinutes: 7 * 24 * 60,
  open(settings, { now }) {
    const secrets = settings.secrets.split(/\s+/).map((secret) => Buffer.from(secret.slice('whsec_'.length), 'base64'))
    return {
      async test() {
        return { ok: true, words: 'Nothing to ask. Send a signed call to see that it arrives.' }
      },
      async start(ask) {
        return transferOf(settings, ask, ask.reference, { qr: null })
      },
      heard(call) {
        const why = whyForged(call, secrets, now())
        return why === null ? toldBy(call) : { kind: 'forged', why }
      },
      hookAnswer: { contentType: 'application/json', text: '{"success":true}' },
    }
  },
})

function whyForged({ headers, body }: Call, secrets: readonly Buffer[], now: Date): string | null {
  const [id = '', timestamp = '', signatures = ''] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => headers[name])
  // The parts of what is signed are divided by dots, so a dot in the id could move text from one part to another.
  if (!/^[\w:-]{1,200}$/.test(id)) return 'webhook-id is missing, or has other characters than letters, digits, _, - and :'
  if (!isRecent(timestamp, now)) return 'webhook-timestamp is not within five minutes of now'
  const given = signatures.split(' ', MOST_SIGNATURES).flatMap((each) => (each.startsWith('v1,') ? [each.slice('v1,'.length)] : []))
  const message = [`${id}.${timestamp}.`, body]
  const isRight = secrets.some((secret) => isSignedBy({ hash: 'sha256', secret, message, encoding: 'base64' }, given))
  return isRight ? null : 'no signature in webhook-signature is right'
}

/** Money without a reference of ours, or with several, is nobody's: staff see it. What cannot be booked is shown at the payment that it names. */
function toldBy({ headers, body }: Call): Heard {
  const eventId = headers['webhook-id']!
  const json = readJson(body.toString('utf8'))
  const [found, ...others] = referencesIn(textAt(json, 'reference'), '')
  const reference = found !== undefined && others.length === 0 ? found : null
  const receipts = receiptsIn(json, new Date(Number(headers['webhook-timestamp']) * 1000))
  if (reference === null && receipts.length === 0) return { kind: 'heard', eventId, hints: [] }
  const from = textAt(json, 'payer') === '' ? '' : `from ${textAt(json, 'payer')}: `
  const words = plain(receipts.length > 0 ? `${from}${textAt(json, 'reference')}` : 'id, amount or currency cannot be read')
  const state = reference !== null && receipts.length > 0 ? 'paid' : 'review'
  const hints = reference === null ? [] : [{ theirId: null, reference }]
  return { kind: 'heard', eventId, hints, told: { theirId: null, reference, state, receipts, reversals: [], words } }
}

function receiptsIn(json: Json | undefined, sentAt: Date): readonly Receipt[] {
  const id = textAt(json, 'id')
  const money = readMoney(textAt(json, 'amount'), textAt(json, 'currency'))
  if (!money || !/^[\x21-\x7e]{1,200}$/.test(id)) return []
  return [{ ...money, id, at: readTime(textAt(json, 'at')) ?? sentAt, fee: null, worth: null, late: false }]
}
