import type { Queryable } from '../db/pool.ts'
import { formatUnits, type Units } from '../ledger/money.ts'
import { refuse } from '../refusal.ts'
import type { StaffActor } from '../staff/actor.ts'

/** One change of many orders. */
export interface Job {
  readonly id: bigint
  readonly act: string
  /** The fields of the act but for the order. */
  readonly input: Readonly<Record<string, unknown>>
  readonly staffId: number | null
  readonly who: string
  readonly via: StaffActor['via']
  readonly madeAt: Date
  /** Each order is changed and rolled back, to see what would come of it. */
  readonly trial: boolean
  /** The trial whose orders it works on. */
  readonly ofTrial: bigint | null
  readonly stopAskedBy: string | null
  readonly endedAt: Date | null
  readonly whyEnded: string | null
}

/** How far a job has come. */
export interface JobStanding extends Job {
  readonly orders: number
  readonly done: number
  readonly refused: number
}

const ADD = `
  with job as (
    insert into jobs (act, input, staff_id, who, via, made_at, trial, of_trial) values ($1, $2, $3, $4, $5, $6, $8, $9) returning id
  ), chosen as (
    insert into job_orders (job_id, order_id) select job.id, t.id from job cross join unnest($7::bigint[]) as t(id) on conflict do nothing
  )
  select id from job`

/** Makes a job with the orders that were chosen: they stay the same whatever happens meanwhile. */
export async function addJob(
  tx: Queryable,
  job: Pick<Job, 'act' | 'input' | 'trial' | 'ofTrial'> & { readonly orders: readonly bigint[] },
  actor: StaffActor,
  now: Date,
): Promise<bigint> {
  const values = [job.act, JSON.stringify(job.input), actor.staffId, actor.who, actor.via, now, job.orders, job.trial, job.ofTrial]
  return (await tx.query<{ id: bigint }>(ADD, values)).rows[0]!.id
}

const COLUMNS = `
  j.id, j.act, j.input, j.staff_id as "staffId", j.who, j.via, j.made_at as "madeAt", j.trial, j.of_trial as "ofTrial", j.stop_asked_by as "stopAskedBy",
  j.ended_at as "endedAt", j.why_ended as "whyEnded"`
// A node that works on a job notes it after every few orders; one that was killed does not. Two at once would only hinder each other.
const CLAIM = `
  update jobs j set worked_at = $1 where j.id = (
    select d.id from jobs d where d.ended_at is null and (d.worked_at is null or d.worked_at < $1::timestamptz - interval '5 seconds')
    order by d.worked_at nulls first, d.id limit 1 for update skip locked
  ) returning ${COLUMNS}`

/** A job that nobody works on; undefined: there is none. */
export async function claimJob(db: Queryable, now: Date): Promise<Job | undefined> {
  return (await db.query<Job>({ name: 'claim job', text: CLAIM, values: [now] })).rows[0]
}

const KEEP = 'update jobs j set worked_at = $2 where j.id = $1 and j.ended_at is null returning j.stop_asked_by as "stopAskedBy"'

/** Notes that somebody works on it. Answers who wants it to stop; undefined: it has ended. */
export async function keepJob(db: Queryable, id: bigint, now: Date): Promise<{ stopAskedBy: string | null } | undefined> {
  return (await db.query<{ stopAskedBy: string | null }>(KEEP, [id, now])).rows[0]
}

const LET_GO = 'update jobs set worked_at = null where id = $1 and ended_at is null'

/** Another node, or this one after it has started again, may go on with it at once. */
export async function letGoOfJob(db: Queryable, id: bigint): Promise<void> {
  await db.query(LET_GO, [id])
}

const NEXT = `select order_id as id from job_orders where job_id = $1 and state = 'waiting' order by order_id limit $2`

export async function nextOrders(db: Queryable, id: bigint, most: number): Promise<bigint[]> {
  return (await db.query<{ id: bigint }>({ name: 'next of job', text: NEXT, values: [id, most] })).rows.map((row) => row.id)
}

/** What came of one order. */
export interface Outcome {
  readonly state: 'done' | 'refused'
  readonly words: string
  readonly line: bigint | null
  readonly givenBack: Units | null
  readonly currency: string | null
}

const NOTE = `
  update job_orders set state = $3, words = $4, line = $5, given_back = $6, currency = $7, at = $8
  where job_id = $1 and order_id = $2 and state = 'waiting'`

/** Notes the outcome in the transaction of the change. False: another node has done this order, so the caller rolls back. */
export async function noteOutcome(tx: Queryable, job: bigint, order: bigint, outcome: Outcome, now: Date): Promise<boolean> {
  const { state, words, line, givenBack, currency } = outcome
  return (await tx.query(NOTE, [job, order, state, words, line, givenBack, currency, now])).rowCount === 1
}

const COUNTED = `
  select count(*)::int as orders, (count(*) filter (where state = 'done'))::int as done, (count(*) filter (where state = 'refused'))::int as refused
  from job_orders where job_id = j.id`
