import type Stripe from 'stripe'
import { REFERENCE } from './stripe-hook.ts'
import { intentOf, type SeenAtStripe } from './stripe-standing.ts'

const WITH_CHARGE = 'latest_charge.balance_transaction'

/** Where only a reference or a payment intent is known, the session is found by it. A charge of a kept card has none. Stripe's search is some seconds behind. */
export async function foundAt(
  api: Stripe,
  theirId: string | null,
  reference: string | null,
): Promise<Pick<SeenAtStripe, 'session' | 'intent'>> {
  const intentId = theirId?.startsWith('cs_') ? undefined : (theirId ?? (await intentIdOf(api, reference ?? '')))
  const id = intentId === undefined ? theirId : (await api.checkout.sessions.list({ payment_intent: intentId, limit: 1 })).data[0]?.id
  if (id?.startsWith('cs_')) {
    const session = await api.checkout.sessions.retrieve(id, { expand: [`payment_intent.${WITH_CHARGE}`] })
    if (session.object !== 'checkout.session') throw new TypeError('not a session')
    return { session, intent: intentOf(session) }
  }
  if (!intentId?.startsWith('pi_')) return { session: undefined, intent: undefined }
  const intent = await api.paymentIntents.retrieve(intentId, { expand: [WITH_CHARGE] })
  if (intent.object !== 'payment_intent') throw new TypeError('not a payment intent')
  return { session: undefined, intent }
}

async function intentIdOf(api: Stripe, reference: string): Promise<string | undefined> {
  if (!/^\w{1,100}$/.test(reference)) return undefined
  const { data } = await api.paymentIntents.search({ query: `metadata['${REFERENCE}']:'${reference}'`, limit: 1 })
  return data[0]?.id
}

/** All of a list that has at most a hundred: one charge has neither more refunds nor more disputes. */
export async function listed<Item>(list: Promise<{ readonly data: readonly Item[] }>): Promise<readonly Item[]> {
  const { data } = await list
  if (!Array.isArray(data)) throw new TypeError('not a list')
  return data as readonly Item[]
}
