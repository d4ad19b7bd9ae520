import { openOutgoing, type Outgoing } from '../outgoing/fetch.ts'

/** The time limit for a receiver's answer. */
const TIME_LIMIT_MS = 10_000
/** Only the status of an answer is used. */
const BODY_LIMIT_BYTES = 256 * 1024
/** Many customers may have their receivers at one host: a slow one must not take the connections of the others. */
const CONNECTIONS_A_HOST = 128

/** The client for calls to webhooks. Strangers register them, so it never connects to the operator's own network. */
export function openWebhookOutgoing(): Outgoing {
  return openOutgoing({
    allowPrivate: false,
    timeLimitMs: TIME_LIMIT_MS,
    bodyLimitBytes: BODY_LIMIT_BYTES,
    connections: CONNECTIONS_A_HOST,
  })
}