const END = `
  update jobs j set ended_at = $2, why_ended = $3, (orders, done, refused) = (${COUNTED}) where j.id = $1 and j.ended_at is null`

export async function endJob(db: Queryable, id: bigint, why: string | null, now: Date): Promise<void> {
  await db.query(END, [id, now, why])
}

const ASK_TO_STOP = 'update jobs set stop_asked_by = coalesce(stop_asked_by, $2) where id = $1 and ended_at is null'

/** Lets a job end before its next few orders. What it has done stays. */
export async function askToStop(tx: Queryable, id: bigint, who: string): Promise<void> {
  const { endedAt } = await findJob(tx, id)
  if (endedAt !== null) throw refuse('job_has_ended')
  await tx.query(ASK_TO_STOP, [id, who])
}

// Only jobs that go on are counted; there are few.
const STANDING = `
  select ${COLUMNS}, coalesce(j.orders, n.orders) as orders, coalesce(j.done, n.done) as done, coalesce(j.refused, n.refused) as refused
  from jobs j left join lateral (${COUNTED}) n on j.ended_at is null
  where ($1::bigint is null or j.id = $1) and ($2::bigint is null or j.id < $2) order by j.id desc limit $3`

/** Throws a Refusal when there is no such job. */
export async function findJob(db: Queryable, id: bigint): Promise<JobStanding> {
  const { rows } = await db.query<JobStanding>(STANDING, [id, null, 1])
  if (!rows[0]) throw refuse('unknown_job', Number(id))
  return rows[0]
}

/** Jobs with their progress, the newest first. */
export async function listJobs(db: Queryable, page: { before: bigint | null; most: number }): Promise<JobStanding[]> {
  return (await db.query<JobStanding>(STANDING, [null, page.before, page.most])).rows
}

/** An order of a job, and what came of it. */
export interface JobOrder {
  readonly order: bigint
  readonly state: 'waiting' | 'done' | 'refused'
  readonly words: string | null
  readonly line: bigint | null
  readonly givenBack: Units | null
  readonly currency: string | null
}

const ORDERS = `
  select order_id as "order", state, words, line, given_back as "givenBack", currency from job_orders
  where job_id = $1 and order_id > $2 order by order_id limit $3`

export async function listJobOrders(db: Queryable, job: bigint, page: { after: bigint; most: number }): Promise<JobOrder[]> {
  return (await db.query<JobOrder>(ORDERS, [job, page.after, page.most])).rows
}

const AT_A_TIME = 1000

/** All orders of a job with what came of each, for a file of any length. */
export async function* everyJobOrder(db: Queryable, job: bigint): AsyncGenerator<JobOrder> {
  for (let after = 0n; ;) {
    const rows = await listJobOrders(db, job, { after, most: AT_A_TIME })
    yield* rows
    if (rows.length < AT_A_TIME) return
    after = rows.at(-1)!.order
  }
}

/** A row of the result of a job, as programs get it. */
export function resultRow({ order, state, givenBack, currency, line, words }: JobOrder) {
  return { order, state, given_back: givenBack === null ? null : formatUnits(givenBack), currency, line, words }
}

/** The names of its columns. */
export const RESULT_COLUMNS = ['order', 'state', 'given_back', 'currency', 'line', 'words'] as const

const WOULD_CHANGE = `
  select t.order_id as id from jobs j join job_orders t on t.job_id = j.id
  where j.id = $1 and j.trial and j.ended_at is not null and j.why_ended is null and t.state = 'done' order by t.order_id`

/** The orders that a trial found it would change; empty: it has not ended, or found none. */
export async function ordersOfTrial(db: Queryable, trial: bigint): Promise<bigint[]> {
  return (await db.query<{ id: bigint }>(WOULD_CHANGE, [trial])).rows.map((row) => row.id)
}

/** What came of the orders of a job, or would: by the words of what was refused, and the money by currency. */
export interface JobSums {
  readonly refused: readonly { readonly words: string; readonly orders: number; readonly example: bigint }[]
  readonly givenBack: readonly { readonly currency: string; readonly amount: Units }[]
}

const REFUSED = `
  select words, count(*)::int as orders, min(order_id) as example from job_orders where job_id = $1 and state = 'refused'
  group by words order by 2 desc, 1 limit 50`
const GIVEN_BACK = `
  select currency, sum(given_back)::bigint as amount from job_orders where job_id = $1 and given_back > 0 group by currency order by currency`

export async function sumsOfJob(db: Queryable, job: bigint): Promise<JobSums> {
  const refused = (await db.query<JobSums['refused'][number]>({ name: 'refused of job', text: REFUSED, values: [job] })).rows
  const givenBack = (await db.query<JobSums['givenBack'][number]>({ name: 'given back by job', text: GIVEN_BACK, values: [job] })).rows
  return { refused, givenBack }
}
