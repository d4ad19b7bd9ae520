import type { Queryable } from '../db/pool.ts'
import { isRefusal, type Refusal } from '../refusal.ts'
import { takesCurrency } from './gateways.ts'
import { type MethodRow, readMethods } from './methods.ts'
import type { PaymentContext } from './payments.ts'
import { type Terms, termsOf, type Wanted } from './start.ts'

/** A way to pay, and what it would cost and bring; or why this sum cannot be paid so. */
export type Offer =
  | { readonly method: MethodRow; readonly terms: Terms }
  | { readonly method: MethodRow; readonly terms: null; readonly refusal: Refusal }

/** The ways to pay that this account may choose between, in the operator's order. */
export async function listOffered(db: Queryable, currency: string): Promise<MethodRow[]> {
  const methods = await readMethods(db)
  return methods.filter((method) => method.isOn && takesCurrency(method.gateway, method.currency ?? currency))
}

/** What a sum costs and brings by each of these ways. A coupon that cannot be used is a Refusal of the whole. */
export async function offersOf(context: PaymentContext, methods: readonly MethodRow[], wanted: Omit<Wanted, 'methodId'>): Promise<Offer[]> {
  const offers: Offer[] = []
  for (const method of methods) offers.push(await offerOf(context, method, wanted))
  return offers
}

async function offerOf(context: PaymentContext, method: MethodRow, wanted: Omit<Wanted, 'methodId'>): Promise<Offer> {
  try {
    return { method, terms: await termsOf(context, { ...wanted, methodId: method.id }) }
  } catch (error) {
    if (!isRefusal(error) || isRefusal(error, 'coupon_not_valid')) throw error
    return { method, terms: null, refusal: error }
  }
}
