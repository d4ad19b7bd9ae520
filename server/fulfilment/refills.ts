import { transaction } from '../db/pool.ts'
import { settleRefills } from '../orders/settle-refills.ts'
import type { RefillStanding, RequestAnswer, Supplier, StatusAnswer } from '../suppliers/supplier.ts'
import { closeAlerts, raiseAlert } from '../loops/alerts.ts'
import { eachByItself } from '../loops/by-itself.ts'
import type { SupplierContext } from './context.ts'
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

// Refills of orders that went to this supplier: new ones, and those whose answer was to try again later.
const DUE_REFILLS = `
  select r.id as "refillId", r.order_id as "orderId", h.reference, coalesce(f.attempts, 0) as attempts
  from refills r
  join hand_offs h on h.order_id = r.order_id and h.supplier_id = $1 and h.reference is not null
  left join refill_hand_offs f on f.refill_id = r.id
  where r.status = 'Pending' and (f.refill_id is null or (f.state = 'waiting' and f.due_at <= $2))
  order by r.id limit ${MOST_AT_ONCE} for update of r skip locked`
// Answers only refills that no other node has claimed meanwhile.
const CLAIM = `
  insert into refill_hand_offs as f (refill_id, supplier_id, due_at) select t.id, $2, $3 from unnest($1::bigint[]) as t(id)
  on conflict (refill_id) do update set state = 'calling', due_at = excluded.due_at, attempts = f.attempts + 1
    where f.state = 'waiting' and f.due_at <= $4
  returning f.refill_id as id`
const EXPIRED = `
  update refill_hand_offs set state = 'unconfirmed', due_at = 'infinity', words = 'The node that called stopped before it noted the answer'
  where supplier_id = $1 and state = 'calling' and due_at <= $2 returning refill_id`
const NOTE = 'update refill_hand_offs set state = $2, reference = $3, words = $4, due_at = $5 where refill_id = $1'

/** Claim → call → record for the refills that customers asked for. Answers how many it claimed. */
export async function handOffRefills(context: SupplierContext): Promise<number> {
  const { db, supplierId, supplier, now } = context
  const due = await transaction(db, async (tx) => {
    await tx.query(EXPIRED, [supplierId, now()])
    const { rows } = await tx.query<DueRefill>({ name: 'due refills', text: DUE_REFILLS, values: [supplierId, now()] })
    if (rows.length === 0) return []
    const values = [rows.map((row) => row.refillId), supplierId, after(now(), LEASE_SECONDS), now()]
    const claimed = new Set((await tx.query<{ id: bigint }>(CLAIM, values)).rows.map((row) => row.id))
    return rows.filter((row) => claimed.has(row.refillId))
  })
  await eachByItself(due, async (refill) => record(context, refill, await callRefill(supplier, refill.reference)))
  return due.length
}

async function callRefill(supplier: Supplier, reference: string): Promise<RequestAnswer> {
  try {
    return await supplier.refill(reference)
  } catch (error) {
    return { kind: 'unknown', words: error instanceof Error ? error.message : String(error) }
  }
}

async function record({ db, supplierId, now }: SupplierContext, refill: DueRefill, answer: RequestAnswer): Promise<void> {
  const { refillId, orderId, attempts } = refill
  const note = ({ state, reference = null, words = null, dueAt }: Noted) => db.query(NOTE, [refillId, state, reference, words, dueAt])
  switch (answer.kind) {
    case 'taken':
      await note({ state: 'sent', reference: answer.reference, dueAt: after(now(), 1) })
      return
    case 'refused': {
      await note({ state: 'sent', words: answer.words, dueAt: 'infinity' })
      const words = `refill refused: ${answer.words}`
      return settleRefills(db, [{ refillId, status: 'Rejected', words }], 'supplier', now())
    }
    case 'not now':
      if (answer.refusesKey) {
        await raiseAlert(db, { kind: 'supplier refuses our key', supplierId, orderId: null, words: answer.words }, now())
      }
      await note({ state: 'waiting', words: answer.words, dueAt: backOff(now(), attempts) })
      return
    case 'unknown':
      // A second refill of the same order costs nobody money, and suppliers refuse it, so asking again a few times is safe enough.
      if (attempts < 3) return void (await note({ state: 'waiting', words: answer.words, dueAt: backOff(now(), attempts) }))
      await note({ state: 'unconfirmed', words: answer.words, dueAt: 'infinity' })
      await raiseAlert(db, { kind: 'order needs attention', supplierId, orderId, words: `refill: ${answer.words}` }, now())
      return
    default:
      return answer satisfies never
  }
}

