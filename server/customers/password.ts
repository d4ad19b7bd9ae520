import { randomBytes } from 'node:crypto'
import { hash, parseOptions, verify } from '@node-rs/argon2'
import { openTurns } from '../loops/turns.ts'
import { refuse } from '../refusal.ts'
import { betweenLetters } from '../text.ts'
import { isCommonPassword } from './common-passwords.ts'

export interface PasswordStrength {
  readonly memoryCost: number
  readonly timeCost: number
  readonly parallelism: number
}

/** OWASP's parameters for Argon2id: 19 MiB, two passes. */
const STRENGTH: PasswordStrength = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
const ARGON2ID = 2

export interface Passwords {
  hash(password: string): Promise<string>
  /** Whether this is the password behind the hash. With null a dummy hash is checked: it takes equally long and is never right. */
  verify(hashed: string | null, password: string): Promise<boolean>
  /** Hashed with weaker parameters than today's: to be hashed again while the password is known. */
  isWeak(hashed: string): boolean
}

// The threads also serve files and name look-ups, and each hash needs its memory: two run at a time, and a caller who would wait too long is refused
// at once.
const MOST_AT_ONCE = 2
const MOST_WAITING = 100

/** Hashes in worker threads, a few at a time. */
export function openPasswords(strength: PasswordStrength = STRENGTH): Passwords {
  const limited = openTurns(MOST_AT_ONCE, refuseCrowd)
  const options = { ...strength, algorithm: ARGON2ID }
  const hashOf = (password: string) => limited(() => hash(normalized(password), options))
  let dummyHash: string | undefined
  return {
    hash: hashOf,
    async verify(hashed, password) {
      // The first caller makes the dummy hash, so that an unknown address takes no longer after a start than later.
      dummyHash ??= await hashOf(randomBytes(16).toString('hex'))
      const against = hashed ?? dummyHash
      const right = await limited(() => verify(against, normalized(password)))
      return right && hashed !== null
    },
    isWeak(hashed) {
      const { memoryCost, timeCost, parallelism } = parseOptions(hashed)
      return memoryCost < strength.memoryCost || timeCost < strength.timeCost || parallelism < strength.parallelism
    },
  }
}

/** Normalizing takes quadratic time for a row of accents. The cut is longer than any password that was ever accepted. */
function normalized(password: string): string {
  return password.slice(0, LONGEST * 10).normalize('NFKC')
}

function refuseCrowd(waiting: number) {
  if (waiting >= MOST_WAITING) throw refuse('overloaded', 'Too many people are signing in')
}

const SHORTEST = 10
const LONGEST = 200

/** Throws a Refusal for a password that is too easy to guess. Length counts, not the kinds of characters. */
export function checkNewPassword(password: string, email: string): void {
  const characters = Array.from(normalized(password)).length
  if (characters < SHORTEST) throw refuse('password_too_short', SHORTEST)
  if (characters > LONGEST) throw refuse('password_too_long', LONGEST)
  const lower = password.toLowerCase()
  const address = email.toLowerCase()
  const isAddress = lower === address || betweenLetters(lower) === betweenLetters(address.split('@')[0]!)
  if (isAddress) throw refuse('password_like_email')
  if (isCommonPassword(password)) throw refuse('password_too_common')
}
