import pg from 'pg'
import { prepareSession } from './session.ts'

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
  /** How long a statement may take before it is given up together with its connection. Absent: as long as it takes. */
  readonly queryTimeoutMs?: number
  /** How long to wait for a free or a new connection. */
  readonly connectTimeoutMs?: number
}

/** Opens a pool; no connection is made before it is used. */
export function openPool(connectionString: string, options: PoolOptions = {}): Database {
  return listenedTo({
    connectionString,
    types,
    max: options.size ?? 10,
    application_name: options.name ?? 'docket',
    connectionTimeoutMillis: options.connectTimeoutMs ?? 10_000,
    keepAlive: true,
    onConnect: prepareSession,
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

/** The server is away, stopping, starting, has no connection to spare (53300) or has become a standby that cannot be written (25006): the
 * connection is of no use, another one may be. Nothing is known of what was under way, unless `changedNothing` says so. */
export function isConnectionLoss(error: unknown): boolean {
  const state = sqlState(error)
  if (state !== undefined) return state.startsWith('08') || state.startsWith('57P') || state === '53300' || state === '25006'
  return error instanceof Error && LOST.test(`${error.message} ${codeOf(error)}`)
}

// Nobody listens at that address, or nobody answered there: no statement was sent.
const NEVER_CONNECTED = /ECONNREFUSED|ENOENT|ENOTFOUND|EAI_AGAIN|trying to connect|connection timeout|timeout expired/
// The server ends a connection with these, perhaps between a commit and its answer.
const ENDED_MIDWAY = new Set(['57P01', '57P02', '57P04', '57P05'])

/** It is certain that the statement did nothing: the server refused it, or it was never sent. */
export function changedNothing(error: unknown): boolean {
  const state = sqlState(error)
  if (state !== undefined) return !state.startsWith('08') && !ENDED_MIDWAY.has(state)
  return error instanceof Error && NEVER_CONNECTED.test(`${error.message} ${codeOf(error)}`)
}

function codeOf(error: Error): string {
  return (error as NodeJS.ErrnoException).code ?? ''
}

/** The server answers but is out of disk, memory or another resource, or its disk fails: the statement was rolled back, and somebody has to
 * mend it. */
export function isServerInTrouble(error: unknown): boolean {
  const state = sqlState(error)
  return state !== undefined && state !== '53300' && (state.startsWith('53') || state === '58000' || state === '58030')
}

/** Not the caller's fault and not ours: the same may work in a moment. 57014: an operator or a limit of the server ended the statement. */
export function isUnavailable(error: unknown): boolean {
  return isConnectionLoss(error) || isServerInTrouble(error) || isConflict(error) || sqlState(error) === '57014'
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
