import { hash, randomBytes } from 'node:crypto'

/** 256 random bits for a cookie or a link. Only their digest is stored, so a dump of the database opens nothing. */
export function makeToken(): string {
  return randomBytes(32).toString('base64url')
}

const TOKEN = /^[A-Za-z0-9_-]{43}$/

export function hashToken(token: string): Buffer {
  return hash('sha256', token, 'buffer')
}

/** A text that cannot be a token is not looked up. */
export function isToken(text: string | undefined): text is string {
  return text !== undefined && TOKEN.test(text)
}

/** A short name for a text that is not to be stored as it is. */
export function shortDigest(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 22)
}
