import { hash, randomBytes } from 'node:crypto'

const PREFIX_LENGTH = 12
const OWN = 'dk_'

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

/** Hashes a key that another panel has given out (docs/decisions/0072). */
export type HashBroughtKey = (key: string) => Buffer

/**
 * The hash by which a key is looked up. One of our own form is never looked for among those of other panels, nor the other way round: each costs one
 * hash and one look-up.
 */
export function hashAnyKey(key: string, hashBrought: HashBroughtKey | undefined): Buffer {
  return hashBrought === undefined || key.startsWith(OWN) ? hashKey(key) : hashBrought(key)
}

/** The part of a key that may be shown afterwards, to tell keys apart. */
export function keyPrefix(key: string): string {
  return key.slice(0, PREFIX_LENGTH)
}
