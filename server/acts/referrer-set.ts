import { z } from 'zod'
import { findAccount } from '../customers/accounts.ts'
import { allowReferrer, findReferrer, refuseReferrer, setShareOf } from '../referrals/referrers.ts'
import { act } from './act.ts'
import { cli, id, percent, reason } from './fields.ts'

const ofAccount = { account: cli(id(), { argument: true }).describe('number of the account that brings customers') }

const shown = (basisPoints: number | null | undefined) =>
  basisPoints === null || basisPoints === undefined ? null : String(basisPoints / 100)

export const referrerSet = act({
  name: 'referrer set',
  does: 'agree a share with a customer who brings customers; it holds for those who come from now on',
  permission: 'services.price',
  overwrites: true,
  input: z.object({
    ...ofAccount,
    referrer_percent: percent().nullable().describe('the share in per cent of what is kept, like 7.5; none: that of the settings'),
  }),
  async run({ tx, now }, { account, referrer_percent: basisPoints }) {
    await findAccount(tx, account)
    const before = { percent: shown((await setShareOf(tx, account, basisPoints, now)).basisPoints) }
    const after = { percent: shown((await findReferrer(tx, account))?.basisPoints) }
    return { result: { account, ...after }, subject: { account }, before, after }
  },
  says: ({ account, percent: share }) =>
    `Account ${account} gets ${share === null ? 'the share of the settings' : `${share}%`} for those who come from now on`,
})

export const referrerRefuse = act({
  name: 'referrer refuse',
  does: 'refuse the link of a customer: it brings nobody any more, and nothing more is paid for whoever came by it',
  permission: 'accounts.manage',
  input: z.object({ ...ofAccount, reason: reason().describe('why, for the log and the list') }),
  async run({ tx, now }, { account, reason: why }) {
    const ended = await refuseReferrer(tx, account, why, now)
    return { result: { account, ended }, subject: { account }, before: { refused: null }, after: { refused: now, reason: why } }
  },
  says: ({ account, ended }) => `The link of account ${account} is refused; referrals that ended with it: ${ended}`,
})

export const referrerAllow = act({
  name: 'referrer allow',
  does: 'let a refused link bring customers again; referrals that have ended stay ended',
  permission: 'accounts.manage',
  input: z.object(ofAccount),
  async run({ tx }, { account }) {
    const { refusedAt: refused, refusedWhy: why } = await allowReferrer(tx, account)
    return { result: { account }, subject: { account }, before: { refused, reason: why }, after: { refused: null, reason: null } }
  },
  says: ({ account }) => `The link of account ${account} brings customers again`,
})
