import type Stripe from 'stripe'
import { z } from 'zod'
import { type Amount, formatAmount, isSameAmount } from '../amounts.ts'
import { type Ask, type GatewayContext, type GivenBack, gateway, type Hint, type Looked, type OpenGateway } from '../gateway.ts'
import type { Charged, ReportedReceipt, Started, Tested } from '../gateway.ts'
import { sealed } from '../sealed-field.ts'
import { fromStripe, toStripe } from './stripe-amounts.ts'
import { failureOf, openStripe } from './stripe-client.ts'
import { heardFromStripe, REFERENCE, REFUND_KEY } from './stripe-hook.ts'
import { foundAt, listed } from './stripe-find.ts'
import { chargeOfSaved, sessionOf } from './stripe-session.ts'
import { chargeOf, dateOf, feeOf, standingOf } from './stripe-standing.ts'

const settings = z.object({
  secretKey: sealed(
    z
      .string()
      .trim()
      .regex(/^(sk|rk)_(live|test)_\w{8,250}$/),
  ),
  webhookSecret: sealed(
    z
      .string()
      .trim()
      .regex(/^whsec_\S{8,250}$/),
  ),
  /** Another address of the API, for a proxy of the operator's. */
  address: z.url({ protocol: /^https?$/ }).default('https://api.stripe.com'),
})

export const stripe = gateway({
  name: 'stripe',
  title: 'Stripe Checkout',
  settings,
  currencies: 'any',
  collects: 'exactly',
  // Stripe keeps a session open for 30 minutes at least and a day at most.
  openMinutes: 60,
  open: (values, context) => new OpenStripe(values, context),
})

class OpenStripe implements OpenGateway {
  readonly hookAnswer = null
  readonly #settings: z.output<typeof settings>
  readonly #context: GatewayContext
  #opened: Promise<Stripe> | undefined

  constructor(values: z.output<typeof settings>, context: GatewayContext) {
    this.#settings = values
    this.#context = context
  }

  heard(call: Parameters<OpenGateway['heard']>[0]) {
    return heardFromStripe(call, this.#settings.webhookSecret, this.#context.now())
  }

  test(): Promise<Tested> {
    return this.#asking<Tested>(
      async (api) => {
        const { data } = await api.checkout.sessions.list({ limit: 1 })
        if (!Array.isArray(data)) throw new TypeError('not a list')
        const mode = this.#settings.secretKey.includes('_test_') ? 'in test mode: no real money moves' : 'for real payments'
        return { ok: true, words: `Stripe takes the key (${mode})` }
      },
      ({ kind, words }) => ({ ok: false, words: kind === 'no' ? `Stripe refuses the key: ${words}` : words }),
    )
  }

