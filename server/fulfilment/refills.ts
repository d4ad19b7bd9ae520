import { type Database, transaction } from '../db/pool.ts'
import { settleRefills } from '../orders/settle-refills.ts'
import type { RefillStanding, RequestAnswer, Supplier, Told } from '../suppliers/supplier.ts'
import { closeAlerts, raiseAlert } from '../loops/alerts.ts'
import { backOff } from '../loops/back-off.ts'
import { after } from '../loops/time.ts'

const MOST_AT_ONCE = 50
const LEASE_SECONDS = 120
const LOOK_AGAIN_SECONDS = 30

interface DueRefill {
  refillId: bigint
  orderId: bigint
  reference: string
  attempts: number
}

// Refills of orders that went to this supplier: new ones, and those whose answer said to come back.
const DUE_REFILLS = `
  select r.id as "refillId", r.order_id as "orderId", h.reference, coalesce(f.attempts, 0) as attempts
  from refills r
  join hand_offs h on h.order_id = r.order_id and h.supplier_id = $1 and h.reference is not null
  left join refill_hand_offs f on f.refill_id = r.id
  where r.status = 'Pending' and (f.refill_id is null or (f.state = 'waiting' and f.due_at <= $2))
  order by r.id limit ${MOST_AT_ONCE} for update of r skip locked`
// Only what nobody else has claimed meanwhile comes back.
const CLAIM = `
  insert into refill_hand_offs as f (refill_id, supplier_id, due_at) select t.id, $2, $3 from unnest($1::bigint[]) as t(id)
  on conflict (refill_id) do update set state = 'calling', due_at = excluded.due_at, attempts = f.attempts + 1
    where f.state = 'waiting' and f.due_at <= $4
  returning f.refill_id as id`
const EXPIRED = `
  update refill_hand_offs set state = 'unconfirmed', due_at = 'infinity', words = 'The node that called stopped before it noted the answer'
  where supplier_id = $1 and state = 'calling' and due_at <= $2 returning refill_id`
const NOTE = 'update refill_hand_offs set state = $2, reference = $3, words = $4, due_at = $5 where refill_id = $1'

/** Claim → call → record for the refills that customers asked for. Answers how many it took. */
export async function handOffRefills(db: Database, supplierId: number, supplier: Supplier, now: () => Date): Promise<number> {
  const due = await transaction(db, async (tx) => {
    await tx.query(EXPIRED, [supplierId, now()])
    const { rows } = await tx.query<DueRefill>({ name: 'due refills', text: DUE_REFILLS, values: [supplierId, now()] })
    if (rows.length === 0) return []
    const values = [rows.map((row) => row.refillId), supplierId, after(now(), LEASE_SECONDS), now()]
    const claimed = new Set((await tx.query<{ id: bigint }>(CLAIM, values)).rows.map((row) => row.id))
    return rows.filter((row) => claimed.has(row.refillId))
  })
  for (const refill of due) await record(db, refill, supplierId, await callRefill(supplier, refill.reference), now())
  return due.length
}

async function callRefill(supplier: Supplier, reference: string): Promise<RequestAnswer> {
  try {
    return await supplier.refill(reference)
  } catch (error) {
    return { kind: 'unknown', words: error instanceof Error ? error.message : String(error) }
  }
}

async function record(db: Database, refill: DueRefill, supplierId: number, answer: RequestAnswer, now: Date): Promise<void> {
  const note = (state: string, reference: string | null, words: string | null, dueAt: Date | string) =>
    db.query(NOTE, [refill.refillId, state, reference, words, dueAt])
  if (answer.kind === 'taken') return void (await note('sent', answer.reference, null, after(now, 1)))
  if (answer.kind === 'refused') {
    await note('sent', null, answer.words, 'infinity')
    return settleRefills(db, [{ refillId: refill.refillId, status: 'Rejected', words: `refill refused: ${answer.words}` }], 'supplier', now)
  }
  // A second refill of the same order costs nobody money, and suppliers refuse it: asking again is safe enough, for a while.
  if (refill.attempts < 3) return void (await note('waiting', null, answer.words, backOff(now, refill.attempts)))
  await note('unconfirmed', null, answer.words, 'infinity')
  await raiseAlert(db, { kind: 'order needs attention', supplierId, orderId: refill.orderId, words: `refill: ${answer.words}` }, now)
}

const CLAIM_WATCHED = `
  update refill_hand_offs f set due_at = $3
  from (
    select refill_id from refill_hand_offs where supplier_id = $1 and state = 'sent' and reference is not null and due_at <= $2
    order by due_at limit 100 for update skip locked
  ) due
  join refills r on r.id = due.refill_id
  where f.refill_id = due.refill_id
  returning f.refill_id as "refillId", r.order_id as "orderId", f.reference, r.status in ('Pending', 'In progress') as open`
const DONE = `update refill_hand_offs set due_at = 'infinity' where refill_id = any($1::bigint[])`

/** Asks how the refills stand that the supplier has taken. Answers how many it asked. */
export async function pollRefills(db: Database, supplierId: number, supplier: Supplier, now: () => Date): Promise<number> {
  const claimed = { name: 'watched refills', text: CLAIM_WATCHED, values: [supplierId, now(), after(now(), LOOK_AGAIN_SECONDS)] }
  const { rows } = await db.query<{ refillId: bigint; orderId: bigint; reference: string; open: boolean }>(claimed)
  if (rows.length === 0) return 0
  const open = rows.filter((row) => row.open)
  await db.query(DONE, [rows.filter((row) => !row.open).map((row) => row.refillId)])
  if (open.length === 0) return 0
  const told = await supplier.refillStatus(open.map((row) => row.reference))
  const news = open.flatMap(({ refillId, reference }) => {
    const answer = told.get(reference)
    const standing = answer?.kind === 'read' ? answer.standing : undefined
    return standing?.status ? [{ refillId, status: standing.status, words: standing.words }] : []
  })
  await settleRefills(db, news, 'supplier', now())
  for (const { orderId, reference } of open) {
    const words = whatIsOdd(told.get(reference))
    if (words === undefined) continue
    const alert = { kind: 'refill unclear', supplierId, orderId } as const
    if (words === null) await closeAlerts(db, alert, now())
    else await raiseAlert(db, { ...alert, words: `The supplier says "${words}" of refill ${reference}` }, now())
  }
  return open.length
}

/** The words that nobody can act on; null: there are none. Undefined: it did not answer for this refill. */
function whatIsOdd(answer: Told<RefillStanding> | undefined): string | null | undefined {
  if (!answer) return undefined
  if (answer.kind !== 'read') return answer.words
  return answer.standing.status === null ? answer.standing.words : null
}
