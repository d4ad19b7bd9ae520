import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { DEPOSITS } from '../../contract/deposits.ts'
import { STARTS_DEPOSITS } from '../../contract/scopes.ts'
import { findAccount } from '../customers/accounts.ts'
import type { Caller } from '../customers/callers.ts'
import { parseUnits, type Units } from '../ledger/money.ts'
import { listOffered } from '../payments/offers.ts'
import { findOwnPayment, listOwnPayments } from '../payments/payments.ts'
import { startPayment } from '../payments/start.ts'
import { refuse } from '../refusal.ts'
import { answerBeside, API_ADDRESSES, type Beside, type BesideCall } from './beside.ts'
import type { ApiDependencies } from './dependencies.ts'
import { depositOf, methodOf } from './deposit-answer.ts'
import type { UncheckedParameters } from '../ordering/call.ts'

/** Below the API's address, and at the top for whoever reads "POST /deposits" so. */
const PATHS = [...API_ADDRESSES, ''].map((api) => api + DEPOSITS)

const STATUSES: Beside['statuses'] = {
  deposit_of_test_key: 403,
  unknown_deposit: 404,
  payment_key_used: 409,
  too_many_open_payments: 429,
  payment_gateway_away: 503,
}

/** Deposits by API: a way of its own, because `action=deposit` is no part of v2. Refusals have the HTTP status that fits. */
export function routeDeposits(app: FastifyInstance, dependencies: () => ApiDependencies) {
  const noHead = { exposeHeadRoute: false }
  const way = (action: string, handle: Beside['handle']) => (request: FastifyRequest, reply: FastifyReply) =>
    answerBeside(request, reply, dependencies(), { action, handle, statuses: STATUSES })
  for (const url of PATHS) {
    app.post(url, way(STARTS_DEPOSITS, begin))
    app.get(url, noHead, way('deposit_status', list))
    app.get(`${url}/:id`, noHead, way('deposit_status', show))
  }
}

/** Starts a deposit. The same idempotency key of the same API key answers the same deposit, also after a lost answer. */
async function begin({ api, caller, parameters }: BesideCall): Promise<object> {
  const { payments } = api
  if (!caller.rights?.actions?.has(STARTS_DEPOSITS)) throw refuse('action_not_allowed')
  if (caller.test) throw refuse('deposit_of_test_key')
  const key = parameters['idempotency_key'] ?? ''
  if (!/^[^\p{Cc}]{1,255}$/u.test(key)) throw refuse('deposit_needs_key')
  const { email } = await findAccount(payments.db, caller.accountId)
  const payment = await startPayment(payments, {
    account: { id: caller.accountId, currency: caller.currency, email },
    amount: amountIn(parameters),
    methodId: await methodIn(api, caller, parameters),
    coupon: couponIn(parameters),
    startKey: `key ${caller.keyId} ${key}`,
    by: `key ${caller.keyId}`,
    language: 'en',
    about: `Balance of account ${caller.accountId}`,
  })
  return depositOf(payments, payment)
}

function amountIn({ amount = '' }: UncheckedParameters): Units {
  try {
    const units = parseUnits(amount)
    if (units > 0n) return units
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
  throw refuse('deposit_needs_amount')
}

function couponIn({ coupon }: UncheckedParameters): string | null {
  if (coupon !== undefined && !/^[^\p{Cc}]{1,60}$/u.test(coupon)) throw refuse('coupon_not_valid')
  return coupon ?? null
}

/** The only way to pay need not be named. */
async function methodIn({ payments }: ApiDependencies, { currency }: Caller, { method = '' }: UncheckedParameters): Promise<number> {
  if (/^\d{1,9}$/.test(method)) return Number(method)
  const offered = await listOffered(payments.db, currency)
  if (offered.length === 0) throw refuse('payment_method_off')
  if (method === '' && offered.length === 1) return offered[0]!.id
  throw refuse('deposit_needs_method', offered.map(({ id, name }) => `${id} (${name})`).join(', '))
}

const DEPOSITS_PER_CALL = 50

/** The ways to pay, and the newest deposits. */
async function list({ api: { payments }, caller }: BesideCall): Promise<object> {
  if (caller.test) return { methods: [], deposits: [] }
  const methods = await listOffered(payments.db, caller.currency)
  const newest = await listOwnPayments(payments.db, caller.accountId, null, DEPOSITS_PER_CALL)
  return {
    methods: methods.map((method) => methodOf(method, caller.currency)),
    deposits: await Promise.all(newest.map((payment) => depositOf(payments, payment))),
  }
}

async function show({ api: { payments }, caller, request }: BesideCall): Promise<object> {
  const { id } = request.params as { id: string }
  const known = /^[1-9]\d{0,17}$/.test(id) && !caller.test
  const payment = known ? await findOwnPayment(payments.db, caller.accountId, BigInt(id)) : undefined
  if (!payment) throw refuse('unknown_deposit')
  return depositOf(payments, payment)
}
