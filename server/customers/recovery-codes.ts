import { randomBytes } from 'node:crypto'
import type { Queryable } from '../db/pool.ts'
import { hashToken } from './token.ts'

const HOW_MANY = 10
// No letters that look like digits: people write the codes down.
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'
const LENGTH = 16
const GROUP = 4

const FORGET = 'delete from recovery_codes where user_id = $1'
const ADD = 'insert into recovery_codes (user_id, hash) select $1, unnest($2::bytea[])'

/** Makes ten new codes and deletes the old ones. They are shown here and never again. */
export async function makeRecoveryCodes(tx: Queryable, userId: number): Promise<string[]> {
  const { codes, hashes } = newRecoveryCodes()
  await tx.query(FORGET, [userId])
  await tx.query(ADD, [userId, hashes])
  return codes
}

/** Ten codes, and what is stored of them. */
export function newRecoveryCodes(): { codes: string[]; hashes: Buffer[] } {
  const codes = Array.from({ length: HOW_MANY }, makeCode)
  return { codes, hashes: codes.map(hashRecoveryCode) }
}

/** About 79 random bits: too many to search a plain digest for. */
function makeCode(): string {
  let code = ''
  while (code.length < LENGTH) {
    for (const byte of randomBytes(LENGTH)) {
      // Bytes beyond the last whole round are skipped: they would favour the first letters.
      if (byte < 256 - (256 % ALPHABET.length) && code.length < LENGTH) code += ALPHABET[byte % ALPHABET.length]!
    }
  }
  const groups = Array.from({ length: LENGTH / GROUP }, (_, at) => code.slice(at * GROUP, (at + 1) * GROUP))
  return groups.join('-')
}

export function hashRecoveryCode(code: string): Buffer {
  return hashToken(`recovery code ${code.toLowerCase().replace(/[^a-z0-9]/g, '')}`)
}

const USE = 'update recovery_codes set used_at = $3 where user_id = $1 and hash = $2 and used_at is null'
const LEFT = 'select count(*)::int as left from recovery_codes where user_id = $1 and used_at is null'

/** Uses a code up: it works once, even for two requests at the same time. */
export async function useRecoveryCode(tx: Queryable, userId: number, code: string, now: Date): Promise<boolean> {
  return (await tx.query(USE, [userId, hashRecoveryCode(code), now])).rowCount === 1
}

export async function recoveryCodesLeft(db: Queryable, userId: number): Promise<number> {
  return (await db.query<{ left: number }>(LEFT, [userId])).rows[0]!.left
}
