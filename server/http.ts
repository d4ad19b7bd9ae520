import { timingSafeEqual } from 'node:crypto'
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { sendFailure } from './admin-api/envelope.ts'
import { routeStaffApi, STAFF_API, type StaffApi } from './admin-api/route.ts'
import { acceptEveryBody, bodyTooLarge } from './api/body.ts'
import { type ApiDependencies, routeApi } from './api/route.ts'
import { sendJson, sendRefusal } from './api/send.ts'
import type { Config } from './config.ts'
import type { AccountContext } from './customers/account-context.ts'
import { isServerInTrouble, isUnavailable } from './db/pool.ts'
import { databaseAway } from './deadline.ts'
import { isRefusal, type Refusal, refuse } from './refusal.ts'
import { isFromThisMachine } from './requests/own-machine.ts'
import type { RequestsUnderWay } from './requests/under-way.ts'
import { openHouse } from './web/house.ts'
import { routeWeb } from './web/route.ts'
import type { ProgramContext } from './web/web.ts'

export type Phase = 'starting' | 'ready' | 'draining'

export interface HttpNode {
  readonly phase: () => Phase
  readonly requests: RequestsUnderWay
  readonly api: () => ApiDependencies
  readonly staffApi: () => StaffApi
  readonly accounts: () => AccountContext
  readonly programs: () => ProgramContext
  /** Rejects when the database does not answer. */
  readonly checkDatabase: () => Promise<unknown>
  /** False while changes made elsewhere may go unheard: then nothing is answered from memory. */
  readonly isListening: () => boolean
  /** Work of a route begins or ends, at this moment of performance.now(). */
  readonly noteWork: (route: string, at: number) => void
  readonly metricsText: () => Promise<{ text: string; contentType: string }>
}

// Clients keep connections open for a minute; a shorter time here would cut them in the middle of a request.
const KEEP_ALIVE_MS = 75_000
/** Older clients put their lists of ids into the address. */
const LONGEST_HEADERS = 65_536

/** The HTTP server: refuses while starting and draining, turns every error into the protocol's one shape, tells how it is. */
export function openHttp(config: Config, log: Logger, node: HttpNode): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: config.bodyLimitBytes,
    requestTimeout: config.requestTimeoutSeconds * 1000,
    keepAliveTimeout: KEEP_ALIVE_MS,
    trustProxy: config.trustProxy,
    forceCloseConnections: 'idle',
    // HEAD must never do what GET does here.
    exposeHeadRoutes: false,
    http: { maxHeaderSize: LONGEST_HEADERS },
    return503OnClosing: false,
    routerOptions: { querystringParser: () => ({}) },
    genReqId: requestIds(),
    // An address that cannot be read, like /%zz, is answered like any other where there is nothing.
    frameworkErrors: (_, request, reply) => void sendNothingHere(request, reply),
  })
  acceptEveryBody(app, config.bodyLimitBytes)
  app.addHook('onRequest', (request, reply, done) => {
    node.requests.begin(request, reply)
    reply.header('x-request-id', request.id)
    const phase = node.phase()
    done(phase === 'ready' || request.url.startsWith('/healthz') || request.url.startsWith('/readyz') ? undefined : notNow(phase, reply))
  })
  app.setErrorHandler((error: FastifyError, request, reply) => sendError(error, request, reply, log))
  app.setNotFoundHandler(sendNothingHere)
  if (log.isLevelEnabled('debug')) app.addHook('onResponse', async (request, reply) => logAnswer(request, reply, log))
  routeApi(app, node.api)
  noteWorkOfRoutes(app, node.noteWork)
  routeStaffApi(app, node.staffApi, config.bodyLimitBytes)
  routeHealth(app, config, node)
  routeWeb(app, { ...config, house: openHouse(config.house), log }, node.accounts, () => node.api().context, node.programs)
  return app
}

/** Of every route that is added after this: when its head is there, when its body is read, and when its answer is made. The API's calls note
 * themselves, for less. */
function noteWorkOfRoutes(app: FastifyInstance, noteWork: HttpNode['noteWork']) {
  app.addHook('onRoute', (route) => {
    const name = `${String(route.method)} ${route.url}`
    const note = (_: FastifyRequest, __: FastifyReply, done: () => void) => {
      noteWork(name, performance.now())
      done()
    }
    route.onRequest = [note, route.onRequest ?? []].flat()
    route.preValidation = [note, route.preValidation ?? []].flat()
    route.onSend = [(_: FastifyRequest, __: FastifyReply, ___: unknown, done: () => void) => note(_, __, done), route.onSend ?? []].flat()
  })
}

