import { onTestFinished } from 'vitest'
import type { z } from 'zod'
import { openOutgoing } from '../../server/outgoing/fetch.ts'
import { readAmount } from '../../server/payments/amounts.ts'
import type { Ask, Call, Gateway, OpenGateway } from '../../server/payments/gateway.ts'
import type { GatewayCase, GatewayFake, HookCall } from './gateway-case.ts'

/** A gateway with settings in use; its clock is the machine's unless the test has another one. */
export function openWith<Settings extends z.ZodObject>(
  gateway: Gateway<Settings>,
  settings: z.input<Settings>,
  now = () => new Date(),
): OpenGateway {
  const outgoing = openOutgoing({ allowPrivate: true, timeLimitMs: 5000 })
  onTestFinished(() => outgoing.close())
  return gateway.open(gateway.settings.parse(settings), { outgoing, now })
}

/** The gateway of a case beside its fake, for one test. */
export async function openCase<Settings extends z.ZodObject>(
  played: GatewayCase<Settings>,
  now?: () => Date,
): Promise<{ readonly fake: GatewayFake<Settings>; readonly open: OpenGateway }> {
  const fake = await played.openFake()
  onTestFinished(() => fake.close())
  return { fake, open: openWith(played.gateway, fake.settings, now) }
}

/** What a customer asks for; the reference has the letters of real ones. */
export function askFor(amount: string, currency: string, changes: Partial<Ask> = {}): Ask {
  const reference = changes.reference ?? 'K7MP3XQ9RT4W'
  return {
    amount: readAmount(amount)!,
    currency,
    reference,
    key: `payment-${reference}`,
    email: 'ada@example.com',
    language: 'en',
    about: 'Balance of account 12',
    returnUrl: 'https://panel.example/funds/return',
    hookUrl: 'https://panel.example/hooks/payments/token',
    until: new Date(Date.now() + 60 * 60 * 1000),
    ...changes,
  }
}

/** A call of the other side as our hook path would hand it over. */
export function callOf({ method, query, headers, body }: HookCall): Call {
  const inLowerCase = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  return { method, query: new URLSearchParams(query), headers: inLowerCase, body: Buffer.from(body, 'utf8'), address: '203.0.113.7' }
}
