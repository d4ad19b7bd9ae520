import { z } from 'zod'
import { formatUnits } from '../ledger/money.ts'
import { listReferrals, listReferrers, referralKinds } from '../referrals/referrals.ts'
import { count, decimal, moment, word, yesNo } from './columns.ts'
import { list, type List, nextOf, number } from './list.ts'

/** Customers who bring customers. */
export const referralLists: readonly List[] = [
  list({
    name: 'referrals',
    does: 'who came by whose link, the newest first',
    permission: 'accounts.read',
    filters: z.object({
      kind: z.enum(referralKinds).default('all').describe('all, suspicious (the same network was seen) or ended'),
      referrer: number.max(2_147_483_647).optional().describe('number of the account that brought them'),
    }),
    row: z.object({
      referral: count(),
      account: count(),
      referrer: count(),
      percent: decimal(),
      days: count(),
      came: moment(),
      currency: word(),
      kept: decimal(),
      taken_back: decimal(),
      same_network: yesNo(),
      ended: moment().nullable(),
      ended_by: word().nullable(),
      reason: word().nullable(),
    }),
    async read(db, { kind, referrer = null }, { cursor, most }) {
      const rows = await listReferrals(db, { kind, referrer }, { before: cursor === null ? null : Number(cursor), most })
      const shown = rows.map((row) => ({
        referral: row.id,
        account: row.accountId,
        referrer: row.referrerId,
        percent: String(row.basisPoints / 100),
        days: row.days,
        came: row.at,
        currency: row.currency,
        kept: formatUnits(row.kept),
        taken_back: formatUnits(row.unpaid),
        same_network: row.sameNetwork,
        ended: row.endedAt,
        ended_by: row.endedByRule,
        reason: row.endedWhy,
      }))
      return { rows: shown, next: nextOf(rows, most, (row) => row.id) }
    },
  }),
  list({
    name: 'referrers',
    does: 'customers with a link to bring customers, whoever was paid most first: at most 200',
    permission: 'accounts.read',
    filters: z.object({}),
    row: z.object({
      account: count(),
      percent: decimal().nullable(),
      brought: count(),
      currency: word(),
      paid: decimal(),
      refused: moment().nullable(),
      reason: word().nullable(),
    }),
    async read(db, _, { most }) {
      const rows = await listReferrers(db, { behind: null, most })
      const shown = rows.map((row) => ({
        account: row.accountId,
        percent: row.basisPoints === null ? null : String(row.basisPoints / 100),
        brought: row.brought,
        currency: row.currency,
        paid: formatUnits(row.paid),
        refused: row.refusedAt,
        reason: row.refusedWhy,
      }))
      return { rows: shown, next: null }
    },
  }),
]
