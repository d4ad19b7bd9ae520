import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { encodingFor } from '../requests/accept-encoding.ts'
import { type Caller, invalidKey } from '../customers/callers.ts'
import { checkRights } from '../customers/key-rights.ts'
import { notKnownWhetherDone } from '../deadline.ts'
import { isAnswer, isRefusal, refuse } from '../refusal.ts'
import { add } from './add.ts'
import { balance } from './balance.ts'
import { parametersOf } from './body.ts'
import { cancel } from './cancel.ts'
import { changes } from './changes.ts'
import type { Call } from '../ordering/call.ts'
import { byNewestPrices } from '../ordering/by-newest-prices.ts'
import type { Handler } from './context.ts'
import { type ApiDependencies, callerOf, limitRates, limitsOf, note } from './dependencies.ts'
import { routeDeposits } from './deposits.ts'
import { bearerKey, lastEventId } from './events.ts'
import { ledger } from './ledger.ts'
import type { UncheckedParameters } from '../ordering/call.ts'
import { quote } from './quote.ts'
import { refillStatus } from './refill-status.ts'
import { refill } from './refill.ts'
import { sendAnswer, sendReady, sendRefusal } from './send.ts'
import { serviceChanges } from './service-changes.ts'
import type { ServiceList } from './services.ts'
import { status } from './status.ts'
import { routeTickets } from './tickets.ts'

/** `services` is answered from memory, as bytes; the other actions return JSON text. */
const handlers: Readonly<Record<string, Handler>> = Object.assign(Object.create(null) as Record<string, Handler>, {
  balance,
  add,
  quote,
  status,
  refill,
  refill_status: refillStatus,
  cancel,
  changes,
  service_changes: serviceChanges,
  ledger,
})

const PATHS = ['/api/v2', '/api/v2/', '/api2/v2', '/api2/v2/']
/** The name of a call in the log before its action is read. */
const CALL = 'a call of the API'
/** Actions that may have changed something before their answer is confirmed. */
const CHANGING = new Set(['cancel', 'refill'])
const STREAM_PATHS = ['/api/v2/events', '/api2/v2/events']

/** Reads the body, finds the caller, calls the action and answers. The dependencies exist once the node is ready. */
export function routeApi(app: FastifyInstance, dependencies: () => ApiDependencies) {
  for (const url of PATHS) {
    app.post(url, (request, reply) => answer(request, reply, dependencies()))
    app.get(url, (request, reply) => {
      const api = dependencies()
      if (!api.allowGet) throw refuse('get_is_off')
      return answer(request, reply, api)
    })
  }
  for (const url of STREAM_PATHS) {
    app.get(url, { exposeHeadRoute: false }, (request, reply) => openStream(request, reply, dependencies()))
  }
  routeDeposits(app, dependencies)
  routeTickets(app, dependencies)
}

/** The stream is new, so its refusals have an HTTP status that fits: no existing client reads it as v2. */
async function openStream(request: FastifyRequest, reply: FastifyReply, api: ApiDependencies) {
  const started = performance.now()
  let outcome = 'ok'
  let caller: Caller | undefined
  try {
    caller = await callerOf(bearerKey(request), request.ip, api)
    await limitRates(caller, request.ip, api)
    if (caller.rights) checkRights(caller.rights, 'events', request.ip, api.context.now())
    await api.streams.open(caller, lastEventId(request), reply)
    return reply
  } catch (error) {
    outcome = isRefusal(error) ? error.code : 'fault'
    if (!isAnswer(error)) throw error
    return sendRefusal(reply, error, error.code === 'invalid_key' ? 401 : 400)
  } finally {
    note(api, caller, 'events', outcome, started)
  }
}

function answer(request: FastifyRequest, reply: FastifyReply, api: ApiDependencies): FastifyReply | Promise<FastifyReply> {
  const started = performance.now()
  api.noteWork(CALL, started)
  const caller = answerAtOnce(request, reply, api)
  if (!caller) return answerInTime(request, reply, api, started)
  note(api, caller, 'services', 'ok', started)
  return reply
}

