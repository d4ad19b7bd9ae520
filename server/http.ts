import { timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { Socket } from 'node:net'
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { sendFailure } from './admin-api/envelope.ts'
import { routeStaffApi, STAFF_API, type StaffApi } from './admin-api/route.ts'
import { acceptEveryBody, bodyTooLarge } from './api/body.ts'
import type { ApiDependencies } from './api/dependencies.ts'
import { routeApi } from './api/route.ts'
import { sendJson, sendRefusal } from './api/send.ts'
import type { Config } from './config.ts'
import type { AccountContext } from './customers/account-context.ts'
import type { Confirming } from './db/confirming.ts'
import { doesNotFit, isServerInTrouble, isUnavailable } from './db/pool.ts'
import { databaseAway } from './deadline.ts'
import { isRefusal, type Refusal, refuse } from './refusal.ts'
import { sendFailure as sendOperatorFailure } from './operator-api/answers.ts'
import { OPERATOR_API, type OperatorApi, routeOperatorApi } from './operator-api/route.ts'
import { routePaymentHooks } from './payment-hooks/route.ts'
import type { PaymentContext } from './payments/payments.ts'
import type { ProviderContext } from './sign-in-providers/context.ts'
import { confirmAnswers } from './requests/confirmed.ts'
import { isFromThisMachine } from './requests/own-machine.ts'
import type { RequestsUnderWay } from './requests/under-way.ts'
import type { LiveSettings } from './settings/settings.ts'
import { routeWeb } from './web/route.ts'
import { type ProgramContext, webSettingsOf } from './web/web.ts'

/** `suspended` and `closed`: a child panel that its parent does not serve; its orders go on. */
export type Phase = 'starting' | 'ready' | 'draining' | 'suspended' | 'closed'

/** Who answers a request that is for another panel of this process; undefined: it is for this one. */
export type Elsewhere = (request: IncomingMessage) => RequestListener | undefined

export interface HttpNode {
  readonly phase: () => Phase
  /** What an operator changes; until the database is read, what the environment says. */
  readonly settings: LiveSettings
  readonly requests: RequestsUnderWay
  readonly api: () => ApiDependencies
  readonly staffApi: () => StaffApi
  readonly operatorApi: () => OperatorApi
  readonly accounts: () => AccountContext
  readonly programs: () => ProgramContext
  readonly payments: () => PaymentContext
  readonly providers: () => ProviderContext
  readonly confirming: () => Confirming
  /** Rejects when the database does not answer. */
  readonly checkDatabase: () => Promise<unknown>
  /** False while changes made elsewhere may be missed: then nothing is answered from memory. */
  readonly isListening: () => boolean
  /** Called when work of a route begins or ends, with that moment of performance.now(). */
  readonly noteWork: (route: string, at: number) => void
  readonly metricsText: () => Promise<{ text: string; contentType: string }>
  /** Undefined: this process has one panel. */
  readonly elsewhere: Elsewhere | undefined
}

// Clients keep connections open for a minute; a shorter time here would close them during a request.
const KEEP_ALIVE_MS = 75_000
/** Older clients send their lists of ids in the address. */
const LONGEST_HEADERS = 65_536

/** The HTTP server: it refuses requests while starting and draining, formats every error for the protocol, and answers health checks and metrics. */
export function openHttp(config: Config, log: Logger, node: HttpNode): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: config.bodyLimitBytes,
    requestTimeout: config.requestTimeoutSeconds * 1000,
    keepAliveTimeout: KEEP_ALIVE_MS,
    trustProxy: config.trustProxy,
    forceCloseConnections: 'idle',
    // HEAD must not do what GET does on these routes.
    exposeHeadRoutes: false,
    http: { maxHeaderSize: LONGEST_HEADERS },
    ...(node.elsewhere && { serverFactory: (own: RequestListener) => openServer(config, own, node.elsewhere!) }),
    return503OnClosing: false,
    routerOptions: { querystringParser: () => ({}) },
    genReqId: requestIds(),
    // An address that cannot be decoded, like /%zz, gets the same answer as an unknown one.
    frameworkErrors: (_, request, reply) => void sendNothingHere(request, reply),
  })
  acceptEveryBody(app, config.bodyLimitBytes)
  app.server.on('connection', endWithoutPeer)
  app.addHook('onRequest', (request, reply, done) => {
    node.requests.begin(request, reply)
    reply.header('x-request-id', request.id)
    const phase = node.phase()
    done(phase === 'ready' || isAnsweredAlways(request.url, phase) ? undefined : notNow(phase, reply))
  })
  app.setErrorHandler((error: FastifyError, request, reply) => sendError(error, request, reply, log))
  app.setNotFoundHandler(sendNothingHere)
  if (log.isLevelEnabled('debug')) app.addHook('onResponse', async (request, reply) => logAnswer(request, reply, log))
  confirmAnswers(app, () => (node.phase() === 'ready' ? node.confirming() : undefined), isToldApart)
  routeApi(app, node.api)
  noteWorkOfRoutes(app, node.noteWork)
  routeStaffApi(app, node.staffApi, config.bodyLimitBytes)
  routeOperatorApi(app, node.operatorApi, config.bodyLimitBytes)
  routePaymentHooks(app, node.payments)
  routeHealth(app, config, node)
  routeWeb(
    app,
    webSettingsOf(config, node.settings, log),
    node.accounts,
    () => node.api().context,
    node.programs,
    node.payments,
    node.providers,
    () => node.operatorApi().house,
  )
  return app
}