function sendNothingHere(request: FastifyRequest, reply: FastifyReply) {
  const refusal = refuse('nothing_here')
  if (request.url.startsWith(`${STAFF_API}/`)) return sendFailure(reply, refusal)
  return sendJson(reply, JSON.stringify({ error: refusal.message }), refusal.status)
}

function notNow(phase: Exclude<Phase, 'ready'>, reply: FastifyReply): Refusal {
  if (phase === 'draining') void reply.header('connection', 'close')
  return refuse(phase)
}

function sendError(error: FastifyError | Refusal, request: FastifyRequest, reply: FastifyReply, log: Logger) {
  const refusal = refusalOf(error)
  if (!refusal) log.error({ err: error, request: request.id }, 'a request failed')
  else if (isServerInTrouble(error))
    log.error({ err: error, request: request.id }, 'the database server is in trouble: nothing was changed')
  const answer = refusal ?? refuse('fault')
  if (answer.retryAfter !== null) void reply.header('retry-after', answer.retryAfter)
  if (request.url.startsWith(`${STAFF_API}/`)) return sendFailure(reply, answer)
  // Refusals of the protocol are the bare text that clients compare; limits and failures say more.
  return answer.isAnswer ? sendJson(reply, JSON.stringify({ error: answer.message })) : sendRefusal(reply, answer)
}

/** What the framework refuses, in our words; undefined for a fault of ours. */
function refusalOf(error: FastifyError | Refusal): Refusal | undefined {
  if (isRefusal(error)) return error
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return bodyTooLarge()
  if (error.statusCode === 415) return refuse('unsupported_content_type')
  if (error.statusCode !== undefined && error.statusCode < 500) return refuse('malformed_body')
  if (isUnavailable(error)) return databaseAway()
  return undefined
}

/** A number a request, so that a log line and an answer find each other. */
function requestIds(): () => string {
  const node = Math.random().toString(36).slice(2, 8)
  let count = 0
  return () => `${node}-${(count += 1).toString(36)}`
}

function logAnswer(request: FastifyRequest, reply: FastifyReply, log: Logger) {
  // Never the query string, where clients put their key, nor the token of a link in a mail.
  const path = request.url.split('?', 1)[0]!.replace(/[\w-]{43,}/g, '…')
  log.debug({ request: request.id, method: request.method, path, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'answered')
}

function routeHealth(app: FastifyInstance, config: Config, node: HttpNode) {
  app.get('/healthz', (_, reply) => {
    const phase = node.phase()
    return sendJson(reply, JSON.stringify({ status: phase }), phase === 'starting' ? 503 : 200)
  })
  app.get('/readyz', async (_, reply) => {
    const phase = node.phase()
    const answers = phase === 'ready' && (await databaseAnswers(node))
    const status = phase === 'ready' && !answers ? 'not ready' : phase
    const database = answers ? 'answers' : 'does not answer'
    // A node that does not hear of changes answers truly, only slower: no reason to take it out of service.
    const changes = phase === 'ready' && node.isListening() ? 'heard' : 'not heard'
    return sendJson(reply, JSON.stringify({ status, database, changes }), answers ? 200 : 503)
  })
  app.get('/metrics', async (request, reply) => {
    if (!mayReadMetrics(request, config)) return reply.callNotFound()
    const { text, contentType } = await node.metricsText()
    return reply.header('content-type', contentType).send(text)
  })
}

function databaseAnswers(node: HttpNode): Promise<boolean> {
  return node.checkDatabase().then(
    () => true,
    () => false,
  )
}

/** Turnover is nobody else's business: with the token, or from this machine when none is set. */
function mayReadMetrics(request: FastifyRequest, config: Config): boolean {
  if (config.metricsToken !== undefined) {
    const given = Buffer.from(request.headers.authorization ?? '')
    const wanted = Buffer.from(`Bearer ${config.metricsToken}`)
    return given.length === wanted.length && timingSafeEqual(given, wanted)
  }
  return isFromThisMachine(request)
}
