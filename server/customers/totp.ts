import { Secret as TotpSecret, TOTP } from 'otpauth'
import type { Queryable } from '../db/pool.ts'
import type { Secret } from '../secret.ts'
import { plainDigits } from './digits.ts'
import { recoveryCodesLeft, useRecoveryCode } from './recovery-codes.ts'

const SECRET_BYTES = 20
const PERIOD_SECONDS = 30
/** A phone's clock may be one time step off. */
const STEPS_OFF = 1

const FACTOR = 'select sealed_secret as "sealedSecret" from second_factors where user_id = $1 and confirmed_at is not null'
// The step is stored, so a second use of the same code finds it taken.
const TAKE_STEP = 'update second_factors set last_step = $2 where user_id = $1 and confirmed_at is not null and last_step < $2'

export type Code = { readonly kind: 'code' } | { readonly kind: 'recovery code'; readonly left: number }

/** Uses up a code of the app or a recovery code: each works once. Undefined when it is neither. */
export async function useCode(tx: Queryable, secret: Secret, userId: number, code: string, now: Date): Promise<Code | undefined> {
  const plain = plainCode(code)
  if (!/^\d{6}$/.test(plain)) {
    if (!(await useRecoveryCode(tx, userId, plain, now))) return undefined
    return { kind: 'recovery code', left: await recoveryCodesLeft(tx, userId) }
  }
  const { rows } = await tx.query<{ sealedSecret: Buffer }>(FACTOR, [userId])
  if (!rows[0]) return undefined
  const step = stepOf(secret.open(rows[0].sealedSecret), plain, now)
  if (step === undefined) return undefined
  return (await tx.query(TAKE_STEP, [userId, step])).rowCount === 1 ? { kind: 'code' } : undefined
}

/** The time step that this code belongs to; undefined when there is none. */
export function stepOf(secret: string, code: string, now: Date): number | undefined {
  const token = plainCode(code)
  // The library compares byte by byte and throws for a code of another length.
  if (!/^\d{6}$/.test(token)) return undefined
  const delta = totpOf(TotpSecret.fromBase32(secret)).validate({ token, timestamp: now.getTime(), window: STEPS_OFF })
  return delta === null ? undefined : Math.floor(now.getTime() / 1000 / PERIOD_SECONDS) + delta
}

/** Removes spaces, dashes and the invisible marks that come along when a code is pasted. */
export function plainCode(code: string): string {
  return plainDigits(code).replace(/[\s\p{Cf}-]/gu, '')
}

function totpOf(secret: TotpSecret, shown: { issuer?: string; label?: string } = {}): TOTP {
  return new TOTP({ ...shown, secret, algorithm: 'SHA1', digits: 6, period: PERIOD_SECONDS })
}

/** A new secret for an authenticator app, in base32. */
export function newTotpSecret(): string {
  return new TotpSecret({ size: SECRET_BYTES }).base32
}

/** The secret as a person types it into an app, and as the address in a QR code. */
export function showTotpSecret(base32: string, issuer: string, label: string): { secret: string; uri: string } {
  return { secret: base32, uri: totpOf(TotpSecret.fromBase32(base32), { issuer, label }).toString() }
}
