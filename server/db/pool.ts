import pg from 'pg'

export type Database = pg.Pool
/** A pool, or a client inside a transaction. */
export type Queryable = Pick<pg.Pool, 'query'>

const INT8 = 20

// int8 is money and ids beyond 2⁵³: a bigint, never a number. Set for our pools alone, other libraries keep theirs.
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text') =>
    oid === INT8 ? (text: string) => BigInt(text) : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
}

interface PoolOptions {
  readonly size?: number
  readonly name?: string
  /** A statement that takes longer is given up, with its connection. Absent: it may take as long as it takes. */
  readonly queryTimeoutMs?: number
}

/** What a node holds when its machine loses power is let go: the server waits two hours for a sign of life otherwise, with books locked. */
const LET_GO = "set idle_in_transaction_session_timeout = '1min'"
/** What waits on a connection that we have given up would be done when its turn comes; a server that looks after us lets it be. Not every
 * system's can: those refuse the setting. */
const GIVE_UP_WITH_US = 'set client_connection_check_interval = 1000'
/** What every connection is told before it is used. */
export const TOLD_FIRST: readonly string[] = [LET_GO, GIVE_UP_WITH_US]

/** Opens a pool; no connection is made before it is used. */
export function openPool(connectionString: string, options: PoolOptions = {}): Database {
  return listenedTo({
    connectionString,
    types,
    max: options.size ?? 10,
    application_name: options.name ?? 'docket',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    onConnect: async (client) => {
      await client.query(LET_GO)
      await client.query(GIVE_UP_WITH_US).catch(() => {})
    },
    ...(options.queryTimeoutMs === undefined ? {} : { query_timeout: options.queryTimeoutMs }),
  })
}

/** Opens another pool to the same server, with some of its options changed. */
export function openPoolBeside({ options }: Database, changes: pg.PoolConfig): Database {
  return listenedTo({ ...options, ...changes })
}

/** A connection that breaks fails the query that is under way, if any, and is replaced on next use. Without listeners it would end the
 * process as well: a pool listens to its idle ones alone, and tells of them itself. */
function listenedTo(options: pg.PoolConfig): Database {
  const pool = new pg.Pool(options)
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

/** For work that knows its rows by an index: a plan that was made while a table was small is kept, and would read it whole when it has
 * grown. */
export const BEGIN_BY_INDEX = 'begin; set local enable_seqscan = off'

const MOST_ATTEMPTS = 5

/** Runs `work` in one transaction: committed when it returns, rolled back when it throws. A conflict with others is tried
 * again, so `work` may run more than once. */
export async function transaction<T>(pool: Database, work: (tx: pg.PoolClient) => Promise<T>, begin = 'begin'): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await attemptTransaction(pool, work, begin)
    } catch (error) {
      if (!isConflict(error) || attempt === MOST_ATTEMPTS) throw error
    }
  }
}

async function attemptTransaction<T>(pool: Database, work: (tx: pg.PoolClient) => Promise<T>, begin: string): Promise<T> {
  const tx = await pool.connect()
  try {
    await tx.query(begin)
    const result = await work(tx)
    await tx.query('commit')
    tx.release()
    return result
  } catch (error) {
    // A connection that is lost, or cannot roll back, is not given back to anybody.
    tx.release(isConnectionLoss(error) || !(await rollBack(tx)))
    throw error
  }
}

/** Answers whether it could. */
function rollBack(tx: pg.PoolClient): Promise<boolean> {
  return tx.query('rollback').then(
    () => true,
    () => false,
  )
}

/** SQLSTATE of a database error, undefined for a lost connection or anything else. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('severity' in error)) return undefined
  const code = (error as { code?: unknown }).code
  return typeof code === 'string' ? code : undefined
}

/** The constraint that refused, by its name. */
export function violatedConstraint(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.constraint : undefined
}

// What the driver says without an SQLSTATE when there is no server at the other end any more.
const LOST = /terminated|timeout|not queryable|Connection ended|ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|ENOENT|socket/i

/** There was no connection to send a statement on: nothing happened. */
export class NotConnected extends Error {
  override readonly name = 'NotConnected'

  constructor(cause: unknown) {
    super(`The database cannot be reached: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

/** The server is away, stopping, starting or full: nothing is known of what was under way. */
export function isConnectionLoss(error: unknown): boolean {
  const state = sqlState(error)
  if (error instanceof NotConnected) return true
  if (state !== undefined) return state.startsWith('08') || state.startsWith('57P') || state === '53300'
  return error instanceof Error && LOST.test(`${error.message} ${(error as NodeJS.ErrnoException).code ?? ''}`)
}

/** Deadlock or serialization failure: rolled back, and worth trying again at once. */
export function isConflict(error: unknown): boolean {
  const state = sqlState(error)
  return state === '40001' || state === '40P01' || state === '55P03'
}

// Every column stays the text that PostgreSQL sent.
const asText: pg.CustomTypesConfig = { getTypeParser: (() => (text: string) => text) as typeof pg.types.getTypeParser }

/** For the hottest reads: rows as arrays of the digits and words that PostgreSQL sent, nothing parsed. */
export async function textRows<Row extends (string | null)[]>(db: Database, name: string, text: string, values: unknown[]): Promise<Row[]> {
  const { rows } = await db.query<Row>({ name, text, values, rowMode: 'array', types: asText })
  return rows
}
