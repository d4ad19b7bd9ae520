import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { DEPOSITS } from '../../contract/deposits.ts'
import { STARTS_DEPOSITS } from '../../contract/scopes.ts'
import { findAccount } from '../customers/accounts.ts'
import type { Caller } from '../customers/callers.ts'
import { checkRights } from '../customers/key-rights.ts'
import { parseUnits, type Units } from '../ledger/money.ts'
import { listOffered } from '../payments/offers.ts'
import { findOwnPayment, listOwnPayments } from '../payments/payments.ts'
import { startPayment } from '../payments/start.ts'
import { isAnswer, isRefusal, type RefusalCode, refuse } from '../refusal.ts'
import { parametersOf } from './body.ts'
import { type ApiDependencies, callerOf, limitRates, note } from './dependencies.ts'
import { depositOf, methodOf } from './deposit-answer.ts'
import { bearerKey } from './events.ts'
import { sendJson, sendRefusal } from './send.ts'
import type { UncheckedParameters } from '../ordering/call.ts'

/** Below the API's address, and at the top for whoever reads "POST /deposits" so. */
const PATHS = ['/api/v2', '/api2/v2', ''].map((api) => api + DEPOSITS)

/** Deposits by API: a way of its own, because `action=deposit` is no part of v2. Refusals have the HTTP status that fits. */
export function routeDeposits(app: FastifyInstance, dependencies: () => ApiDependencies) {
  const noHead = { exposeHeadRoute: false }
  for (const url of PATHS) {
    app.post(url, (request, reply) => answer(request, reply, dependencies(), STARTS_DEPOSITS, begin))
    app.get(url, noHead, (request, reply) => answer(request, reply, dependencies(), 'deposit_status', list))
    app.get(`${url}/:id`, noHead, (request, reply) => answer(request, reply, dependencies(), 'deposit_status', show))
  }
}

interface DepositCall {
  readonly api: ApiDependencies
  readonly caller: Caller
  readonly request: FastifyRequest
  readonly parameters: UncheckedParameters
}

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  api: ApiDependencies,
  action: string,
  handle: (call: DepositCall) => Promise<object>,
): Promise<FastifyReply> {
  const started = performance.now()
  let outcome = 'ok'
  let caller: Caller | undefined
  try {
    const isPost = request.method === 'POST'
    const parameters = isPost ? parametersOf(request) : {}
    // A key in an address is logged by every proxy on the way.
    caller = await callerOf(bearerKey(request) ?? (isPost ? keyInBody(request) : undefined), request.ip, api)
    await limitRates(caller, request.ip, api)
    if (caller.rights) checkRights(caller.rights, action, request.ip, api.context.now())
    if (action === STARTS_DEPOSITS && !caller.rights?.actions?.has(action)) throw refuse('action_not_allowed')
    await api.context.checkKey(caller)
    return sendJson(reply, JSON.stringify(await handle({ api, caller, request, parameters })))
  } catch (error) {
    outcome = isRefusal(error) ? error.code : 'fault'
    if (!isAnswer(error)) throw error
    if (error.code === 'payment_gateway_away') void reply.header('retry-after', 5)
    return sendRefusal(reply, error, STATUS[error.code] ?? 400)
  } finally {
    note(api, caller, action, outcome, started)
  }
}

const STATUS: Readonly<Partial<Record<RefusalCode, number>>> = {
  invalid_key: 401,
  action_not_allowed: 403,
  address_not_allowed: 403,
  key_expired: 403,
  deposit_of_test_key: 403,
  unknown_deposit: 404,
  payment_key_used: 409,
  too_many_open_payments: 429,
  payment_gateway_away: 503,
}

function keyInBody({ body }: FastifyRequest): string | undefined {
  return (body as UncheckedParameters | null | undefined)?.['key']
}

/** Starts a deposit. The same idempotency key of the same API key answers the same deposit, also after a lost answer. */
async function begin({ api, caller, parameters }: DepositCall): Promise<object> {
  const { payments } = api
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
async function list({ api: { payments }, caller }: DepositCall): Promise<object> {
  if (caller.test) return { methods: [], deposits: [] }
  const methods = await listOffered(payments.db, caller.currency)
  const newest = await listOwnPayments(payments.db, caller.accountId, null, DEPOSITS_PER_CALL)
  return {
    methods: methods.map((method) => methodOf(method, caller.currency)),
    deposits: await Promise.all(newest.map((payment) => depositOf(payments, payment))),
  }
}

async function show({ api: { payments }, caller, request }: DepositCall): Promise<object> {
  const { id } = request.params as { id: string }
  const known = /^[1-9]\d{0,17}$/.test(id) && !caller.test
  const payment = known ? await findOwnPayment(payments.db, caller.accountId, BigInt(id)) : undefined
  if (!payment) throw refuse('unknown_deposit')
  return depositOf(payments, payment)
}
