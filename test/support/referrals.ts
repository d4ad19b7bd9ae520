import { transaction } from '../../server/db/pool.ts'
import { attributeReferral } from '../../server/referrals/attribute.ts'
import type { ReferralProgram } from '../../server/referrals/program.ts'
import { referralOf } from '../../server/referrals/referrals.ts'
import { makeReferrer } from '../../server/referrals/referrers.ts'
import type { Docket } from './docket.ts'

export const PROGRAM: ReferralProgram = { isOn: true, basisPoints: 500, days: 7, least: 1n }

/** An account that another one has brought: both are new, unless the referrer is given. */
export async function referred(
  { db, clock, account }: Pick<Docket, 'db' | 'clock' | 'account'>,
  { referrer, balance = '100', program = PROGRAM }: { referrer?: number; balance?: string; program?: ReferralProgram } = {},
) {
  const by = referrer ?? (await account({ balance: '1' })).account
  const brought = await account({ balance })
  const now = clock.now()
  await transaction(db, async (tx) => {
    const { code } = await makeReferrer(tx, by, now)
    const email = `brought${brought.account}@brought.example`
    await attributeReferral(
      tx,
      { accountId: brought.account, email, currency: 'USD', code, address: '203.0.113.9', browser: undefined },
      program,
      now,
    )
  })
  const referral = await referralOf(db, brought.account)
  return { ...brought, referrer: by, referral: referral!.id }
}
