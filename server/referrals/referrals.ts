import type { Queryable } from '../db/pool.ts'
import type { Units } from '../ledger/money.ts'
import { refuse } from '../refusal.ts'
import type { EndRule } from './attribute.ts'

/** Who came by whose link. */
export interface Referral {
  readonly id: number
  readonly accountId: number
  readonly email: string
  readonly referrerId: number
  readonly referrerEmail: string
  readonly currency: string
  readonly basisPoints: number
  readonly days: number
  readonly at: Date
  /** What the orders of the account kept so far, and how much of it a bank has taken back. */
  readonly kept: Units
  readonly unpaid: Units
  readonly sameNetwork: boolean
  readonly endedAt: Date | null
  readonly endedByRule: EndRule | null
  readonly endedWhy: string | null
}

const COLUMNS = `
  select f.id, f.account_id as "accountId", a.email, f.referrer_id as "referrerId", r.email as "referrerEmail", a.currency,
    f.basis_points as "basisPoints", f.days, f.at, f.kept, f.unpaid, f.same_network as "sameNetwork", f.ended_at as "endedAt",
    f.ended_by_rule as "endedByRule", f.ended_why as "endedWhy"
  from referrals f join accounts a on a.id = f.account_id join accounts r on r.id = f.referrer_id`

/** `suspicious`: somebody should look, because the same network was seen; `ended`: by a rule, or by staff. */
export const referralKinds = ['all', 'suspicious', 'ended'] as const
export type ReferralKind = (typeof referralKinds)[number]

const WHERE: Readonly<Record<ReferralKind, string>> = {
  all: 'true',
  suspicious: 'f.ended_at is null and f.same_network',
  ended: 'f.ended_at is not null',
}

/** The newest first; `before`: the last one of the page before. */
export async function listReferrals(
  db: Queryable,
  { kind, referrer }: { readonly kind: ReferralKind; readonly referrer: number | null },
  { before, most }: { readonly before: number | null; readonly most: number },
): Promise<Referral[]> {
  const of = referrer === null ? '' : 'and f.referrer_id = $3'
  const text = `${COLUMNS} where ${WHERE[kind]} and ($1::int is null or f.id < $1) ${of} order by f.id desc limit $2`
  return (await db.query<Referral>(text, [before, most, ...(referrer === null ? [] : [referrer])])).rows
}

/** By whose link an account came; undefined: by nobody's. */
export async function referralOf(db: Queryable, accountId: number): Promise<Referral | undefined> {
  return (await db.query<Referral>(`${COLUMNS} where f.account_id = $1`, [accountId])).rows[0]
}

const END = `
  update referrals set ended_at = $2, ended_by_rule = 'abuse', ended_why = $3 where id = $1 and ended_at is null`

/** Ends a referral: nothing more is counted or paid for it. What was paid stays paid. */
export async function endReferral(tx: Queryable, id: number, why: string, now: Date): Promise<Referral> {
  const [found] = (await tx.query<Referral>(`${COLUMNS} where f.id = $1 for update of f`, [id])).rows
  if (!found) throw refuse('unknown_referral', id)
  if (found.endedAt) throw refuse('referral_ended', id)
  await tx.query(END, [id, now, why])
  return found
}

export interface TopReferrer {
  readonly accountId: number
  readonly email: string
  readonly currency: string
  readonly basisPoints: number | null
  readonly brought: number
  readonly paid: Units
  readonly refusedAt: Date | null
  readonly refusedWhy: string | null
}

const TOP = `
  select r.account_id as "accountId", a.email, a.currency, r.basis_points as "basisPoints", r.brought, r.paid, r.refused_at as "refusedAt",
    r.refused_why as "refusedWhy"
  from referrers r join accounts a on a.id = r.account_id
  where $1::bigint is null or (r.paid, r.account_id) < ($1, $2::int) order by r.paid desc, r.account_id desc limit $3`

/** Whoever was paid most first. */
export async function listReferrers(
  db: Queryable,
  { behind, most }: { readonly behind: { readonly paid: Units; readonly accountId: number } | null; readonly most: number },
): Promise<TopReferrer[]> {
  return (await db.query<TopReferrer>(TOP, [behind?.paid ?? null, behind?.accountId ?? null, most])).rows
}

/** What was earned with one order, or what a bank took back (without an order). */
export interface Commission {
  readonly id: bigint
  readonly referralId: number
  readonly email: string
  readonly orderId: bigint | null
  readonly at: Date
  readonly charged: Units
  readonly givenBack: Units
  readonly basisPoints: number
  /** The share of what is kept by now, and what was paid for it. */
  readonly share: Units
  readonly paid: Units
  /** Null: the order is under way. */
  readonly ripensAt: Date | null
  readonly ended: boolean
}

const COMMISSIONS = `
  select c.id, c.referral_id as "referralId", a.email, c.order_id as "orderId", c.at, c.charged, c.given_back as "givenBack",
    f.basis_points as "basisPoints", commission_of(p_kept => c.charged - c.given_back, p_basis_points => f.basis_points) as share, c.paid,
    c.ripens_at as "ripensAt", f.ended_at is not null as ended
  from commissions c join referrals f on f.id = c.referral_id join accounts a on a.id = f.account_id
  where c.referrer_id = $1 and ($2::bigint is null or c.id < $2) order by c.id desc limit $3`

/** What a referrer earned, line by line, the newest first. */
export async function listCommissions(
  db: Queryable,
  referrerId: number,
  { before, most }: { readonly before: bigint | null; readonly most: number },
): Promise<Commission[]> {
  return (await db.query<Commission>(COMMISSIONS, [referrerId, before, most])).rows
}
