import { hash, randomBytes } from 'node:crypto'

const PREFIX_LENGTH = 12

/** 192 random bits behind a word that secret scanners can look for: `dk_live_…` or `dk_test_…`. Shown once, never stored. */
export function makeKey(test: boolean): string {
  return `dk_${test ? 'test' : 'live'}_${randomBytes(24).toString('base64url')}`
}

/**
 * The hash that is stored. A plain digest is enough: 192 random bits cannot be guessed, and there is no pepper that could be lost with a backup
 * (docs/decisions/0003).
 */
export function hashKey(key: string): Buffer {
  return hash('sha256', key, 'buffer')
}

/** The part of a key that may be shown afterwards, to tell keys apart. */
export function keyPrefix(key: string): string {
  return key.slice(0, PREFIX_LENGTH)
}
