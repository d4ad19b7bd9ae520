import { randomInt } from 'node:crypto'
import type { z } from 'zod'
import { type Amount, formatAmount, placesOf } from '../../server/payments/amounts.ts'
import type { Ask, Call, Gateway, Heard, OpenGateway, Standing, Started } from '../../server/payments/gateway.ts'
import { isSealed } from '../../server/payments/sealed-field.ts'
import { openOutgoing, type Outcome, type Outgoing } from '../../server/outgoing/fetch.ts'
import type { GatewayCase, GatewayFake } from './gateway-case.ts'
import { askFor, callOf } from './opened.ts'

/** A gateway that is open against its fake. */
export interface GatewayWorld {
  readonly fake: GatewayFake
  readonly gateway: OpenGateway
  /** With other settings, another way out or another clock. */
  readonly reopened: (options: { readonly settings?: unknown; readonly outgoing?: Outgoing; readonly now?: () => Date }) => OpenGateway
  readonly outgoing: Outgoing
  close(): Promise<void>
}

export async function openWorld(gatewayCase: GatewayCase): Promise<GatewayWorld> {
  const fake = await gatewayCase.openFake()
  const outgoing = openOutgoing({ allowPrivate: true, timeLimitMs: 5000 })
  const world: Omit<GatewayWorld, 'gateway'> = {
    fake,
    outgoing,
    reopened: ({ settings = fake.settings, outgoing: other = outgoing, now = () => new Date() }) =>
      gatewayCase.gateway.open(gatewayCase.gateway.settings.parse(settings), { outgoing: other, now }),
    async close() {
      await outgoing.close()
      await fake.close()
    },
  }
  return { ...world, gateway: world.reopened({}) }
}

const LETTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
const ODD_AMOUNTS: Readonly<Record<string, string>> = { HUF: '5000', TWD: '5000' }

/** An ask with the usual digits of its currency: 103.10, 250000 (JPY), 0.01031 (BTC). */
export function newAsk(currency: string, more: Partial<Ask> = {}): Ask {
  const places = placesOf(currency)
  const text = ODD_AMOUNTS[currency] ?? (places === 0 ? '250000' : places > 3 ? '0.01031' : '103.10')
  const reference = Array.from({ length: 12 }, () => LETTERS[randomInt(LETTERS.length)]).join('')
  return askFor(text, currency, { reference, language: 'pt-BR', ...more })
}

export async function hear(gateway: OpenGateway, call: Call): Promise<Heard> {
  await gateway.prepare?.(call)
  return gateway.heard(call)
}

/** Whether the rail has payments of its own, which are made when we ask. The others only know what arrives. */
export function startsAtOtherSide(started: Started): boolean {
  return started.kind === 'redirect' || (started.kind === 'transfer' && started.theirId !== null)
}

/** The payer pays what was asked. */
export function payInFull(fake: GatewayFake, ask: Ask, started: Started, text: string): string {
  return startsAtOtherSide(started) ? fake.pay(ask.reference) : fake.pay(ask.reference, { amount: text, currency: ask.currency })
}

/** What is known of a payment: by a look, or where nobody can be asked, by all that was told. */
export async function standingOf(world: GatewayWorld, ask: Ask, started: Started): Promise<Standing> {
  const { gateway, fake } = world
  if (gateway.look) {
    const looked = await gateway.look({ theirId: theirIdOf(started), reference: ask.reference, wants: ask })
    if (looked.kind !== 'standing') throw new Error(`look: ${JSON.stringify(looked)}`)
    return looked.standing
  }
  const heard = await Promise.all(fake.hooks(ask.reference).map((hook) => hear(gateway, callOf(hook))))
  const told = heard.flatMap((each) => (each.kind === 'heard' && each.told ? [each.told] : []))
  const byId = <Item extends { readonly id: string }>(items: readonly Item[]) => [...new Map(items.map((item) => [item.id, item])).values()]
  return {
    theirId: null,
    reference: told.at(-1)?.reference ?? null,
    state: told.at(-1)?.state ?? 'open',
    receipts: byId(told.flatMap(({ receipts }) => receipts)),
    reversals: byId(told.flatMap(({ reversals }) => reversals)),
    words: '',
  }
}

export function theirIdOf(started: Started): string | null {
  return started.kind === 'redirect' || started.kind === 'transfer' ? started.theirId : null
}

/** The names of the sealed fields of a gateway's form. */
export function sealedFieldsOf({ settings }: Gateway): string[] {
  return Object.entries(settings.shape).flatMap(([name, schema]) => (isSealed(schema as z.ZodType) ? [name] : []))
}

/** The values that must never be seen in words. */
export function secretsOf(gateway: Gateway, settings: unknown): string[] {
  return sealedFieldsOf(gateway).flatMap((name) => {
    const value = (settings as Record<string, unknown>)[name]
    return typeof value === 'string' && value !== '' ? value.split(/\s+/) : []
  })
}

/** A way out that answers every call so. */
export function answering(outcome: Outcome): Outgoing {
  return { call: async () => outcome, post: async () => outcome, check: async () => null, close: async () => {} }
}

/** A way out that makes its calls, and loses the answer of the nth. */
export function losing(outgoing: Outgoing, nth: number): Outgoing {
  const state = { count: 0 }
  const lost = (outcome: Outcome): Outcome => {
    state.count += 1
    return state.count === nth ? { kind: 'unknown', reason: 'broken', words: 'The connection broke before it answered' } : outcome
  }
  return {
    ...outgoing,
    call: async (...args) => lost(await outgoing.call(...args)),
    post: async (...args) => lost(await outgoing.post(...args)),
  }
}

export function answered(status: number, text: string): Outcome {
  return { kind: 'answered', status, text, contentType: 'application/json', retryAfter: '' }
}

/** `103.10 USD`, with the usual digits of the currency. */
export function textOf({ amount, currency }: Amount): string {
  return `${formatAmount(amount, currency)} ${currency}`
}
