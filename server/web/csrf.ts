import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

const MASK_BYTES = 32

/** A token for the forms of the browser whose cookie holds this secret. It is computed from the secret, so that no other browser has it and
 * nothing is stored. It is masked anew each time, so that the size of a compressed page reveals nothing about it. */
export function formToken(cookieSecret: string): string {
  const mask = randomBytes(MASK_BYTES)
  return Buffer.concat([mask, mixed(mask, proofOf(cookieSecret))]).toString('base64url')
}

export function isFormToken(token: string | undefined, cookieSecret: string): boolean {
  const bytes = Buffer.from(token ?? '', 'base64url')
  if (bytes.length !== 2 * MASK_BYTES) return false
  return timingSafeEqual(mixed(bytes.subarray(0, MASK_BYTES), bytes.subarray(MASK_BYTES)), proofOf(cookieSecret))
}

function proofOf(cookieSecret: string): Buffer {
  return createHmac('sha256', cookieSecret).update('docket form').digest()
}

function mixed(mask: Buffer, bytes: Buffer): Buffer {
  return Buffer.from(bytes.map((byte, index) => byte ^ mask[index]!))
}

/** Whether the browser says, by Sec-Fetch-Site or else by Origin, that a request comes from our own pages. Every current browser sends one of the
 * two; when both are missing, the token decides. */
export function isFromOwnPages(headers: { site: string | undefined; origin: string | undefined }, ownOrigins: readonly string[]): boolean {
  if (headers.site !== undefined) return headers.site === 'same-origin' || headers.site === 'none'
  return headers.origin === undefined || ownOrigins.includes(headers.origin)
}
