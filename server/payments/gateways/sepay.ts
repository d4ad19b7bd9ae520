import { z } from 'zod'
import { type Json, plain, readJson } from '../../json.ts'
import { formatAmount, toMinor } from '../amounts.ts'
import { type Call, gateway, type Heard, type Receipt } from '../gateway.ts'
import { sealed } from '../sealed-field.ts'
import { textAt } from './json.ts'
import { referencesIn } from './references.ts'
import { isRecent, isSameSecret, isSignedBy } from './signatures.ts'
import { readMoney, transferOf, whereTo } from './transfers.ts'
import { vietQr } from './vietqr.ts'

/**
 * SePay watches an account at a Vietnamese bank and calls us for each transfer. Nothing is asked of it: the payer gets the account and a VietQR code,
 * and the text of the transfer names the payment. Facts from developer.sepay.vn (SePay Webhooks).
 */
export const sepay = gateway({
  name: 'sepay',
  title: 'SePay (VietQR)',
  settings: z.object({
    ...whereTo,
    account: z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9]{4,19}$/),
    /** The six digits of the bank at NAPAS: 970436 is Vietcombank. */
    bin: z
      .string()
      .trim()
      .regex(/^\d{6}$/),
    /** Before our reference in the text of a transfer; the same as in SePay's own settings of payment codes. */
    prefix: z
      .string()
      .trim()
      .toUpperCase()
      .regex(/^[A-Z]{2,5}$/)
      .default('DKT'),
    /** How their calls prove themselves, as chosen with them. */
    authentication: z.enum(['hmac', 'apikey']).default('hmac'),
    secret: sealed(z.string().trim().min(8).max(200)),
  }),
  currencies: ['VND'],
  collects: 'what comes',
  openMinutes: 24 * 60,
  open(settings, { now }) {
    return {
      async test() {
        return { ok: true, words: 'Nothing to ask. Send a test call from their dashboard to see that it arrives.' }
      },
      async start(ask) {
        const dong = toMinor(ask.amount, ask.currency)
        if (ask.currency !== 'VND' || dong === undefined)
          return { kind: 'refused', words: `Not an amount in dong: ${formatAmount(ask.amount, ask.currency)}` }
        const text = settings.prefix + ask.reference
        return transferOf(settings, ask, text, { qr: vietQr(settings, dong.toString(), text) })
      },
      heard(call) {
        const why = settings.authentication === 'hmac' ? whyForged(call, settings.secret, now()) : whyKeyIsWrong(call, settings.secret)
        return why === null ? toldBy(readJson(call.body.toString('utf8')), settings, now()) : { kind: 'forged', why }
      },
      // Any other answer is "failed" to them, and sent again.
      hookAnswer: { contentType: 'application/json', text: '{"success":true}' },
    }
  },
})

/** `sha256=` and the HMAC of `timestamp.body` (their page "xac-thuc"). */
function whyForged({ headers, body }: Call, secret: string, now: Date): string | null {
  const timestamp = headers['x-sepay-timestamp'] ?? ''
  if (!isRecent(timestamp, now)) return 'X-SePay-Timestamp is not within five minutes of now'
  const given = (headers['x-sepay-signature'] ?? '').replace(/^sha256=/, '')
  const isRight = isSignedBy({ hash: 'sha256', secret, message: [`${timestamp}.`, body], encoding: 'hex' }, [given])
  return isRight ? null : 'X-SePay-Signature is not right'
}

function whyKeyIsWrong({ headers }: Call, secret: string): string | null {
  const [, key = ''] = /^Apikey (.*)$/i.exec(headers['authorization'] ?? '') ?? []
  return isSameSecret(key, secret) ? null : 'the key in Authorization is not right'
}

/**
 * Money in dong that came in to our account. Their own guess of the code goes first. Without a reference, or with more than one, it is nobody's: staff
 * see it, and no money goes to the wrong payment.
 */
function toldBy(transfer: Json | undefined, to: { readonly account: string; readonly prefix: string }, now: Date): Heard {
  const id = textAt(transfer, 'id')
  const account = [textAt(transfer, 'accountNumber'), textAt(transfer, 'subAccount')]
  const isOurs = textAt(transfer, 'transferType') === 'in' && /^\d{1,20}$/.test(id) && account.includes(to.account)
  if (!isOurs) return { kind: 'heard', eventId: null, hints: [] }
  const text = textAt(transfer, 'content') || textAt(transfer, 'description')
  const codes = referencesIn(textAt(transfer, 'code'), to.prefix)
  const [found, ...others] = codes.length === 1 ? codes : referencesIn(text, to.prefix)
  const reference = found !== undefined && others.length === 0 ? found : null
  const money = readMoney(textAt(transfer, 'transferAmount'), 'VND')
  const receipts: readonly Receipt[] = money ? [{ ...money, id, at: timeOf(transfer) ?? now, fee: null, worth: null, late: false }] : []
  const words = plain(`${money ? '' : 'amount cannot be read: '}${text}`)
  return {
    kind: 'heard',
    eventId: id,
    hints: reference === null ? [] : [{ theirId: null, reference }],
    told: { theirId: null, reference, state: money && reference !== null ? 'paid' : 'review', receipts, reversals: [], words },
  }
}

/** They write the time of Vietnam without its zone: `2023-03-25 14:02:37`. */
function timeOf(transfer: Json | undefined): Date | undefined {
  const text = textAt(transfer, 'transactionDate')
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) return undefined
  const time = new Date(`${text.replace(' ', 'T')}+07:00`)
  return Number.isNaN(time.getTime()) ? undefined : time
}
