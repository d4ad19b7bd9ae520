import type pg from 'pg'
import { type Database, isConnectionLoss, openPoolBeside, sqlState } from './pool.ts'

/** One connection whose statements, each a transaction of its own, are sent without waiting for the answer to the one before. */
export interface Pipeline {
  /** Rejects as a pool's query() does. A statement that the server refuses says
   * nothing of those behind it; a connection that is lost fails all that were sent on it, and the next caller gets another. */
  query<Row extends pg.QueryResultRow>(statement: pg.QueryConfig): Promise<pg.QueryResult<Row>>
  /** How often the server may have become another, or an older state of itself: its connection was lost, also an idle one, or somebody else
   * noted a loss. What was learnt before is not to be believed. */
  losses(): number
  /** Notes that another connection to the same server was lost. */
  noteLoss(): void
  end(): Promise<void>
}

interface Connection {
  readonly client: Promise<pg.PoolClient>
  calls: number
  lost: boolean
}

/** Opens a pipeline to the same server as `db`; no connection is made before it is used, and an idle one is given up as a pool does. */
export function openPipeline(db: Database): Pipeline {
  // Two: a lost connection may still be on its way out when the next is made.
  const pool = openPoolBeside(db, { max: 2, pipeline: true, allowExitOnIdle: true })
  let newest: Connection | undefined
  let losses = 0

  const noteLoss = () => void (losses += 1)
  pool.on('error', noteLoss)

  async function query<Row extends pg.QueryResultRow>(statement: pg.QueryConfig): Promise<pg.QueryResult<Row>> {
    const mine = (newest ??= { client: pool.connect(), calls: 0, lost: false })
    mine.calls += 1
    try {
      return await (await mine.client).query<Row>(statement)
    } catch (error) {
      if (sqlState(error) === undefined || isConnectionLoss(error)) {
        mine.lost = true
        noteLoss()
      }
      throw error
    } finally {
      mine.calls -= 1
      if (newest === mine && (mine.lost || mine.calls === 0)) newest = undefined
      if (mine.calls === 0) giveBack(mine)
    }
  }

  return { query, losses: () => losses, noteLoss, end: () => pool.end() }
}

function giveBack({ client, lost }: Connection): void {
  client.then(
    (held) => held.release(lost),
    () => {},
  )
}
