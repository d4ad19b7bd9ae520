import type { Outcome, Outgoing } from '../outgoing/fetch.ts'
import type { Secret } from '../secret.ts'
import { signedHeaders } from './signature.ts'

/**
 * The result of one call. The receiver's text is not stored: anyone can register an address, and its answer must not show anything of the network
 * behind this server.
 */
export interface Attempt {
  readonly arrived: boolean
  /** The HTTP status; null: no answer came. */
  readonly status: number | null
  readonly words: string
  /** How long the receiver asks us to wait, at most an hour; 0 when it does not say. */
  readonly retryAfterSeconds: number
  /** How long the call took. */
  readonly tookMs: number
  /** The webhook-signature header as it was sent; null: nothing could be signed. */
  readonly signature: string | null
}

const LONGEST_WAIT_SECONDS = 3600

/** The URL to call, and the secrets that sign. */
export interface Endpoint {
  readonly url: string
  readonly sealedSecret: Buffer
  /** The previous secret, as long as it still signs. */
  readonly oldSealedSecret: Buffer | null
}

/** Signs and sends one message, once. */
export async function callWebhook(
  deps: { secret: Secret; outgoing: Pick<Outgoing, 'post'> },
  endpoint: Endpoint,
  message: { message: string; body: string },
  now: Date,
): Promise<Attempt> {
  const secret = opened(deps.secret, endpoint.sealedSecret)
  if (secret === undefined) {
    const words = 'Its secret was sealed with another DOCKET_SECRET: "docket webhook rotate" gives it a new one'
    return { arrived: false, status: null, words, retryAfterSeconds: 0, tookMs: 0, signature: null }
  }
  const old = endpoint.oldSealedSecret && opened(deps.secret, endpoint.oldSealedSecret)
  const signed = signedHeaders(old ? [secret, old] : [secret], message.message, now, message.body)
  const headers = { ...signed, 'content-type': 'application/json', accept: '*/*' }
  const started = performance.now()
  const outcome = await deps.outgoing.post(endpoint.url, message.body, { headers })
  return { ...attemptOf(outcome), tookMs: Math.round(performance.now() - started), signature: signed['webhook-signature'] }
}

function opened(secret: Secret, sealed: Buffer): string | undefined {
  try {
    return secret.open(sealed)
  } catch {
    return undefined
  }
}

function attemptOf(outcome: Outcome): Omit<Attempt, 'tookMs' | 'signature'> {
  if (outcome.kind !== 'answered') return { arrived: false, status: null, words: outcome.words, retryAfterSeconds: 0 }
  const { status } = outcome
  const redirects = status >= 300 && status < 400
  const wait = /^\d{1,9}$/.test(outcome.retryAfter) ? Number(outcome.retryAfter) : 0
  return {
    arrived: status >= 200 && status < 300,
    status,
    words: redirects ? `HTTP ${status}: redirects are not followed` : `HTTP ${status}`,
    retryAfterSeconds: Math.min(wait, LONGEST_WAIT_SECONDS),
  }
}
