import type { OrderStatus } from '../../contract/statuses.ts'
import type { Queryable } from '../db/pool.ts'
import type { NewWork } from './simulated-work.ts'
import type { AddAnswer, Standing, WorkOrder } from './supplier.ts'

interface Watch {
  reference: string
  min: bigint
  max: bigint
  posts: number | null
  delayMinutes: number
  /** The first moment after its last day. */
  until: Date | null
  startedAt: Date
  canceledAt: Date | null
}

const ADD = `
  insert into simulated_subscriptions (reference, min, max, posts, delay_minutes, expiry, started_at) values ($1, $2, $3, $4, $5, $6, $7)
  on conflict (reference) do nothing`
const READ = `
  select reference, min, max, posts, delay_minutes as "delayMinutes", (expiry + 1)::timestamp at time zone 'utc' as until,
    started_at as "startedAt", canceled_at as "canceledAt"
  from simulated_subscriptions where reference = any($1)`
const CANCEL = 'update simulated_subscriptions set canceled_at = $2 where reference = any($1) and canceled_at is null'

const MINUTES_BETWEEN_POSTS = 10
/** Keeps a sandbox that runs for long from filling up. */
const MOST_POSTS = 1000

/**
 * A user who posts every ten simulated minutes. The state of a subscription is a pure function of its start and the time; its child orders begin when
 * they are first seen, dated at the time at which they were due.
 */
export function simulatedSubscriptions(
  deps: { db: Queryable; now: () => Date; speed: number },
  beginWork: (works: readonly NewWork[]) => Promise<void>,
) {
  return {
    async add(reference: string, parameters: WorkOrder['parameters']): Promise<AddAnswer> {
      const { min, max, posts, old_posts: oldPosts, delay, expiry } = parameters
      const all = posts === undefined ? null : Number(posts) + Number(oldPosts ?? 0)
      await deps.db.query(ADD, [reference, min, max, all, delay, expiry ?? null, deps.now()])
      return { kind: 'accepted', reference, words: null }
    },
    async status(references: readonly string[]): Promise<ReadonlyMap<string, Standing>> {
      const { rows } = await deps.db.query<Watch>({ name: 'simulated subscriptions', text: READ, values: [references] })
      const standings = new Map<string, Standing>()
      for (const watch of rows) standings.set(watch.reference, await standing(watch))
      return standings
    },
    async cancel(references: readonly string[]): Promise<void> {
      await deps.db.query(CANCEL, [references, deps.now()])
    },
  }

  async function standing(watch: Watch): Promise<Standing> {
    const dueAt = (n: number) =>
      new Date(watch.startedAt.getTime() + ((watch.delayMinutes + n * MINUTES_BETWEEN_POSTS) * 60_000) / deps.speed)
    const stop = [deps.now(), watch.canceledAt, watch.until].filter((at) => at !== null).reduce((a, b) => (a < b ? a : b))
    const most = Math.min(watch.posts ?? MOST_POSTS, MOST_POSTS)
    const works: NewWork[] = []
    for (let n = 1; n <= most && dueAt(n) <= stop; n += 1) {
      const reference = `${watch.reference}-${n}`
      const quantity = watch.min + ((BigInt(n) * 7919n) % (watch.max - watch.min + 1n))
      works.push({ reference, quantity, startCount: 0n, ending: 'completed', at: dueAt(n) })
    }
    await beginWork(works)
    const children = works.map((work) => work.reference)
    const status = statusOf(watch, children.length >= most)
    return { status, startCount: null, remains: null, cost: null, words: `simulated ${status}`, children }
  }

  function statusOf(watch: Watch, isServed: boolean): OrderStatus {
    if (isServed) return 'Completed'
    if (watch.canceledAt) return 'Canceled'
    return watch.until && watch.until <= deps.now() ? 'Expired' : 'Active'
  }
}