  async start(ask: Ask): Promise<Started> {
    const units = toStripe(ask)
    if (units === undefined)
      return { kind: 'refused', words: `Stripe cannot ask for ${formatAmount(ask.amount, ask.currency)} ${ask.currency}` }
    return this.#asking<Started>(
      async (api) => {
        const { id, url } = await api.checkout.sessions.create(sessionOf(ask, units), { idempotencyKey: ask.key })
        if (typeof id !== 'string' || typeof url !== 'string') throw new TypeError('not a session')
        return { kind: 'redirect', theirId: id, url }
      },
      ({ kind, words }) => ({ kind: kind === 'no' ? 'refused' : 'unknown', words }),
    )
  }

  async chargeSaved(ask: Ask, savedCardId: string): Promise<Charged> {
    const units = toStripe(ask)
    const params = units === undefined ? undefined : chargeOfSaved(ask, units, savedCardId)
    if (params === undefined) return { kind: 'refused', words: 'Stripe cannot charge this card with this amount' }
    return this.#asking<Charged>(
      async (api) => {
        const { id, object } = await api.paymentIntents.create(params, { idempotencyKey: ask.key })
        if (object !== 'payment_intent' || typeof id !== 'string') throw new TypeError('not a payment intent')
        return { kind: 'begun', theirId: id }
      },
      ({ kind, words }) => ({ kind: kind === 'no' ? 'refused' : 'unknown', words }),
    )
  }

  look({ theirId, reference }: Hint): Promise<Looked> {
    return this.#asking<Looked>(
      async (api) => {
        const { session, intent } = await foundAt(api, theirId, reference)
        if (!session && !intent) return { kind: 'none' }
        const charge = chargeOf(intent)
        const refunds = charge ? await listed(api.refunds.list({ charge: charge.id, limit: 100 })) : []
        const disputes = charge?.disputed ? await listed(api.disputes.list({ charge: charge.id, limit: 100 })) : []
        return { kind: 'standing', standing: standingOf({ session, intent, refunds, disputes }) }
      },
      ({ code, words }) => (code === 'resource_missing' ? { kind: 'none' } : { kind: 'unknown', words }),
    )
  }

  giveBack(receipt: { readonly id: string } & Amount, key: string): Promise<GivenBack> {
    return this.#asking<GivenBack>(
      async (api) => {
        // Stripe forgets idempotency keys after a day (docs.stripe.com/api/idempotent_requests); the refund itself remembers ours.
        const made = (await listed(api.refunds.list({ charge: receipt.id, limit: 100 }))).find(
          ({ metadata }) => metadata?.[REFUND_KEY] === key,
        )
        if (made) return givenBack(made, receipt)
        const amount = toStripe(receipt)
        if (amount === undefined) return { kind: 'refused', words: 'Stripe cannot give back this amount' }
        const metadata = { [REFUND_KEY]: key }
        return givenBack(await api.refunds.create({ charge: receipt.id, amount, metadata }, { idempotencyKey: key }), receipt)
      },
      ({ kind, words }) => ({ kind: kind === 'no' ? 'refused' : 'unknown', words }),
    )
  }

  reported(day: { readonly from: Date; readonly until: Date }): Promise<readonly ReportedReceipt[] | null> {
    const created = { gte: Math.ceil(day.from.getTime() / 1000), lt: Math.ceil(day.until.getTime() / 1000) }
    return this.#asking<readonly ReportedReceipt[] | null>(
      async (api) => {
        const found: ReportedReceipt[] = []
        for await (const line of api.balanceTransactions.list({ created, limit: 100, expand: ['data.source'] }))
          found.push(...reportedOf(line))
        return found
      },
      () => null,
    )
  }

  /** Asks by the SDK. It throws for everything that is not success, and reading an answer of another shape throws too. */
  async #asking<Answer>(ask: (api: Stripe) => Promise<Answer>, failed: (failure: ReturnType<typeof failureOf>) => Answer): Promise<Answer> {
    const { secretKey, address } = this.#settings
    try {
      this.#opened ??= openStripe(secretKey, address, this.#context.outgoing)
      return await ask(await this.#opened)
    } catch (error) {
      return failed(failureOf(error, secretKey))
    }
  }
}

function givenBack(refund: Stripe.Refund, wanted: Amount): GivenBack {
  const given = fromStripe(refund.amount, refund.currency)
  if (!given) throw new TypeError('not a refund')
  if (!isSameAmount(given, wanted)) return { kind: 'refused', words: 'The same key has given back another amount' }
  if (refund.status === 'failed' || refund.status === 'canceled')
    return { kind: 'refused', words: `The refund ${refund.id} ${refund.status}` }
  return refund.status === 'succeeded' ? { kind: 'given back', reversalId: refund.id } : { kind: 'under way', reversalId: refund.id }
}

/** Charges alone: refunds, disputes, fees and payouts have lines of their own. */
function reportedOf(line: Stripe.BalanceTransaction): ReportedReceipt[] {
  const charge = line.source
  if (typeof charge !== 'object' || charge?.object !== 'charge') return []
  const paid = fromStripe(charge.amount_captured, charge.currency)
  if (!paid) return []
  const fee = feeOf({ ...charge, balance_transaction: line })
  return [{ id: charge.id, ...paid, at: dateOf(line.created), fee, reference: charge.metadata[REFERENCE] ?? null }]
}