interface Noted {
  readonly state: 'sent' | 'waiting' | 'unconfirmed'
  readonly reference?: string | null
  readonly words?: string | null
  readonly dueAt: Date | 'infinity'
}

const CLAIM_WATCHED = `
  update refill_hand_offs f set due_at = $3
  from (
    select refill_id from refill_hand_offs where supplier_id = $1 and state = 'sent' and reference is not null and due_at <= $2
    order by due_at limit 100 for update skip locked
  ) due
  join refills r on r.id = due.refill_id
  where f.refill_id = due.refill_id
  returning f.refill_id as "refillId", r.order_id as "orderId", f.reference, f.attempts, r.status in ('Pending', 'In progress') as open`
const DONE = `update refill_hand_offs set due_at = 'infinity' where refill_id = any($1::bigint[])`

// Each odd answer doubles the pause until the refill is asked for again, so that it does not spoil every list.
const ASK_SELDOM = `
  update refill_hand_offs f set attempts = f.attempts + 1, due_at = t.due_at
  from unnest($1::bigint[], $2::timestamptz[]) as t(id, due_at) where f.refill_id = t.id`

interface WatchedRefill {
  readonly refillId: bigint
  readonly orderId: bigint
  readonly reference: string
  readonly attempts: number
  readonly open: boolean
}

/** Asks for the states of the refills that the supplier has accepted. Answers how many it asked for. */
export async function pollRefills({ db, supplierId, supplier, now }: SupplierContext): Promise<number> {
  const claimed = { name: 'watched refills', text: CLAIM_WATCHED, values: [supplierId, now(), after(now(), LOOK_AGAIN_SECONDS)] }
  const { rows } = await db.query<WatchedRefill>(claimed)
  if (rows.length === 0) return 0
  const open = rows.filter((row) => row.open)
  await db.query(DONE, [rows.filter((row) => !row.open).map((row) => row.refillId)])
  if (open.length === 0) return 0
  const answers = await supplier.refillStatus(open.map((row) => row.reference))
  const news = open.flatMap(({ refillId, reference }) => {
    const answer = answers.get(reference)
    const standing = answer?.kind === 'read' ? answer.standing : undefined
    return standing?.status ? [{ refillId, status: standing.status, words: standing.words }] : []
  })
  await settleRefills(db, news, 'supplier', now())
  const odd = open.filter(({ reference }) => typeof whatIsOdd(answers.get(reference)) === 'string')
  const seldom = odd.map(({ attempts }) => later(backOff(now(), attempts), after(now(), LOOK_AGAIN_SECONDS)))
  if (odd.length > 0) await db.query(ASK_SELDOM, [odd.map(({ refillId }) => refillId), seldom])
  await eachByItself(open, async ({ orderId, reference }) => {
    const words = whatIsOdd(answers.get(reference))
    if (words === undefined) return
    const alert = { kind: 'refill unclear', supplierId, orderId } as const
    if (words === null) await closeAlerts(db, alert, now())
    else await raiseAlert(db, { ...alert, words: `The supplier says "${words}" of refill ${reference}` }, now())
  })
  return open.length
}

function later(a: Date, b: Date): Date {
  return a > b ? a : b
}

/** The words that nobody can act on; null: the answer is clear. Undefined: there was no answer for this refill. */
function whatIsOdd(answer: StatusAnswer<RefillStanding> | undefined): string | null | undefined {
  if (!answer) return undefined
  if (answer.kind !== 'read') return answer.words
  return answer.standing.status === null ? answer.standing.words : null
}
