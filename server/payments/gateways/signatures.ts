import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** Compares in a time that tells nothing about where they differ, nor how long the secret is. */
export function isSameSecret(given: string, wanted: string): boolean {
  return timingSafeEqual(digest(given), digest(wanted)) && wanted !== ''
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

export interface Hmac {
  readonly hash: 'sha256' | 'sha512'
  readonly secret: string | Buffer
  /** The parts of what was signed, one after the other: bytes stay the bytes that came. */
  readonly message: readonly (string | Buffer)[]
  readonly encoding: 'hex' | 'base64'
}

/** Whether one of the given signatures is right. Nothing is right under an empty secret. Letters of hex may be large. */
export function isSignedBy({ hash, secret, message, encoding }: Hmac, given: readonly string[]): boolean {
  if (secret.length === 0) return false
  const hmac = createHmac(hash, secret)
  for (const part of message) hmac.update(part)
  const wanted = hmac.digest(encoding)
  return given.map((each) => isSameSecret(encoding === 'hex' ? each.toLowerCase() : each, wanted)).includes(true)
}

const TOLERANCE_SECONDS = 300n

/** Whether this time (seconds since 1970, as its text) is within five minutes of now, in either direction: replayed calls are older. */
export function isRecent(seconds: string, now: Date): boolean {
  if (!/^\d{1,12}$/.test(seconds)) return false
  const away = BigInt(seconds) - BigInt(Math.floor(now.getTime() / 1000))
  return away >= -TOLERANCE_SECONDS && away <= TOLERANCE_SECONDS
}
