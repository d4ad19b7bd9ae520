import type pg from 'pg'
import { type Database, isConnectionLoss, openPoolBeside, sqlState } from './pool.ts'

/** A connection that sends statements, each its own transaction, without waiting for the answer to the previous one. */
export interface Pipeline {
  /** Rejects like a pool's query(). A statement that the server refuses does not affect those after it; a lost connection fails all statements
   * that were sent on it, and the next caller gets another connection. */
  query<Row extends pg.QueryResultRow>(statement: pg.QueryConfig): Promise<pg.QueryResult<Row>>
  /** How often the server may have been replaced or set back to an older state: a connection was lost, also an idle one, or noteLoss() was
   * called. Data read before the last loss must not be trusted. */
  losses(): number
  /** Records that another connection to the same server was lost. */
  noteLoss(): void
  end(): Promise<void>
}

interface Connection {
  readonly client: Promise<pg.PoolClient>
  calls: number
  lost: boolean
}

/** Opens a pipeline to the same server as `db`. It connects on first use, and closes an idle connection as a pool does. */
export function openPipeline(db: Database): Pipeline {
  // Two, because a lost connection may still be closing when the next one is made.
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
