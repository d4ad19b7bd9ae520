import { isIP, type Socket } from 'node:net'
import { callbackify } from 'node:util'
import type { Agent, buildConnector, Dispatcher } from 'undici'
import { checkedAddresses, NotReachable, type Resolve, systemResolve } from './address.ts'
import { isUrl } from '../url.ts'

/**
 * The outcome of a call. For an order the important question is whether the call can have arrived. `answered`: it did, and this is the whole answer.
 * `not sent`: not one byte of the request was written, so nothing can have arrived. `unknown`: it was written, wholly or in part, and no whole answer
 * came back. `words` are for people and hold no secret: no path, no query, no form, no text of a foreign error.
 */
export type Outcome =
  | { readonly kind: 'answered'; readonly status: number; readonly contentType: string; readonly text: string; readonly retryAfter: string }
  | { readonly kind: 'not sent'; readonly reason: 'url' | 'address' | 'dns' | 'connect' | 'tls' | 'time'; readonly words: string }
  | { readonly kind: 'unknown'; readonly reason: 'time' | 'size' | 'broken'; readonly words: string }

export interface PostOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly timeLimitMs?: number
  readonly bodyLimitBytes?: number
  /**
   * Uses a new connection. The other side may close a kept one at the moment we write: such a reset is harmless, but looks the same as the loss of an
   * order.
   */
  readonly fresh?: boolean
}

/** A call by another method than POST, or with no body. */
export interface CallOptions extends PostOptions {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly body?: string
}

export interface Outgoing {
  /** Posts a form, or a text whose type the headers say. Never throws, never follows a redirect, never sends twice. */
  post(url: string, form: Readonly<Record<string, string>> | string, options?: PostOptions): Promise<Outcome>
  /** Makes any call, under the same rules. A body is JSON unless the headers say otherwise. */
  call(url: string, options: CallOptions): Promise<Outcome>
  /** Null when a call to this URL is allowed now, or the reason why not. Opens no connection. */
  check(url: string): Promise<string | null>
  close(): Promise<void>
}

export interface OutgoingSettings {
  /** Suppliers that the operator configured may be inside the operator's own network; webhooks of customers never are. */
  readonly allowPrivate: boolean
  readonly timeLimitMs?: number
  readonly bodyLimitBytes?: number
  readonly connectLimitMs?: number
  /** Connections to one origin at a time; further calls wait in a queue, within their own time limit. */
  readonly connections?: number
  readonly resolve?: Resolve
  /** Opens the connection to an address that was checked; `servername` stays the name. */
  readonly dial?: buildConnector.connector
}

const TIME_LIMIT_MS = 30_000
const CONNECT_LIMIT_MS = 10_000
const BODY_LIMIT_BYTES = 5 * 1024 * 1024
const HEADER_LIMIT_BYTES = 16 * 1024
const CONNECTIONS = 8
// Shorter than any server in use keeps an idle connection, so that our side closes it.
const KEEP_IDLE_MS = 4000
/** What undici says of a call after the end. */
const CLOSED = Object.assign(new Error('closed'), { code: 'UND_ERR_DESTROYED' })

/** The only place that makes outgoing requests. */
export function openOutgoing(settings: OutgoingSettings): Outgoing {
  const { allowPrivate, resolve = systemResolve } = settings
  let agents: Promise<Agents> | undefined
  let isClosed = false
  const call = async (url: string, callOptions: CallOptions): Promise<Outcome> => {
    const target = readUrl(url)
    if (typeof target === 'string') return { kind: 'not sent', reason: 'url', words: target }
    const limits = {
      timeLimitMs: callOptions.timeLimitMs ?? settings.timeLimitMs ?? TIME_LIMIT_MS,
      bodyLimitBytes: callOptions.bodyLimitBytes ?? settings.bodyLimitBytes ?? BODY_LIMIT_BYTES,
    }
    if (isClosed) return notSent(CLOSED, target)
    const opened = await (agents ??= openAgents(settings)).catch((error: unknown) => notSent(error, target))
    if ('kind' in opened) return opened
    return send(callOptions.fresh ? opened.fresh : opened.kept, target, requestOf(target, callOptions), limits)
  }
  return {
    post: (url, form, postOptions = {}) => call(url, { ...formOf(form, postOptions), method: 'POST' }),
    call,
    async check(url) {
      const target = readUrl(url)
      if (typeof target === 'string') return target
      const refusal = await checkedAddresses(target.hostname, resolve, allowPrivate).then(
        () => null,
        (error: unknown) => error,
      )
      return refusal === null ? null : notSent(refusal, target).words
    },
    async close() {
      isClosed = true
      const opened = await agents
      await Promise.all([opened?.kept.destroy(), opened?.fresh.destroy()])
    },
  }
}

interface Agents {
  readonly kept: Agent
  readonly fresh: Agent
}

/** undici takes a tenth of a second to load, so the first call loads it: most commands make none. */
async function openAgents(settings: OutgoingSettings): Promise<Agents> {
  // The bundle has this CommonJS package as its default only.
  const { Agent, buildConnector } = (await import('undici')).default
  const { allowPrivate, resolve = systemResolve, connectLimitMs = CONNECT_LIMIT_MS } = settings
  const dial = settings.dial ?? buildConnector({ timeout: connectLimitMs, allowH2: false })
  const options: Agent.Options = {
    connect: checkedConnector((hostname) => checkedAddresses(hostname, resolve, allowPrivate), dial),
    connections: settings.connections ?? CONNECTIONS,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: KEEP_IDLE_MS,
    keepAliveMaxTimeout: KEEP_IDLE_MS,
    maxHeaderSize: HEADER_LIMIT_BYTES,
    // One limit holds for the whole call; see below.
    headersTimeout: 0,
    bodyTimeout: 0,
  }
  return { kept: new Agent(options), fresh: new Agent(options) }
}

