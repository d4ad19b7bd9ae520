import { openOutgoing, type Outgoing } from '../outgoing/fetch.ts'

/** How long a receiver may take. */
const TIME_LIMIT_MS = 10_000
/** Nothing of an answer is read but its status. */
const BODY_LIMIT_BYTES = 256 * 1024
/** Many customers may have their receivers at one host: a slow one must not take the connections of the others. */
const CONNECTIONS_A_HOST = 128

/** How the server calls webhooks: whoever registers one is a stranger, so nothing inside the operator's network, ever. */
export function openWebhookOutgoing(): Outgoing {
  return openOutgoing({
    allowPrivate: false,
    timeLimitMs: TIME_LIMIT_MS,
    bodyLimitBytes: BODY_LIMIT_BYTES,
    connections: CONNECTIONS_A_HOST,
  })
}
