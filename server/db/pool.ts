import pg from 'pg'
import { DatabaseClient, NoServerError } from './client.ts'

export type Database = pg.Pool
/** A pool, or a client inside a transaction. */
export type Queryable = Pick<pg.Pool, 'query'>
export type Transaction = pg.PoolClient

const INT8 = 20

// int8 holds money and ids beyond 2⁵³, so it becomes a bigint, never a number. Set for our pools only; other libraries keep their types.
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text') =>
    oid === INT8 ? (text: string) => BigInt(text) : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
}

interface PoolOptions {
  readonly size?: number
  readonly name?: string
  /** The time limit of a statement, which is then given up together with its connection. Absent: no limit. */
  readonly queryTimeoutMs?: number
  /** The longest wait for a free or a new connection. */
  readonly connectTimeoutMs?: number
}

/** Opens a pool; it connects on first use. */
export function openPool(connectionString: string, options: PoolOptions = {}): Database {
  return listenedTo({
    connectionString,
    types,
    max: options.size ?? 10,
    application_name: options.name ?? 'docket',
    connectionTimeoutMillis: options.connectTimeoutMs ?? 10_000,
    keepAlive: true,
    // Longer than the loops rest, so that an idle node does not open connections all day.
    idleTimeoutMillis: 60_000,
    // The pool takes any class that behaves like the driver's.
    Client: DatabaseClient as unknown as NonNullable<pg.PoolConfig['Client']>,
    ...(options.queryTimeoutMs === undefined ? {} : { query_timeout: options.queryTimeoutMs }),
  })
}

/** Opens another pool to the same server, with some options changed. */
export function openPoolBeside({ options }: Database, changes: pg.PoolConfig): Database {
  return listenedTo({ ...options, ...changes })
}

/** A connection that breaks fails the query under way, if any, and is replaced on next use. Without a listener it would end the process too: a
 * pool emits the errors of its idle connections itself. */
function listenedTo(options: pg.PoolConfig): Database {
  const pool = new pg.Pool(options)
  pool.on('error', () => {})
  return pool
}

/** For work that finds its rows by an index: a plan that was made while a table was small is kept, and would scan the whole table after it has
 * grown. */
export const BEGIN_BY_INDEX = 'begin; set local enable_seqscan = off'

const MOST_ATTEMPTS = 5

/** Runs `work` in one transaction, which is committed when it returns and rolled back when it throws. A conflict with another transaction is
 * retried, so `work` may run more than once. A caller that is in a transaction already passes it in place of the pool: `work` then joins it. */
export async function transaction<T>(pool: Database | Transaction, work: (tx: Transaction) => Promise<T>, begin = 'begin'): Promise<T> {
  if ('release' in pool) return work(pool)
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await attemptTransaction(pool, work, begin)
    } catch (error) {
      if (!isConflict(error) || attempt === MOST_ATTEMPTS) throw error
    }
  }
}

async function attemptTransaction<T>(pool: Database, work: (tx: Transaction) => Promise<T>, begin: string): Promise<T> {
  const tx = await pool.connect()
  try {
    await tx.query(begin)
    const result = await work(tx)
    await tx.query('commit')
    tx.release()
    return result
  } catch (error) {
    // A connection that is lost or cannot roll back is not returned to the pool.
    tx.release(isConnectionLoss(error) || !(await rollBack(tx)))
    throw error
  }
}

/** Returns whether the rollback succeeded. */
function rollBack(tx: pg.PoolClient): Promise<boolean> {
  return tx.query('rollback').then(
    () => true,
    () => false,
  )
}

/** The SQLSTATE of a database error; undefined for a lost connection or any other error. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('severity' in error)) return undefined
  const code = (error as { code?: unknown }).code
  return typeof code === 'string' ? code : undefined
}

/** The name of the violated constraint. */
export function violatedConstraint(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.constraint : undefined
}

// The driver's messages, which have no SQLSTATE, when the server is gone.
const LOST = /terminated|timeout|not queryable|Connection ended|ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|ENOENT|socket/i

/** The server is away, stopping, starting, has no free connection (53300) or has become a read-only standby (25006): this connection is useless,
 * another one may work. The outcome of a statement under way is unknown, unless `changedNothing` says otherwise. */
export function isConnectionLoss(error: unknown): boolean {
  if (error instanceof NoServerError) return true
  const state = sqlState(error)
  if (state !== undefined) return state.startsWith('08') || state.startsWith('57P') || state === '53300' || state === '25006'
  return error instanceof Error && LOST.test(`${error.message} ${codeOf(error)}`)
}

// There is no server at that address, or it did not answer: no statement was sent.
const NEVER_CONNECTED = /ECONNREFUSED|ENOENT|ENOTFOUND|EAI_AGAIN|trying to connect|connection timeout|timeout expired/
// The server ends a connection with these codes, perhaps between a commit and its answer.
const ENDED_MIDWAY = new Set(['57P01', '57P02', '57P04', '57P05'])

/** Whether it is certain that the statement did nothing: the server refused it, or it was never sent. */
export function changedNothing(error: unknown): boolean {
  if (error instanceof NoServerError) return true
  const state = sqlState(error)
  if (state !== undefined) return !state.startsWith('08') && !ENDED_MIDWAY.has(state)
  return error instanceof Error && NEVER_CONNECTED.test(`${error.message} ${codeOf(error)}`)
}

function codeOf(error: Error): string {
  return (error as NodeJS.ErrnoException).code ?? ''
}

/** The server answers but is out of disk, memory or another resource, or its disk fails: the statement was rolled back, and the operator has to
 * repair the server. */
export function isServerInTrouble(error: unknown): boolean {
  const state = sqlState(error)
  return state !== undefined && state !== '53300' && (state.startsWith('53') || state === '58000' || state === '58030')
}

/** Of the caller's making: a number or a day beyond what its column can hold, or a text that has NUL or half a character. The statement was rolled
 * back. It is asked for where people or programs of staff type values; the customers' API checks each of its fields itself. */
export function doesNotFit(error: unknown): boolean {
  return BEYOND_STORAGE.has(sqlState(error) ?? '')
}

const BEYOND_STORAGE: ReadonlySet<string> = new Set(['22003', '22007', '22008', '22021', '22P02', '22P05'])

/** Neither the caller's fault nor ours: the same statement may work in a moment. 57014: an operator or a limit of the server ended it. */
export function isUnavailable(error: unknown): boolean {
  return isConnectionLoss(error) || isServerInTrouble(error) || isConflict(error) || sqlState(error) === '57014'
}

/** A deadlock or serialization failure: the transaction was rolled back, and can be retried at once. */
export function isConflict(error: unknown): boolean {
  const state = sqlState(error)
  return state === '40001' || state === '40P01' || state === '55P03'
}

// Every column stays the text that PostgreSQL sent.
const asText: pg.CustomTypesConfig = { getTypeParser: (() => (text: string) => text) as typeof pg.types.getTypeParser }

/** For the most frequent reads: rows as arrays of the texts that PostgreSQL sent, without parsing. */
export async function textRows<Row extends (string | null)[]>(db: Database, name: string, text: string, values: unknown[]): Promise<Row[]> {
  const { rows } = await db.query<Row>({ name, text, values, rowMode: 'array', types: asText })
  return rows
}
