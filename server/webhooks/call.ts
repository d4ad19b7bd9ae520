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
}

const LONGEST_WAIT_SECONDS = 3600

/** Signs and sends one message, once. */
export async function callWebhook(
  deps: { secret: Secret; outgoing: Pick<Outgoing, 'post'> },
  endpoint: { url: string; sealedSecret: Buffer },
  message: { message: string; body: string },
  now: Date,
): Promise<Attempt> {
  let secret: string
  try {
    secret = deps.secret.open(endpoint.sealedSecret)
  } catch {
    return {
      arrived: false,
      status: null,
      words: 'Its secret was sealed with another DOCKET_SECRET: remove it and add it again',
      retryAfterSeconds: 0,
    }
  }
  const headers = { ...signedHeaders(secret, message.message, now, message.body), 'content-type': 'application/json', accept: '*/*' }
  return attemptOf(await deps.outgoing.post(endpoint.url, message.body, { headers }))
}

function attemptOf(outcome: Outcome): Attempt {
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
