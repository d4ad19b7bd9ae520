import { type Command, Option } from 'commander'
import { referralEnd } from '../../server/acts/referral-end.ts'
import { referrerAllow, referrerRefuse, referrerSet } from '../../server/acts/referrer-set.ts'
import { formatUnits } from '../../server/ledger/money.ts'
import { listReferrals, listReferrers, type ReferralKind, referralKinds } from '../../server/referrals/referrals.ts'
import { addAct } from '../acts.ts'
import { withDatabase } from '../database.ts'
import { type Json, print, table } from '../output.ts'

const MOST = 200

/** Customers who bring customers. */
export function addReferralCommands(program: Command) {
  const referral = program.command('referral').description('who came by whose link: list, end')
  addReferralList(referral)
  addAct(referral, referralEnd)

  const referrer = program.command('referrer').description('customers who bring customers: list, set, refuse, allow')
  addReferrerList(referrer)
  for (const act of [referrerSet, referrerRefuse, referrerAllow]) addAct(referrer, act)
}

function addReferralList(referral: Command) {
  referral
    .command('list')
    .description(`who came by whose link, the newest first, at most ${MOST}`)
    .addOption(new Option('--kind <kind>', 'all, suspicious (the same network was seen) or ended').choices(referralKinds).default('all'))
    .option('--json', 'answer in JSON')
    .action(({ kind, json }: { kind: ReferralKind } & Json) =>
      withDatabase(async (db) => {
        const found = await listReferrals(db, { kind, referrer: null }, { before: null, most: MOST })
        const shown = found.map((row) => ({
          referral: row.id,
          account: row.accountId,
          referrer: row.referrerId,
          percent: String(row.basisPoints / 100),
          came: row.at,
          kept: formatUnits(row.kept),
          same_network: row.sameNetwork,
          ended: row.endedAt,
          ended_by: row.endedByRule,
          reason: row.endedWhy,
        }))
        const rows = shown.map((row) => [
          String(row.referral),
          String(row.referrer),
          String(row.account),
          `${row.percent}%`,
          row.kept,
          row.ended_by ?? (row.same_network ? 'same network' : ''),
        ])
        print(json, shown, rows.length ? table(['id', 'referrer', 'account', 'share', 'kept', ''], rows) : 'None')
      }),
    )
}

function addReferrerList(referrer: Command) {
  referrer
    .command('list')
    .description(`whoever was paid most first, at most ${MOST}`)
    .option('--json', 'answer in JSON')
    .action(({ json }: Json) =>
      withDatabase(async (db) => {
        const found = await listReferrers(db, { behind: null, most: MOST })
        const shown = found.map((row) => ({
          account: row.accountId,
          percent: row.basisPoints === null ? null : String(row.basisPoints / 100),
          brought: row.brought,
          paid: formatUnits(row.paid),
          currency: row.currency,
          refused: row.refusedAt,
          reason: row.refusedWhy,
        }))
        const rows = shown.map((row) => [
          String(row.account),
          String(row.brought),
          `${row.paid} ${row.currency}`,
          row.percent === null ? '' : `${row.percent}%`,
          row.refused ? 'refused' : '',
        ])
        print(json, shown, rows.length ? table(['account', 'brought', 'paid', 'share', ''], rows) : 'None')
      }),
    )
}
