import { hashRecoveryCode, newRecoveryCodes } from '../customers/recovery-codes.ts'
import { plainCode, stepOf } from '../customers/totp.ts'
import type { Queryable } from '../db/pool.ts'
import type { Secret } from '../secret.ts'

const FACTOR = 'select sealed_secret as "sealedSecret" from staff_second_factors where staff_id = $1 and confirmed_at is not null'
// The step is stored, so a second use of the same code finds it taken.
const TAKE_STEP = 'update staff_second_factors set last_step = $2 where staff_id = $1 and confirmed_at is not null and last_step < $2'
const USE_RECOVERY = 'update staff_recovery_codes set used_at = $3 where staff_id = $1 and hash = $2 and used_at is null'

/** Uses up a code of the app or a recovery code: each works once, even for two requests at the same time. Undefined when it is neither. */
export async function useStaffCode(
  tx: Queryable,
  secret: Secret,
  staffId: number,
  code: string,
  now: Date,
): Promise<'code' | 'recovery code' | undefined> {
  const plain = plainCode(code)
  if (!/^\d{6}$/.test(plain)) {
    return (await tx.query(USE_RECOVERY, [staffId, hashRecoveryCode(plain), now])).rowCount === 1 ? 'recovery code' : undefined
  }
  const { rows } = await tx.query<{ sealedSecret: Buffer }>(FACTOR, [staffId])
  const step = rows[0] && stepOf(secret.open(rows[0].sealedSecret), plain, now)
  if (step === undefined) return undefined
  return (await tx.query(TAKE_STEP, [staffId, step])).rowCount === 1 ? 'code' : undefined
}

const FORGET = 'delete from staff_recovery_codes where staff_id = $1'
const ADD = 'insert into staff_recovery_codes (staff_id, hash) select $1, unnest($2::bytea[])'

/** Makes ten new recovery codes and deletes the old ones. They are shown here and never again. */
export async function makeStaffRecoveryCodes(tx: Queryable, staffId: number): Promise<string[]> {
  const { codes, hashes } = newRecoveryCodes()
  await tx.query(FORGET, [staffId])
  await tx.query(ADD, [staffId, hashes])
  return codes
}

const LEFT = 'select count(*)::int as left from staff_recovery_codes where staff_id = $1 and used_at is null'

export async function staffRecoveryCodesLeft(db: Queryable, staffId: number): Promise<number> {
  return (await db.query<{ left: number }>(LEFT, [staffId])).rows[0]!.left
}
