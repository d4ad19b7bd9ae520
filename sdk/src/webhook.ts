import { type OrderState, orderState, type RefillState, refillState } from './answers.ts'
import { type Amount, type Json, member, readAmount, readId, readJson, readText } from './values.ts'

interface Told {
  /** The same message may come twice, always under this id: keep those that you have seen. */
  readonly id: string
  /** `order.completed`, `refill.rejected`, `balance.low`, `deposit.credited`, `ticket.replied` … */
  readonly type: string
  /** When it happened. */
  readonly timestamp: string
}

/** What a webhook tells. */
export type WebhookEvent = Told &
  (
    | { readonly kind: 'order'; readonly order: string; readonly state: OrderState }
    | { readonly kind: 'refill'; readonly refill: string; readonly order: string | null; readonly state: RefillState }
    | { readonly kind: 'balance'; readonly balance: Amount; readonly below: Amount | null; readonly currency: string }
    | {
        readonly kind: 'deposit'
        /** The payment; null: staff booked it by hand. */
        readonly deposit: string | null
        readonly reference: string | null
        /** Without the bonus: what arrived, was taken back, or was asked for. */
        readonly amount: Amount
        readonly bonus: Amount | null
        readonly currency: string
        /** The number of the receipt or credit note, like 2026-17. */
        readonly document: string | null
      }
    | {
        readonly kind: 'ticket'
        readonly ticket: string
        readonly by: 'customer' | 'staff'
        /** What was written; null: nothing was. `tickets.read` reads it. */
        readonly message: string | null
        /** Of `ticket.merged`: the ticket that goes on with it. */
        readonly into: string | null
      }
    | { readonly kind: 'other'; readonly data: Json }
  )

/** The message is not what it should be: answer it with 400 and do nothing. */
export class WebhookFault extends Error {
  override readonly name = 'WebhookFault'
}

type Headers = { get(name: string): string | null } | Readonly<Record<string, string | readonly string[] | undefined>>

export interface WebhookMessage {
  /** `whsec_…`; during a change of secrets, both. */
  readonly secret: string | readonly string[]
  readonly headers: Headers
  /** The body as it came: JSON that was read and written again has another signature. */
  readonly body: string | Uint8Array
  /** How old, or early, a message may be. 300 seconds unless told. */
  readonly toleranceSeconds?: number
  readonly now?: Date
}

/** Checks the signature of a message (Standard Webhooks) and reads it. Throws WebhookFault. */
export async function readWebhook(message: WebhookMessage): Promise<WebhookEvent> {
  const { secret, headers, body, toleranceSeconds = 300, now = new Date() } = message
  const [id, at, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => headerOf(headers, name))
  if (!id || !at || !signatures) throw new WebhookFault('The message is not signed')
  const age = Math.abs(now.getTime() / 1000 - Number(at))
  if (!(age <= toleranceSeconds)) throw new WebhookFault('The message is too old, or this clock is wrong')
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body)
  const signed = new TextEncoder().encode(`${id}.${at}.${text}`)
  const given = signatures.split(' ').flatMap((each) => (each.startsWith('v1,') ? (bytesOf(each.slice(3)) ?? []) : []))
  for (const one of [secret].flat()) {
    const key = await crypto.subtle.importKey(
      'raw',
      bytesOf(one.replace(/^whsec_/, '')) ?? new Uint8Array(1),
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['verify'],
    )
    for (const each of given) if (await crypto.subtle.verify('HMAC', key, each, signed)) return eventOf(id, text)
  }
  throw new WebhookFault('The signature is not that of this secret')
}

function headerOf(headers: Headers, name: string): string | null {
  if (typeof headers.get === 'function') return headers.get(name)
  const entry = Object.entries(headers).find(([key]) => key.toLowerCase() === name)
  return entry === undefined ? null : (([entry[1]].flat()[0] as string | undefined) ?? null)
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(base64), (character) => character.codePointAt(0)!)
  } catch {
    return null
  }
}

function eventOf(id: string, text: string): WebhookEvent {
  const value = readJson(text)
  const data = member(value, 'data')
  if (value === undefined || data === undefined) throw new WebhookFault('The message has no data')
  const type = readText(member(value, 'type'))
  const told = { id, type, timestamp: readText(member(value, 'timestamp')) }
  const [order, refill, balance] = [readId(member(data, 'order')), readId(member(data, 'refill')), readAmount(member(data, 'balance'))]
  if (type.startsWith('order.') && order !== null) return { ...told, kind: 'order', order, state: orderState(data) }
  if (type.startsWith('refill.') && refill !== null)
    return { ...told, kind: 'refill', refill, order, state: refillState(readText(member(data, 'status'))) }
  if (type === 'balance.low' && balance !== null) {
    return { ...told, kind: 'balance', balance, below: readAmount(member(data, 'below')), currency: readText(member(data, 'currency')) }
  }
  const amount = readAmount(member(data, 'amount'))
  if (type.startsWith('deposit.') && amount !== null) return { ...told, kind: 'deposit', amount, ...depositOf(data) }
  const ticket = readId(member(data, 'ticket'))
  if (type.startsWith('ticket.') && ticket !== null) {
    const by = readText(member(data, 'by')) === 'staff' ? 'staff' : 'customer'
    return { ...told, kind: 'ticket', ticket, by, message: readId(member(data, 'message')), into: readId(member(data, 'into')) }
  }
  return { ...told, kind: 'other', data }
}

function depositOf(data: Json) {
  const textOf = (name: string) => readText(member(data, name)) || null
  return {
    deposit: readId(member(data, 'deposit')),
    reference: textOf('reference'),
    bonus: readAmount(member(data, 'bonus')),
    currency: readText(member(data, 'currency')),
    document: textOf('document'),
  }
}
