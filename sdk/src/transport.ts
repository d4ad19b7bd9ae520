import { messageOf, NoAnswer, PanelRefusal, readError, passes } from './errors.ts'
import { isObject, type Json, member, readJson, readText } from './values.ts'

export interface Options {
  /** The address of the panel's API: `https://panel.example/api/v2`. */
  readonly url: string
  readonly key: string
  /** Milliseconds for one attempt, its answer read whole. 30,000 unless told. */
  readonly timeoutMs?: number
  /** How often a question is asked again when there was no answer. 4 unless told. */
  readonly retries?: number
  /** The longest wait between two attempts. A panel that asks for a longer one gets its refusal handed on. 60,000 unless told. */
  readonly longestWaitMs?: number
  /** Ids in one call: 100 unless told; 1 for a panel that takes no lists. */
  readonly mostIds?: number
  /** Another `fetch`: a proxy's, a test's. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>
  /** Another way to wait: a test's. */
  readonly wait?: (ms: number, signal?: AbortSignal) => Promise<void>
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined
}

export type Fields = Readonly<Record<string, string>>

/** A JSON answer. A refusal of the whole call is not thrown here, because `add` reads more than `error`. */
export interface Reply {
  readonly value: Json
  /** The words of a refusal, or null. */
  readonly words: string | null
  /** Whether the status was 2xx. */
  readonly ok: boolean
  readonly etag: string | null
  /** 304: the copy that the caller named is the newest. */
  readonly unchanged: boolean
  /** The status and the beginning of the text, for people. */
  readonly excerpt: string
}

/** A panel's 503 with one of these codes was given before anything was begun. */
const NOTHING_BEGUN = new Set(['busy', 'starting', 'draining', 'overloaded'])
/** What a runtime says when there was no connection, so nothing was sent. */
const NOT_SENT = /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ConnectionRefused)$/
const LONGEST_EXCERPT = 200

interface OnceOptions extends CallOptions {
  readonly etag?: string | null
  /** Below the API's address. */
  readonly path?: string
  /** A question in the address, with the key in a header. */
  readonly get?: boolean
}

export interface Transport {
  /** One attempt. Throws NoAnswer, or PanelRefusal when the panel said that nothing was begun. */
  once(fields: Fields, options?: OnceOptions): Promise<Reply>
  /** For questions, which change nothing: asked again until there is an answer. */
  ask<T>(work: () => Promise<T>, options?: CallOptions): Promise<T>
  /** Waits before the next attempt, or throws the error when there shall be none. */
  backOff(error: unknown, attempt: number, options?: CallOptions): Promise<void>
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>
  /** A request to an address below the API's, with the key in a header. */
  below(path: string, signal: AbortSignal): Promise<Response>
  readonly mostIds: number
  readonly timeoutMs: number
}

export function openTransport(options: Options): Transport {
  const { url, key, timeoutMs = 30_000, retries = 4, longestWaitMs = 60_000, mostIds = 100, wait = pause } = options
  const send = options.fetch ?? ((address: string, init: RequestInit) => fetch(address, init))
  const clean = (text: string) => (key === '' ? text : text.replaceAll(key, '(key)').replaceAll(encodeURIComponent(key), '(key)'))

  async function once(fields: Fields, { signal, etag, path = '', get }: OnceOptions = {}): Promise<Reply> {
    const sent = new URLSearchParams(get ? fields : { key, ...fields }).toString()
    const headers: Record<string, string> = { accept: 'application/json' }
    if (get) headers['authorization'] = `Bearer ${key}`
    else headers['content-type'] = 'application/x-www-form-urlencoded'
    const address = path === '' ? url : addressBelow(url, path)
    if (etag) headers['if-none-match'] = etag
    const limit = within(timeoutMs, signal)
    try {
      // A redirect is not followed: after a POST it may lead to a page about the order that was just made.
      const asked = { redirect: 'manual', headers, signal: limit.signal } as const
      const response = await (get ? send(`${address}?${sent}`, asked) : send(address, { ...asked, method: 'POST', body: sent }))
      const text = await response.text()
      return replyOf(response, clean(text))
    } catch (error) {
      if (error instanceof NoAnswer || error instanceof PanelRefusal) throw error
      if (signal?.aborted) throw signal.reason
      if (limit.signal.aborted) throw new NoAnswer(`No answer within ${timeoutMs / 1000} s`, 'timeout', { cause: error })
      throw new NoAnswer(`No answer: ${clean(wordsOf(error))}`, 'network', { nothingDone: NOT_SENT.test(codeOf(error)), cause: error })
    } finally {
      limit.end()
    }
  }

  async function backOff(error: unknown, attempt: number, { signal }: CallOptions = {}) {
    if (!passes(error) || attempt >= retries) throw error
    const asked = (error.retryAfter ?? 0) * 1000
    if (asked > longestWaitMs) throw error
    const usual = Math.min(longestWaitMs, 500 * 2 ** attempt) * (0.5 + Math.random() / 2)
    await wait(Math.max(asked, usual), signal)
  }

  async function ask<T>(work: () => Promise<T>, options?: CallOptions): Promise<T> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await work()
      } catch (error) {
        await backOff(error, attempt, options)
      }
    }
  }

  const below = (path: string, signal: AbortSignal) =>
    send(addressBelow(url, path), {
      headers: { authorization: `Bearer ${key}`, accept: 'text/event-stream' },
      redirect: 'manual',
      signal,
    })
  return { once, ask, backOff, wait, below, mostIds, timeoutMs }
}

