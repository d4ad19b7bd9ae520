import { createHmac, randomBytes } from 'node:crypto'

const PREFIX = 'whsec_'
const SECRET_BYTES = 32

/** A signing secret in the format of Standard Webhooks. Shown once, stored sealed. */
export function makeWebhookSecret(): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString('base64')
}

export interface SignedHeaders extends Readonly<Record<string, string>> {
  readonly 'webhook-id': string
  readonly 'webhook-timestamp': string
  readonly 'webhook-signature': string
}

/**
 * The three headers of Standard Webhooks. The receiver computes the same signature over `id.timestamp.body` and refuses messages older than some
 * minutes, so the timestamp is the attempt's. There is one signature per secret, and the receiver accepts the message when any of them is right.
 */
export function signedHeaders(secrets: readonly string[], message: string, at: Date, body: string): SignedHeaders {
  const seconds = Math.floor(at.getTime() / 1000)
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64')
    return `v1,${createHmac('sha256', key).update(`${message}.${seconds}.${body}`).digest('base64')}`
  })
  return { 'webhook-id': message, 'webhook-timestamp': String(seconds), 'webhook-signature': signatures.join(' ') }
}
