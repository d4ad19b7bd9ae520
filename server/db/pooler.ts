import type { Database, Transaction } from './pool.ts'

/** What stands between Docket and PostgreSQL: nothing that could be seen, a pooler that gives each client a connection of its own, or one that hands
 * each transaction to any of its connections. */
export type Pooler = 'none' | 'by session' | 'by transaction'

const PID = 'select pg_backend_pid() as pid'
const TURNS = 3

/** A pooler tells another process id when connecting than the server does when asked. One that pools by transaction answers two clients, which are
 * connected at the same time, by the same process. */
export async function poolerBefore(db: Database): Promise<Pooler> {
  const first = await db.connect()
  try {
    const pid = await pidOf(first)
    if ((first as unknown as { processID: number | null }).processID === pid) return 'none'
    const second = await db.connect()
    try {
      const [ofFirst, ofSecond] = [new Set([pid]), new Set<number>()]
      for (let turn = 0; turn < TURNS; turn += 1) {
        ofSecond.add(await pidOf(second))
        ofFirst.add(await pidOf(first))
      }
      return [...ofSecond].some((one) => ofFirst.has(one)) || ofFirst.size > 1 ? 'by transaction' : 'by session'
    } finally {
      second.release()
    }
  } finally {
    first.release()
  }
}

/** Without a name and without parameters, because older poolers lose prepared statements. */
async function pidOf(client: Transaction): Promise<number> {
  return (await client.query<{ pid: number }>(PID)).rows[0]!.pid
}
