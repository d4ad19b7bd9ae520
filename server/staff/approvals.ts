import type { Queryable } from '../db/pool.ts'
import { formatUnits, parseUnits, type Units } from '../ledger/money.ts'
import { refuse } from '../refusal.ts'
import type { StaffActor } from './actor.ts'

/** An act that waits for a second person, or did. */
export interface Approval {
  readonly id: number
  readonly act: string
  readonly input: Readonly<Record<string, unknown>>
  readonly staffId: number
  /** E-mail address of whoever asked. */
  readonly askedBy: string
  readonly why: string
  readonly askedAt: Date
  readonly decidedAt: Date | null
  readonly decidedBy: string | null
  /** Null: nobody has decided. */
  readonly accepted: boolean | null
}

const ASK = 'insert into approvals (act, input, staff_id, why, asked_at) values ($1, $2, $3, $4, $5) returning id'

/** Keeps an act until a second person decides about it. `input` is JSON. */
export async function askForSecond(
  tx: Queryable,
  asked: { readonly act: string; readonly input: string; readonly staffId: number; readonly why: string },
  now: Date,
): Promise<number> {
  return (await tx.query<{ id: number }>(ASK, [asked.act, asked.input, asked.staffId, asked.why, now])).rows[0]!.id
}

const APPROVALS = `
  select a.id, a.act, a.input, a.staff_id as "staffId", s.email as "askedBy", a.why, a.asked_at as "askedAt", a.decided_at as "decidedAt",
    a.decided_by as "decidedBy", a.accepted
  from approvals a join staff s on s.id = a.staff_id`

/** The newest first; `waiting`: only those that nobody has decided. */
export async function listApprovals(db: Queryable, page: { waiting: boolean; before: number | null; most: number }): Promise<Approval[]> {
  const { rows } = await db.query<Approval>(
    `${APPROVALS} where (not $1 or a.decided_at is null) and ($2::int is null or a.id < $2) order by a.id desc limit $3`,
    [page.waiting, page.before, page.most],
  )
  return rows
}

/** Takes an act that waits, for whoever decides about it: never the one who asked for it. Throws a Refusal when it waits no more. */
export async function decideApproval(tx: Queryable, id: number, actor: StaffActor, accepted: boolean, now: Date): Promise<Approval> {
  const { rows } = await tx.query<Approval>(`${APPROVALS} where a.id = $1 for update of a`, [id])
  const [approval] = rows
  if (!approval) throw refuse('unknown_approval', id)
  if (approval.decidedAt !== null) throw refuse('approval_decided', approval.decidedBy!)
  if (accepted && approval.staffId === actor.staffId) throw refuse('own_approval')
  await tx.query('update approvals set decided_at = $2, decided_by = $3, accepted = $4 where id = $1', [id, now, actor.who, accepted])
  return approval
}

// Sums of different currencies are never added up: each currency has the limit for itself.
const MOVED_TODAY = `
  select coalesce(sum(abs(coalesce(l.result ->> 'credited', l.input ->> 'amount', l.input ->> 'balance', '0')::numeric)), 0)::text as sum
  from staff_log l join accounts a on a.id = l.account_id
  where l.act in ('fund', 'account add', 'payment approve', 'payment decide', 'bonus give') and l.staff_id = $1 and a.currency = $2
    and l.result ->> 'approval' is null and l.at >= date_trunc('day', $3::timestamptz at time zone 'utc') at time zone 'utc'`

/** Why a person may not move this much alone; undefined: they may. The sum is of amounts in and out, in this currency, and a day is one in UTC.
 * Holds others of the same person until the commit, so that two at once do not both fit. */
export async function whyNotAlone(
  tx: Queryable,
  actor: StaffActor,
  moved: { readonly amount: Units; readonly currency: string; readonly limit: Units | null },
  now: Date,
): Promise<string | undefined> {
  const { amount, currency, limit } = moved
  if (actor.staffId === null || limit === null || amount === 0n) return undefined
  await tx.query('select pg_advisory_xact_lock(7304, $1)', [actor.staffId])
  const { rows } = await tx.query<{ sum: string }>(MOVED_TODAY, [actor.staffId, currency, now])
  const before = parseUnits(Number(rows[0]!.sum) === 0 ? '0' : rows[0]!.sum)
  const sum = before + (amount < 0n ? -amount : amount)
  if (sum <= limit) return undefined
  return `${actor.who} would move ${formatUnits(sum)} ${currency} today, and may move ${formatUnits(limit)} ${currency} alone`
}
