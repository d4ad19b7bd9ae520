import type { Queryable } from '../db/pool.ts'
import type { HouseRule } from './rules.ts'

export interface RefusalCounts {
  count(rule: HouseRule, accountId: number, link: string): void
  /** Writes the counts. */
  flush(): Promise<void>
  stop(): Promise<void>
}

interface Count {
  readonly ruleId: number
  readonly accountId: number
  readonly day: string
  times: number
  lastAt: Date
  lastLink: string
}

const FLUSH_MS = 2000
const ADD_COUNTS = `
  insert into refused_orders as r (rule_id, account_id, day, times, last_at, last_link)
  select * from unnest($1::int[], $2::int[], $3::date[], $4::bigint[], $5::timestamptz[], $6::text[])
  on conflict (rule_id, account_id, day) do update
    set times = r.times + excluded.times, last_at = excluded.last_at, last_link = excluded.last_link`

/** Counts in memory and writes every two seconds, so that a refused order costs the database nothing. A crash loses two seconds of counts. */
export function openRefusalCounts(db: Queryable, now: () => Date): RefusalCounts {
  let counts = new Map<string, Count>()
  let timer: NodeJS.Timeout | undefined

  async function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const all = [...counts.values()].toSorted((a, b) => a.ruleId - b.ruleId || a.accountId - b.accountId)
    counts = new Map()
    if (all.length === 0) return
    await db.query(ADD_COUNTS, [
      all.map((one) => one.ruleId),
      all.map((one) => one.accountId),
      all.map((one) => one.day),
      all.map((one) => one.times),
      all.map((one) => one.lastAt),
      all.map((one) => one.lastLink),
    ])
  }

  return {
    count(rule, accountId, link) {
      const at = now()
      const day = at.toISOString().slice(0, 10)
      const name = `${rule.id} ${accountId} ${day}`
      // A copy: a text that was cut out of a request keeps the whole request in memory.
      const lastLink = Buffer.from(link).toString()
      const known = counts.get(name)
      if (known) Object.assign(known, { times: known.times + 1, lastAt: at, lastLink })
      else counts.set(name, { ruleId: rule.id, accountId, day, times: 1, lastAt: at, lastLink })
      // The counts are only for staff to look at, so losing some while the database is away does no harm.
      timer ??= setTimeout(() => void flush().catch(() => {}), FLUSH_MS).unref()
    },
    flush,
    stop: () => flush(),
  }
}
