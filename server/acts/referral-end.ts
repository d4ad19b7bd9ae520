import { z } from 'zod'
import { endReferral } from '../referrals/referrals.ts'
import { act } from './act.ts'
import { cli, id, reason } from './fields.ts'

export const referralEnd = act({
  name: 'referral end',
  does: 'end a referral: nothing more is counted or paid for it; what was paid stays paid',
  permission: 'accounts.manage',
  input: z.object({
    referral: cli(id(), { argument: true }).describe('number of the referral: "docket referral list" shows all'),
    reason: reason().describe('why, for the log and the list'),
  }),
  async run({ tx, now }, { referral, reason: why }) {
    const { referrerId: referrer, accountId: account } = await endReferral(tx, referral, why, now)
    return {
      result: { referral, account, referrer },
      subject: { account: referrer },
      before: { ended: null, reason: null },
      after: { ended: now, reason: why },
    }
  },
  says: ({ referral, account, referrer }) =>
    `Referral ${referral} has ended: account ${account} earns nothing more for account ${referrer}`,
})