function replyOf(response: Response, text: string): Reply {
  const { status, headers } = response
  const retryAfter = secondsOf(headers.get('retry-after'))
  const excerpt = `HTTP ${status}: ${text.replace(/\s+/g, ' ').trim().slice(0, LONGEST_EXCERPT) || '(empty)'}`
  const reply = { etag: headers.get('etag'), unchanged: status === 304, ok: status < 300, excerpt, words: null }
  if (status === 304) return { ...reply, value: null }
  const value = readJson(text)
  const words = readError(value) ?? (status >= 400 && isObject(value) ? messageOf(value) : null)
  const code = readText(member(value, 'code'))
  // By definition the work of a 429 was not done, in whatever words, unless the answer names an order.
  const names = ['order', 'order_id', 'refill', 'cancel'].some((name) => member(value, name) !== undefined)
  const notBegun = (status === 429 && !names) || (status === 503 && words !== null && NOTHING_BEGUN.has(code))
  if (notBegun) throw new PanelRefusal(words ?? excerpt, { code, now: true, retryAfter })
  // A proxy may have given up on a panel that went on working; 408, 409 and 425 are about a request that is or was worked on; 0 is a redirect.
  const isUncertain = status < 200 || (status >= 300 && status < 400) || [408, 409, 425, 429].includes(status) || status >= 500
  if (isUncertain) throw new NoAnswer(words === null ? excerpt : `HTTP ${status}: ${words}`, 'server', { retryAfter })
  // Some answer a bare text.
  if (typeof value === 'string' && /[a-z]/i.test(value)) return { ...reply, value, words: value.trim() }
  if (typeof value !== 'object' || value === null) throw new NoAnswer(excerpt, 'unreadable')
  return { ...reply, value, words }
}

function addressBelow(url: string, path: string): string {
  const address = new URL(url)
  address.pathname += address.pathname.endsWith('/') ? path.slice(1) : path
  return address.href
}

/** Retry-After is seconds or a date. */
function secondsOf(header: string | null): number | null {
  if (header === null) return null
  const seconds = /^\s*\d+\s*$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null
}

/** A signal that aborts after a time, or with the caller's. `end` lets go of both. */
export function within(ms: number, outer?: AbortSignal) {
  const controller = new AbortController()
  const abort = () => controller.abort()
  outer?.throwIfAborted()
  outer?.addEventListener('abort', abort)
  const timer = setTimeout(abort, ms)
  return {
    signal: controller.signal,
    abort,
    end() {
      clearTimeout(timer)
      outer?.removeEventListener('abort', abort)
    },
  }
}

export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason as Error)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal?.addEventListener('abort', stop, { once: true })
  })
}

function wordsOf(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { message?: string } }
  return cause?.message ?? message ?? String(error)
}

function codeOf(error: unknown): string {
  const { code, cause } = error as { code?: string; cause?: { code?: string } }
  return cause?.code ?? code ?? ''
}
