import pg from 'pg'
import { vi } from 'vitest'
import { textArray } from '../../server/db/arrays.ts'
import { HEARTBEAT } from '../../server/db/news.ts'
import { SESSION_STATEMENTS } from '../../server/db/session.ts'

export interface Statement {
  readonly text: string
  readonly values: unknown[]
}

/** The statements that nodes of this process really send to the database for their API while `work` runs. */
export async function statementsOf(work: () => Promise<unknown>): Promise<Statement[]> {
  const spy = vi.spyOn(pg.Client.prototype, 'query')
  try {
    await work()
    return spy.mock.calls.flatMap((asked, index) => {
      const client = spy.mock.contexts[index] as { connectionParameters: { application_name?: string } }
      if (client.connectionParameters.application_name !== 'docket api') return []
      const [query, values] = asked as unknown as [string | { text: string; values?: unknown[] }, unknown[] | undefined]
      // The settings of a new connection and the listener's heartbeat belong to no call.
      const text = typeof query === 'string' ? query : query.text
      if (SESSION_STATEMENTS.includes(text) || text === HEARTBEAT) return []
      return typeof query === 'string'
        ? [{ text: query, values: Array.isArray(values) ? values : [] }]
        : [{ text: query.text, values: query.values ?? (Array.isArray(values) ? values : []) }]
    })
  } finally {
    spy.mockRestore()
  }
}

/** How many transactions a node of this process begins between heartbeats, which are five seconds apart. A busy machine makes beats late, and
 * the node asks no more often for that. */
export async function transactionsBetweenBeats(skipped: number, counted: number): Promise<number> {
  const spy = vi.spyOn(pg.Client.prototype, 'query')
  const inside = new Set<unknown>()
  let beats = 0
  let seen = 0
  let count = 0
  try {
    await vi.waitUntil(
      () => {
        for (; seen < spy.mock.calls.length; seen += 1) {
          const [query] = spy.mock.calls[seen] as unknown as [string | { text: string }]
          const client = spy.mock.contexts[seen]
          const text = (typeof query === 'string' ? query : query.text).trim().toLowerCase()
          if (text === HEARTBEAT.toLowerCase()) beats += 1
          const isNew = !inside.has(client)
          if (/^begin\b/.test(text)) inside.add(client)
          else if (/^(commit|rollback)\b/.test(text)) inside.delete(client)
          if (isNew && beats > skipped && beats <= skipped + counted) count += 1
        }
        return beats > skipped + counted
      },
      { timeout: 300_000, interval: 50 },
    )
    return count
  } finally {
    spy.mockRestore()
  }
}

export interface Effort {
  /** Pages of tables and indexes that were looked at. */
  readonly pages: number
  /** Tables that were read from end to end, by the name of each. */
  readonly readWhole: readonly string[]
}

interface Explained {
  'QUERY PLAN': [{ Plan: { 'Shared Hit Blocks': number; 'Shared Read Blocks': number } }]
}

interface Scanned {
  relname: string
  times: number
}

// A table of one page is read whole by right.
const SCANNED = `
  select relname, seq_scan::int as times from pg_stat_xact_user_tables where seq_scan > 0 and pg_relation_size(relid) > 8192 order by 1`

/** What a statement costs the database, functions included, whichever way PostgreSQL plans it: for its values, or once for all
 * values, as it does for statements that a node sends again and again. It is run for that, and undone. */
export async function effortOf(db: pg.Pool, { text, values }: Statement): Promise<Effort> {
  const efforts: Effort[] = []
  for (const mode of ['force_custom_plan', 'force_generic_plan']) {
    const client = await db.connect()
    try {
      await client.query(`set plan_cache_mode = ${mode}`)
      await client.query(`prepare asked as ${text}`)
      const asked = `execute asked${values.length > 0 ? `(${values.map(literal).join(', ')})` : ''}`
      // The first runs of a connection plan what functions contain; the last one only works.
      await effortOnce(client, asked)
      await effortOnce(client, asked)
      efforts.push(await effortOnce(client, asked))
    } finally {
      client.release(true)
    }
  }
  return { pages: Math.max(...efforts.map((effort) => effort.pages)), readWhole: efforts.flatMap((effort) => effort.readWhole) }
}

async function effortOnce(client: pg.PoolClient, asked: string): Promise<Effort> {
  await client.query('begin')
  const before = new Map((await client.query<Scanned>(SCANNED)).rows.map((row) => [row.relname, row.times]))
  const { rows } = await client.query<Explained>(`explain (analyze, buffers, format json) ${asked}`)
  const { rows: after } = await client.query<Scanned>(SCANNED)
  await client.query('rollback')
  const plan = rows[0]!['QUERY PLAN'][0].Plan
  return {
    pages: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'],
    readWhole: after.filter((row) => row.times > (before.get(row.relname) ?? 0)).map((row) => row.relname),
  }
}

/** A value as the driver would send it, written into SQL. */
function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return pg.escapeLiteral(textArray(value.map(plain)))
  return pg.escapeLiteral(plain(value))
}

function plain(value: unknown): string {
  if (Buffer.isBuffer(value)) return `\\x${value.toString('hex')}`
  return value instanceof Date ? value.toISOString() : String(value)
}
