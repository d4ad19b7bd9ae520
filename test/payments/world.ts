import { onTestFinished } from 'vitest'
import type { z } from 'zod'
import { openPayments, type OpenPayments } from '../../server/payments/open.ts'
import { makeHookToken, partSettings } from '../../server/payments/methods.ts'
import type { PaymentRow } from '../../server/payments/payments.ts'
import { type Beginning, startPayment } from '../../server/payments/start.ts'
import { parseUnits } from '../../server/ledger/money.ts'
import { openSecret } from '../../server/secret.ts'
import { openSettings } from '../../server/settings/settings.ts'
import { type Docket, openDocket, testConfig } from '../support/docket.ts'
import type { GatewayCase, GatewayFake, HookCall, PayOptions } from './gateway-case.ts'

export const SECRET = 'the secret of this test, long enough'

/** A whole server whose sealed settings the test can write. */
export function openPaymentDocket(settings: Record<string, string> = {}): Docket {
  return openDocket({ DOCKET_SECRET: SECRET, ...settings })
}

/** What payments work with on the machine of the test: the same as a second node has. Closed when the test has finished. */
export async function paymentsOf(docket: Docket): Promise<OpenPayments> {
  const payments = await openPaymentsOf(docket)
  onTestFinished(() => payments.close())
  return payments
}

/** The same for a whole file, which closes it. */
export async function openPaymentsOf(docket: Docket): Promise<OpenPayments> {
  const config = testConfig(docket.databaseUrl, { DOCKET_SECRET: SECRET })
  return openPayments({
    db: docket.db,
    now: docket.clock.now,
    secret: await openSecret(config),
    siteUrl: () => docket.node.url!,
    settings: openSettings(config).current,
  })
}

export interface OfferedMethod {
  readonly id: number
  readonly token: string
}

export interface MethodTerms {
  readonly currency?: string
  readonly feeBasisPoints?: number
  readonly bonuses?: readonly { currency: string; from: string; basis_points: number }[]
}

/** Switches a way to pay on, with these settings. */
export async function offer<Settings extends z.ZodObject>(
  docket: Docket,
  { gateway }: GatewayCase<Settings>,
  settings: z.input<Settings>,
  { currency, feeBasisPoints = 0, bonuses = [] }: MethodTerms = {},
): Promise<OfferedMethod> {
  const secret = await openSecret(testConfig(docket.databaseUrl, { DOCKET_SECRET: SECRET }))
  const parts = partSettings(gateway, settings)
  const token = makeHookToken()
  const { rows } = await docket.db.query<{ id: number }>(
    `insert into payment_methods (gateway, name, is_on, settings, sealed_secrets, hook_token, currency, fee_basis_points, bonuses, private_network)
     values ($1, $1 || ' ' || $5, true, $2, $3, $5, $4, $6, $7, true) returning id`,
    [
      gateway.name,
      JSON.stringify(parts.open),
      secret.seal(JSON.stringify(parts.secrets)),
      currency ?? null,
      token,
      feeBasisPoints,
      JSON.stringify(bonuses),
    ],
  )
  return { id: rows[0]!.id, token }
}

/** A customer of this currency begins a payment. */
export async function beginPayment(
  docket: Docket,
  payments: OpenPayments,
  method: OfferedMethod,
  amount: string,
  wanted: Partial<Beginning> = {},
): Promise<PaymentRow> {
  const account = wanted.account ?? { id: (await docket.account({ balance: '0' })).account, currency: 'USD', email: 'ada@example.com' }
  return startPayment(payments, {
    methodId: method.id,
    amount: parseUnits(amount),
    coupon: null,
    startKey: `form ${Math.random()}`,
    by: 'customer',
    language: 'en',
    about: 'Balance',
    ...wanted,
    account,
  })
}

/** Pays exactly what was asked: rails that start nothing at the other side do not know it. */
export function asAsked({ asked, currency }: PaymentRow): PayOptions {
  return { amount: asked, currency }
}

/** Sends a call to our hook path, as the gateway does; answers the status. */
export async function sendHook(docket: Docket, method: OfferedMethod, call: HookCall): Promise<number> {
  const response = await fetch(`${docket.node.url}/hooks/payments/${method.token}${call.query}`, {
    method: call.method,
    headers: call.headers,
    ...(call.method === 'POST' ? { body: call.body } : {}),
  })
  await response.arrayBuffer()
  return response.status
}

export async function sendHooks(docket: Docket, method: OfferedMethod, fake: GatewayFake, reference: string): Promise<void> {
  for (const call of fake.hooks(reference, { at: docket.clock.now() })) await sendHook(docket, method, call)
}

export interface BookNow {
  readonly paid_in: bigint
  readonly wallet: bigint
  readonly given: bigint
  readonly owed: bigint
}

export async function bookNow(docket: Docket, bookId: number): Promise<BookNow> {
  return (await docket.db.query<BookNow>('select paid_in, wallet, given, owed from books where id = $1', [bookId])).rows[0]!
}

/** The deposits of a book, as the ledger has them. */
export async function depositsOf(docket: Docket, bookId: number): Promise<bigint[]> {
  const { rows } = await docket.db.query<{ amount: bigint }>(
    `select amount from transfers where book_id = $1 and cause = 'deposit' order by line`,
    [bookId],
  )
  return rows.map(({ amount }) => amount)
}
