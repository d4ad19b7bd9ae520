import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Caller } from '../customers/callers.ts'
import { checkRights } from '../customers/key-rights.ts'
import { notKnownWhetherDone } from '../deadline.ts'
import type { UncheckedParameters } from '../ordering/call.ts'
import { isAnswer, isRefusal, type RefusalCode } from '../refusal.ts'
import { parametersOf } from './body.ts'
import { type ApiDependencies, callerOf, limitRates, note } from './dependencies.ts'
import { bearerKey } from './events.ts'
import { sendJson, sendRefusal } from './send.ts'

/** The addresses under which all of the API is found, for paths below them. */
export const API_ADDRESSES = ['/api/v2', '/api2/v2']

/** A call of a way that stands beside v2. */
export interface BesideCall {
  readonly api: ApiDependencies
  readonly caller: Caller
  readonly request: FastifyRequest
  /** Of a POST; a GET has none but those of its address. */
  readonly parameters: UncheckedParameters
}

/** A way with an address of its own, because its action is no part of v2. */
export interface Beside {
  /** The name of its right among the scopes, and in the metrics. */
  readonly action: string
  readonly handle: (call: BesideCall) => Promise<object>
  /** The HTTP statuses of its refusals, where they are not 400. */
  readonly statuses: Readonly<Partial<Record<RefusalCode, number>>>
}

/** The statuses of refusals that any way may answer. */
const USUAL: Beside['statuses'] = { invalid_key: 401, action_not_allowed: 403, address_not_allowed: 403, key_expired: 403 }

/** Answers a call: its key in a header, its refusals with the HTTP status that fits. */
export async function answerBeside(
  request: FastifyRequest,
  reply: FastifyReply,
  api: ApiDependencies,
  { action, handle, statuses }: Beside,
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
    await api.context.checkKey(caller)
    const answer = await handle({ api, caller, request, parameters })
    if (api.context.confirming.isAsked()) await confirmed(api, isPost, started)
    return sendJson(reply, JSON.stringify(answer))
  } catch (error) {
    outcome = isRefusal(error) ? error.code : 'fault'
    if (!isAnswer(error)) throw error
    if (error.code === 'payment_gateway_away') void reply.header('retry-after', 5)
    return sendRefusal(reply, error, statuses[error.code] ?? USUAL[error.code] ?? 400)
  } finally {
    note(api, caller, action, outcome, started)
  }
}

/** Nothing is told that another server may not have after a fail-over. */
async function confirmed({ context }: ApiDependencies, isPost: boolean, since: number): Promise<void> {
  try {
    await context.confirming.confirmed(since)
  } catch (error) {
    throw isPost ? notKnownWhetherDone() : error
  }
}

function keyInBody({ body }: FastifyRequest): string | undefined {
  return (body as UncheckedParameters | null | undefined)?.['key']
}