/** Who calls is asked for at once and kept by the socket, because nobody can say it once the caller has gone. Who has gone already gets no answer. */
function endWithoutPeer(socket: Socket) {
  if (socket.remoteAddress === undefined) socket.destroy()
}

/** A server with the limits that the framework gives its own. */
function openServer(config: Config, own: RequestListener, elsewhere: Elsewhere): Server {
  const server = createServer({ maxHeaderSize: LONGEST_HEADERS }, (request, response) => (elsewhere(request) ?? own)(request, response))
  server.keepAliveTimeout = KEEP_ALIVE_MS
  server.requestTimeout = config.requestTimeoutSeconds * 1000
  return server
}

/** How it stands, and, of a panel that is not served, what its notice looks like. */
function isAnsweredAlways(url: string, phase: Phase): boolean {
  if (url.startsWith('/healthz') || url.startsWith('/readyz')) return true
  return isShut(phase) && url.startsWith('/assets/')
}

function isShut(phase: Phase): boolean {
  return phase === 'suspended' || phase === 'closed'
}

/** Nothing of the database is in these, or it says itself how it is. */
function isToldApart(url: string): boolean {
  return url.startsWith('/healthz') || url.startsWith('/readyz') || url.startsWith('/metrics') || url.startsWith('/assets/')
}

/** Notes, for every route that is added after this, when its head has arrived, when its body is read, and when its answer is made. API calls note
 * this themselves, at a lower cost. */
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
  return ownFailure(request)?.(reply, refusal) ?? sendJson(reply, JSON.stringify({ error: refusal.message }), refusal.status)
}

/** How the APIs of staff send a failure; undefined: as the customers' API does. */
function ownFailure({ url }: FastifyRequest): typeof sendFailure | undefined {
  if (url.startsWith(`${STAFF_API}/`)) return sendFailure
  return url.startsWith(`${OPERATOR_API}/`) ? sendOperatorFailure : undefined
}

function notNow(phase: Exclude<Phase, 'ready'>, reply: FastifyReply): Refusal {
  if (phase === 'draining') void reply.header('connection', 'close')
  return refuse(phase)
}

function sendError(error: FastifyError | Refusal, request: FastifyRequest, reply: FastifyReply, log: Logger) {
  const send = ownFailure(request)
  const refusal = send && doesNotFit(error) ? refuse('value_does_not_fit') : refusalOf(error)
  if (!refusal) log.error({ err: error, request: request.id }, 'a request failed')
  else if (isServerInTrouble(error))
    log.error({ err: error, request: request.id }, 'the database server is in trouble: nothing was changed')
  const answer = refusal ?? refuse('fault')
  if (answer.retryAfter !== null) void reply.header('retry-after', answer.retryAfter)
  if (send) return send(reply, answer)
  // Refusals of the protocol are the bare text that clients compare; limits and failures have more fields.
  return answer.isAnswer ? sendJson(reply, JSON.stringify({ error: answer.message })) : sendRefusal(reply, answer)
}

/** The framework's refusals with our texts; undefined for a fault of ours. */
function refusalOf(error: FastifyError | Refusal): Refusal | undefined {
  if (isRefusal(error)) return error
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return bodyTooLarge()
  if (error.statusCode === 415) return refuse('unsupported_content_type')
  if (error.statusCode !== undefined && error.statusCode < 500) return refuse('malformed_body')
  if (isUnavailable(error)) return databaseAway()
  return undefined
}

/** Numbers the requests, so that a log line can be matched with its answer. */
function requestIds(): () => string {
  const node = Math.random().toString(36).slice(2, 8)
  let count = 0
  return () => `${node}-${(count += 1).toString(36)}`
}

function logAnswer(request: FastifyRequest, reply: FastifyReply, log: Logger) {
  // The path without the query string, where clients put their key, and without the token of a link in a mail.
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
    // A panel that is not served is in order all the same.
    const isUp = phase === 'ready' || isShut(phase)
    const answers = isUp && (await databaseAnswers(node))
    const standby = isUp ? standbyOf(node.confirming()) : 'not asked'
    const isReady = phase === 'ready' && answers && standby !== 'does not confirm'
    const status = phase === 'ready' && !isReady ? 'not ready' : phase
    const database = answers ? 'answers' : 'does not answer'
    // A node that misses notifications still answers correctly, only slower, so it stays in service.
    const changes = isUp && node.isListening() ? 'heard' : 'not heard'
    return sendJson(reply, JSON.stringify({ status, database, changes, standby }), isReady ? 200 : 503)
  })
  app.get('/metrics', async (request, reply) => {
    if (!mayReadMetrics(request, config)) return reply.callNotFound()
    const { text, contentType } = await node.metricsText()
    return reply.header('content-type', contentType).send(text)
  })
}

function standbyOf(confirming: Confirming) {
  if (!confirming.isAsked()) return 'not asked'
  return confirming.isStalled() ? 'does not confirm' : 'confirms'
}

function databaseAnswers(node: HttpNode): Promise<boolean> {
  return node.checkDatabase().then(
    () => true,
    () => false,
  )
}

/** Turnover is confidential: it is readable with the token, or from this machine when no token is set. */
function mayReadMetrics(request: FastifyRequest, config: Config): boolean {
  if (config.metricsToken !== undefined) {
    const given = Buffer.from(request.headers.authorization ?? '')
    const wanted = Buffer.from(`Bearer ${config.metricsToken}`)
    return given.length === wanted.length && timingSafeEqual(given, wanted)
  }
  return isFromThisMachine(request)
}
