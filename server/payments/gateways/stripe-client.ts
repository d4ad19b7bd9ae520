import type Stripe from 'stripe'
import { plain } from '../../json.ts'
import type { CallOptions, Outgoing } from '../../outgoing/fetch.ts'

type HttpClient = NonNullable<Stripe.StripeConfig['httpClient']>
type HttpResponse = Awaited<ReturnType<HttpClient['makeRequest']>>

const TIME_LIMIT_MS = 20_000

/** Stripe's own SDK, whose only way out is ours. It is loaded when it is first needed: most installations never do. */
export async function openStripe(secretKey: string, address: string, outgoing: Outgoing): Promise<Stripe> {
  const { default: StripeSdk } = await import('stripe')
  const { hostname, port, protocol } = new URL(address)
  return new StripeSdk(secretKey, {
    host: hostname,
    port: port || (protocol === 'http:' ? 80 : 443),
    protocol: protocol === 'http:' ? 'http' : 'https',
    httpClient: clientOver(outgoing),
    timeout: TIME_LIMIT_MS,
    // Who asks decides when to ask again.
    maxNetworkRetries: 0,
    telemetry: false,
  })
}

/** Stripe did not answer, or with something that says nothing about what it did. */
class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
}

function clientOver(outgoing: Outgoing): HttpClient {
  return {
    getClientName: () => 'undici',
    async makeRequest(host, port, path, method, headers, requestData, protocol, timeout) {
      const outcome = await outgoing.call(`${protocol}://${host}:${port}${path}`, {
        method: method as CallOptions['method'],
        headers: headersOf(headers),
        timeLimitMs: timeout,
        ...(method === 'POST' ? { body: requestData } : {}),
      })
      if (outcome.kind !== 'answered') throw new NoAnswer(outcome.words)
      // The SDK takes any JSON without an error for success, whatever the status.
      if (outcome.status >= 500 || (outcome.status >= 300 && outcome.status < 400))
        throw new NoAnswer(`Stripe answered HTTP ${outcome.status}`)
      return responseOf(outcome.status, readAnswer(outcome.text))
    },
  }
}

/** undici counts the bytes of the body itself, and what the SDK tells of this machine is nobody's business. */
function headersOf(headers: Parameters<HttpClient['makeRequest']>[4]): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => !/^(content-length|x-stripe-client-)/i.test(name))
  return Object.fromEntries(kept.map(([name, value]) => [name.toLowerCase(), String(value)]))
}

/** Nothing but an object goes on to the SDK: on a number or a text it waits for ever. */
function readAnswer(text: string): object {
  let answer: unknown
  try {
    answer = JSON.parse(text)
  } catch {
    // Told below.
  }
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer))
    throw new NoAnswer('Stripe answered something that is no JSON object')
  return answer
}

function responseOf(status: number, answer: object): HttpResponse {
  return {
    getStatusCode: () => status,
    getHeaders: () => ({}),
    getRawResponse: () => ({}),
    toStream: () => null,
    toJSON: async () => answer,
  }
}

/** What an error of the SDK means: `no` is Stripe's own clear answer, after which nothing was done. */
export interface StripeFailure {
  readonly kind: 'no' | 'unknown'
  readonly code: string
  readonly words: string
}

const CLEAR = new Set([
  'StripeInvalidRequestError',
  'StripeIdempotencyError',
  'StripeAuthenticationError',
  'StripePermissionError',
  'StripeCardError',
])

/** Never throws: an answer of a shape that nobody expects ends here too, as unknown. Secrets are blotted out, since Stripe quotes wrong keys. */
export function failureOf(error: unknown, secretKey: string): StripeFailure {
  const { type, code, detail, message } = (error ?? {}) as { type?: unknown; code?: unknown; detail?: unknown; message?: unknown }
  if (detail instanceof NoAnswer) return { kind: 'unknown', code: '', words: detail.message }
  const isClear = typeof type === 'string' && CLEAR.has(type)
  const words = isClear && typeof message === 'string' ? message : 'Stripe answered something that cannot be read'
  return {
    kind: isClear ? 'no' : 'unknown',
    code: typeof code === 'string' ? code : '',
    words: plain(words.replaceAll(secretKey, '…').replace(/\b[sr]k_(live|test)_\S+/g, '…')),
  }
}