function readUrl(text: string): URL | string {
  if (!isUrl(text)) return 'This is not a valid web address'
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'Only http and https addresses are called'
  if (url.username !== '' || url.password !== '') return 'An address with a user name or password in it is not called'
  return url
}

function formOf(form: Readonly<Record<string, string>> | string, options: PostOptions): PostOptions & { body: string } {
  if (typeof form === 'string') return { ...options, body: form }
  const headers = { 'content-type': 'application/x-www-form-urlencoded', ...options.headers }
  return { ...options, headers, body: new URLSearchParams(form).toString() }
}

function requestOf(url: URL, options: CallOptions): Dispatcher.DispatchOptions {
  return {
    origin: url.origin,
    path: url.pathname + url.search,
    method: options.method,
    headers: {
      accept: 'application/json',
      // Bodies are counted as they come, so we do not ask for a compressed one, which could unpack to more.
      'accept-encoding': 'identity',
      'user-agent': 'Docket',
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    },
    body: options.body ?? null,
    ...(options.fresh ? { reset: true } : {}),
  }
}

/** Checks the addresses, then connects to exactly those: the address is passed as a literal, so that no name is resolved a second time. */
function checkedConnector(addressesOf: (hostname: string) => Promise<readonly string[]>, dial: buildConnector.connector) {
  const open = callbackify(async (target: buildConnector.Options): Promise<Socket> => {
    const name = target.hostname.replace(/^\[(.*)\]$/, '$1')
    let fault: unknown
    for (const address of await addressesOf(name)) {
      const attempt = { ...target, hostname: address, servername: isIP(name) ? '' : name }
      try {
        return await new Promise<Socket>((resolve, reject) => {
          dial(attempt, (error, socket) => (error === null ? resolve(socket) : reject(error)))
        })
      } catch (error) {
        fault = error
      }
    }
    throw fault
  })
  return (target: buildConnector.Options, done: buildConnector.Callback) => {
    open(target, (error, socket) => (error ? done(error, null) : done(null, socket)))
  }
}

interface Limits {
  readonly timeLimitMs: number
  readonly bodyLimitBytes: number
}

/**
 * Makes one call. undici's `onRequestStart` is the last thing it does before writing, so it tells us whether the request was written: an earlier
 * failure (queue, name, connection, TLS) sent nothing; after a later one the request may have arrived.
 */
function send(agent: Agent, url: URL, request: Dispatcher.DispatchOptions, limits: Limits): Promise<Outcome> {
  return new Promise((resolve) => {
    let written: Dispatcher.DispatchController | undefined
    let answer: { status: number; contentType: string; retryAfter: string } | undefined
    let over = false
    const chunks: Buffer[] = []
    let size = 0

    const finish = (outcome: Outcome) => {
      if (over) return
      over = true
      clearTimeout(timer)
      resolve(outcome)
    }
    const giveUp = (outcome: Outcome) => {
      finish(outcome)
      written?.abort(new Error(outcome.kind))
    }
    const timer = setTimeout(() => {
      const within = `within ${limits.timeLimitMs / 1000} s`
      if (written) giveUp({ kind: 'unknown', reason: 'time', words: `${url.host} did not answer ${within}` })
      else giveUp({ kind: 'not sent', reason: 'time', words: `No connection to ${url.host} ${within}` })
    }, limits.timeLimitMs)

    agent.dispatch(request, {
      onRequestStart(controller) {
        // The time is over while waiting for a connection, or undici starts again: a throw here is the last moment at which nothing is written.
        if (over || written) throw new Error('not to be written')
        written = controller
      },
      onResponseStart(_, status, headers) {
        if (status < 200) return
        answer = { status, contentType: headerText(headers['content-type']), retryAfter: headerText(headers['retry-after']) }
      },
      onResponseData(_, chunk) {
        size += chunk.length
        if (size <= limits.bodyLimitBytes) chunks.push(chunk)
        else giveUp({ kind: 'unknown', reason: 'size', words: `${url.host} answered more than ${limits.bodyLimitBytes} bytes` })
      },
      onResponseEnd() {
        if (answer) finish({ kind: 'answered', ...answer, text: Buffer.concat(chunks).toString('utf8') })
      },
      onResponseError(_, error) {
        finish(written ? broken(error, url, answer?.status) : notSent(error, url))
      },
    })
  })
}

function headerText(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? ''
}

/** The code of an error, like ECONNREFUSED. Never its message: messages quote addresses, headers and bodies. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code : 'no code'
}

function broken(error: unknown, url: URL, status: number | undefined): Outcome {
  const code = codeOf(error)
  const reason = code === 'UND_ERR_HEADERS_OVERFLOW' ? 'size' : 'broken'
  const when = status === undefined ? 'before it answered' : `in the middle of its answer (HTTP ${status})`
  return { kind: 'unknown', reason, words: `The connection to ${url.host} broke ${when} (${code})` }
}

function notSent(error: unknown, url: URL): Outcome & { kind: 'not sent' } {
  if (error instanceof NotReachable) return { kind: 'not sent', reason: error.reason, words: error.message }
  const code = codeOf(error)
  const tls = /^(ERR_(SSL|TLS)_|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|EPROTO)/.test(code)
  return tls
    ? { kind: 'not sent', reason: 'tls', words: `No trusted connection to ${url.host} (${code})` }
    : { kind: 'not sent', reason: 'connect', words: `No connection to ${url.host} (${code})` }
}