/** Answers `services` when nothing has to be waited for: it is the most frequent call, and most callers get the same bytes. Returns the caller,
 * or undefined when it did not answer. */
function answerAtOnce(request: FastifyRequest, reply: FastifyReply, api: ApiDependencies): Caller | undefined {
  const parameters = request.body as UncheckedParameters | null | undefined
  if (parameters?.['action'] !== 'services' || request.url.includes('?') || api.context.confirming.isAsked()) return undefined
  const caller = api.callers.remembered(parameters['key'] ?? '')
  if (!caller || caller.rights) return undefined
  const list = api.context.serviceLists.listFor(api.context.catalogue.current(), caller, parameters)
  const ready = isKnown(request, list) ? list.notModified : list.ready(encodingFor(request.headers['accept-encoding']))
  if (!ready || (api.limits && !api.limits.rates.useNow(limitsOf(caller, request.ip, api.limits)))) return undefined
  sendReady(request, reply, ready)
  return caller
}

async function answerInTime(request: FastifyRequest, reply: FastifyReply, api: ApiDependencies, started: number) {
  let action = 'none'
  let outcome = 'ok'
  let caller: Caller | undefined
  try {
    const parameters = parametersOf(request)
    const asked = parameters['action'] ?? ''
    caller = api.callers.remembered(parameters['key'] ?? '') ?? (await callerOf(parameters['key'], request.ip, api))
    const limited = limitRates(caller, request.ip, api)
    if (limited) await limited
    if (asked === 'services') {
      action = asked
      if (caller.rights) checkRights(caller.rights, asked, request.ip, api.context.now())
      const catalogue = api.isListening() ? api.context.catalogue.current() : await api.context.catalogue.newest()
      const list = api.context.serviceLists.listFor(catalogue, caller, parameters)
      const ready = isKnown(request, list) ? list.notModified : await list.make(encodingFor(request.headers['accept-encoding']))
      if (api.context.confirming.isAsked()) await api.context.confirming.confirmed(started)
      return sendReady(request, reply, ready)
    }
    const handle = handlers[asked]
    if (!handle) throw refuse('unknown_action')
    action = asked
    const json = await handleByNewestPrices(handle, { caller, parameters }, request, api)
    if (action !== 'add' && api.context.confirming.isAsked()) await confirmAnswer(action, started, api)
    return sendAnswer(request, reply, json)
  } catch (error) {
    outcome = isRefusal(error) ? error.code : 'fault'
    throw error
  } finally {
    note(api, caller, action, outcome, started)
  }
}

/** An add tells only what its own commit has confirmed. */
async function confirmAnswer(action: string, since: number, { context }: ApiDependencies): Promise<void> {
  try {
    await context.confirming.confirmed(since)
  } catch (error) {
    throw CHANGING.has(action) ? notKnownWhetherDone() : error
  }
}

function handleByNewestPrices(handle: Handler, call: Call, request: FastifyRequest, api: ApiDependencies): Promise<string> {
  const { parameters } = call
  const findAgain = async () => (await api.callers.find(parameters['key']!)) ?? Promise.reject(invalidKey())
  return byNewestPrices(api.context.catalogue, call.caller, findAgain, (caller) => {
    if (caller.rights) checkRights(caller.rights, parameters['action']!, request.ip, api.context.now())
    return handle(api.context, { caller, parameters })
  })
}

/** Whether the client has this list already. */
function isKnown(request: FastifyRequest, list: ServiceList): boolean {
  const known = request.headers['if-none-match']
  return known !== undefined && known.split(',').some((tag) => bare(tag) === bare(list.etag))
}

/** A weak tag and a strong one count as equal for a 304. */
function bare(tag: string): string {
  return tag.trim().replace(/^W\//, '')
}
