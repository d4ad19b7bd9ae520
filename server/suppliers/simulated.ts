import type { RefillStatus } from '../../contract/statuses.ts'
import type { Queryable } from '../db/pool.ts'
import { simulatedSubscriptions } from './simulated-subscriptions.ts'
import { type Ending, endings, type NewWork } from './simulated-work.ts'
import type { Standing, StatusAnswer, Supplier } from './supplier.ts'

interface Work {
  reference: string
  quantity: bigint
  startCount: bigint
  ending: Ending
  startedAt: Date
  seconds: number
  canceledAt: Date | null
}

const ADD = `
  insert into simulated_orders (reference, quantity, start_count, ending, started_at, seconds)
  select * from unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::timestamptz[], $6::float8[])
  on conflict (reference) do nothing`
const READ = `
  select reference, quantity, start_count as "startCount", ending, started_at as "startedAt", seconds, canceled_at as "canceledAt"
  from simulated_orders where reference = any($1)`
const CANCEL = 'update simulated_orders set canceled_at = $2 where reference = any($1) and canceled_at is null'

interface SimulatedParts {
  readonly db: Queryable
  readonly now: () => Date
  readonly speed: number
  /** False: it plays a supplier to which nothing may be sent twice. */
  readonly keepsRetryKeys?: boolean
}

/**
 * Works on orders by the clock: pending, processing, in progress with falling remains, then its ending. The state of an order is a pure function of
 * its start and the time, so tests move the clock and a crash loses nothing. `speed`: simulated seconds per real second.
 */
export function simulatedSupplier(deps: SimulatedParts): Supplier {
  const subscriptions = simulatedSubscriptions(deps, beginWork)
  return {
    repeatsSafely: async () => deps.keepsRetryKeys ?? true,
    async add(order) {
      const ending = endingOf(order.link)
      if (ending === 'refused') return { kind: 'refused', reason: 'other', words: 'The link asked to be refused' }
      const reference = `sim-${order.orderId}`
      if (order.type === 'Subscriptions') return subscriptions.add(reference, order.parameters)
      await beginWork([{ reference, quantity: order.quantity, startCount: (order.orderId * 7919n) % 10_000n, ending, at: deps.now() }])
      return { kind: 'accepted', reference, words: null }
    },
    async status(references) {
      const { rows } = await deps.db.query<Work>({ name: 'simulated status', text: READ, values: [references] })
      const now = deps.now()
      const watched = await subscriptions.status(references)
      return answersOf([...watched, ...rows.map((work) => [work.reference, standing(work, now, deps.speed)] as const)])
    },
    async cancel(references) {
      await deps.db.query(CANCEL, [references, deps.now()])
      await subscriptions.cancel(references)
      return new Map(references.map((reference) => [reference, { kind: 'taken', reference: null }]))
    },
    async refill(reference) {
      return { kind: 'taken', reference: `${reference}-${deps.now().getTime()}` }
    },
    async refillStatus(references) {
      const now = deps.now().getTime()
      return answersOf(references.map((reference) => [reference, refillStanding(reference, now, deps.speed)] as const))
    },
  }

  async function beginWork(works: readonly NewWork[]): Promise<void> {
    if (works.length === 0) return
    const columns = (['reference', 'quantity', 'startCount', 'ending', 'at'] as const).map((name) => works.map((work) => work[name]))
    await deps.db.query(ADD, [...columns, works.map((work) => lifetimeSeconds(work.quantity))])
  }
}

function answersOf<T>(standings: readonly (readonly [string, T])[]): ReadonlyMap<string, StatusAnswer<T>> {
  return new Map(standings.map(([reference, standing]) => [reference, { kind: 'read', standing }]))
}

const REFILL_BEGINS_AFTER_SECONDS = 10
const REFILL_TAKES_SECONDS = 60

/** The reference of a refill ends in the time at which it was asked for. */
function refillStanding(reference: string, now: number, speed: number): { status: RefillStatus; words: string } {
  const seconds = ((now - Number(reference.slice(reference.lastIndexOf('-') + 1))) / 1000) * speed
  const status = seconds < REFILL_BEGINS_AFTER_SECONDS ? 'Pending' : seconds < REFILL_TAKES_SECONDS ? 'In progress' : 'Completed'
  return { status, words: `simulated ${status}` }
}

function endingOf(link: string): Ending {
  const asked = link.slice(link.lastIndexOf('#') + 1)
  return endings.find((ending) => ending === asked) ?? 'completed'
}

/** One to five simulated minutes. */
function lifetimeSeconds(quantity: bigint): number {
  return 60 + Math.min(Number(quantity) / 20, 240)
}

function standing(work: Work, now: Date, speed: number): Standing {
  const until = work.canceledAt ?? now
  const share = Math.min(1, ((until.getTime() - work.startedAt.getTime()) / 1000) * (speed / work.seconds))
  const delivered = BigInt(Math.floor(Number(work.quantity) * delivery(share, work.ending)))
  const remains = work.quantity - delivered
  const status = statusAt(share, work)
  const startCount = share < 0.1 ? null : work.startCount
  const words = `simulated ${Math.floor(share * 100)} %`
  return { status, startCount, remains: status === 'Completed' ? 0n : remains, cost: null, words, quantity: work.quantity }
}

/** The delivered share: nothing in the first fifth, then steadily; a partial ends at two thirds. */
function delivery(share: number, ending: Ending): number {
  const steady = Math.max(0, (share - 0.2) / 0.8)
  if (ending === 'partial') return Math.min(steady, 2 / 3)
  if (ending === 'canceled') return 0
  return ending === 'stuck' ? Math.min(steady, 0.5) : steady
}

function statusAt(share: number, work: Work): NonNullable<Standing['status']> {
  if (work.canceledAt && share < 1) return share <= 0.2 ? 'Canceled' : 'Partial'
  if (share < 0.1) return 'Pending'
  if (share < 0.2) return 'Processing'
  if (share < 1) return 'In progress'
  switch (work.ending) {
    case 'completed':
      return 'Completed'
    case 'partial':
      return 'Partial'
    case 'canceled':
    case 'refused':
      return 'Canceled'
    case 'stuck':
      return 'In progress'
    default:
      return work.ending satisfies never
  }
}
