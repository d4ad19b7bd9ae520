import { listReferrals, listReferrers, type ReferralKind, referralKinds } from '../../../referrals/referrals.ts'
import type { Desk, DeskContext } from '../desk.ts'
import { MOST, numberIn } from '../money/asked.ts'

/** Routes who brings customers, and whom somebody should look at. */
export function routeReferrals(desk: Desk) {
  desk.page('/referrals', 'accounts.read', showReferrers)
  desk.page('/referrals/:kind', 'accounts.read', showReferrals)
}

const LARGEST_ID = 2 ** 31 - 1

function idIn(text: string | null): number | null {
  const id = numberIn(text ?? undefined)
  return id !== null && id <= LARGEST_ID ? id : null
}

async function showReferrers(context: DeskContext) {
  const { referrersPage } = await import('./referrals.tsx')
  const { query, db } = context
  const [paid, account] = [query.get('paid') ?? '', idIn(query.get('behind'))]
  const behind = /^\d{1,18}$/.test(paid) && account !== null ? { paid: BigInt(paid), accountId: account } : null
  const found = await listReferrers(db, { behind, most: MOST + 1 })
  return context.send(referrersPage(context, { rows: found.slice(0, MOST), hasMore: found.length > MOST, isFirst: behind === null }))
}

async function showReferrals(context: DeskContext) {
  const { referralsPage } = await import('./referrals.tsx')
  const { query, db, params } = context
  const kind: ReferralKind = referralKinds.find((each) => each === params['kind']) ?? 'all'
  const [before, referrer] = [idIn(query.get('before')), idIn(query.get('referrer'))]
  const found = await listReferrals(db, { kind, referrer }, { before, most: MOST + 1 })
  const rows = found.slice(0, MOST)
  return context.send(referralsPage(context, { kind, referrer, rows, hasMore: found.length > MOST, isFirst: before === null }))
}
