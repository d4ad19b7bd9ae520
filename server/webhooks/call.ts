import type { Outcome, Outgoing } from '../outgoing/fetch.ts'
import type { Secret } from '../secret.ts'
import { signedHeaders } from './signature.ts'

/** What came of one call. Nothing of the receiver's text is kept: an address is a stranger's word, and its answer must not
 * become a window into anything. */
export interface Attempt {
  readonly arrived: boolean
  /** HTTP status, when one came back. */
  readonly status: number | null
  readonly words: string
  /** What the receiver asks us to wait, at most an hour; 0 when it does not say. */
  readonly retryAfterSeconds: number
  /** How long it took. */
  readonly tookMs: number
  /** The header webhook-signature as it was sent; null: nothing could be signed. */
  readonly signature: string | null
}

const LONGEST_WAIT_SECONDS = 3600

/** Where to, and what signs. */
export interface Endpoint {
  readonly url: string
  readonly sealedSecret: Buffer
  /** What signed before it, while it still does. */
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
