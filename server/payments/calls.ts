import { createHash } from 'node:crypto'
import type { Queryable } from '../db/pool.ts'
import type { Call } from './gateway.ts'
import { packHeard, type Authentic, type PackedHeard, unpackHeard } from './pack-heard.ts'

/** An authentic call that was kept. */
export interface KeptCall {
  readonly id: bigint
  readonly methodId: number
  /** It was handled before: sent again, nothing is left to do. */
  readonly isHandled: boolean
}

const KEEP = `
  insert into payment_calls as c (method_id, hash, at, last_at, verb, query, headers, body, event_id, heard)
  values ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9)
  on conflict on constraint one_row_a_call do update set times = c.times + 1, last_at = excluded.last_at
  returning id, method_id as "methodId", handled_at is not null as "isHandled"`
/** Of use as evidence; the others may hold anything. */
const KEPT_HEADERS = /^(content-type|user-agent|x-|webhook-|stripe-|paypal-|btcpay-|authorization$)/
const NOT_KEPT = /^(authorization|x-api-key)$/

/** Keeps an authentic call, once however often it is sent. */
export async function keepCall(
  db: Queryable,
  methodId: number,
  call: Call,
  heard: Authentic & { readonly eventId: string | null },
  now: Date,
): Promise<KeptCall> {
  const query = call.query.toString()
  const hash = createHash('sha256').update(call.method).update('\n').update(query).update('\n').update(call.body).digest()
  const headers = Object.entries(call.headers).filter(([name]) => KEPT_HEADERS.test(name) && !NOT_KEPT.test(name))
  const values = [
    methodId,
    hash,
    now,
    call.method,
    query,
    JSON.stringify(Object.fromEntries(headers)),
    call.body,
    heard.eventId,
    JSON.stringify(packHeard(heard)),
  ]
  return (await db.query<KeptCall>({ name: 'keep call', text: KEEP, values })).rows[0]!
}

export async function noteHandled(db: Queryable, id: bigint, now: Date): Promise<void> {
  await db.query({ name: 'call handled', text: 'update payment_calls set handled_at = $2 where id = $1', values: [id, now] })
}

const LEFT = `
  select c.id, c.method_id as "methodId", c.heard from payment_calls c
  where c.handled_at is null and c.last_at < $1::timestamptz - interval '30 seconds' and c.last_at > $1::timestamptz - interval '3 days'
  order by c.last_at limit 20`

export interface LeftCall {
  readonly id: bigint
  readonly methodId: number
  readonly heard: Authentic
}

/** Calls that were kept and not handled: the node stopped, or the gateway could not be asked. */
export async function leftCalls(db: Queryable, now: Date): Promise<LeftCall[]> {
  const { rows } = await db.query<Omit<LeftCall, 'heard'> & { heard: PackedHeard }>({ name: 'left calls', text: LEFT, values: [now] })
  return rows.map((row) => ({ ...row, heard: unpackHeard(row.heard) }))
}

/** Deletes calls after 90 days. */
export async function forgetOldCalls(db: Queryable, now: Date): Promise<void> {
  await db.query({ text: `delete from payment_calls where at < $1::timestamptz - interval '90 days'`, values: [now] })
}
