import { readDatabaseAddress } from '../database-address.ts'
import { NoServerError } from './client.ts'
import { sqlState } from './pool.ts'

export const STANDBY =
  'DATABASE_URL names a standby, which can be read but not written: set it to the primary. (docket audit and docket backup may run on a standby.)'
export const READ_ONLY =
  'The database of DATABASE_URL is set to read-only (default_transaction_read_only is on): switch that off, or set DATABASE_URL to a database that can be written.'
export const READS_ONLY =
  'DATABASE_URL asks for any server or for a standby (target_session_attrs), and docket serve writes: leave that out, or set it to read-write.'

export const POOLED_BY_TRANSACTION =
  'A pooler before PostgreSQL hands each transaction to another connection, so this node does not hear of changes of prices and keys and asks the database each time, and settings of its sessions reach others. PgBouncer must be in session mode (pool_mode = session).'

/** Turns the reason why the operator's own PostgreSQL cannot be used into one sentence that names the setting and a solution, without the
 * password; returns any other error as it is. */
export function explainedReach(error: unknown, databaseUrl: string): unknown {
  const sentence = sentenceFor(error, namesIn(databaseUrl))
  return sentence === undefined ? error : new Error(sentence, { cause: error })
}

interface Names {
  readonly server: string
  readonly user: string
  readonly database: string
}

function sentenceFor(error: unknown, { server, user, database }: Names): string | undefined {
  if (error instanceof NoServerError) return noneOf(error)
  const said = error instanceof Error ? error.message : String(error)
  switch (sqlState(error)) {
    case undefined:
      return unreachable(error, server)
    case '25006':
      return /recovery/.test(said) ? STANDBY : READ_ONLY
    case '28000':
    case '28P01':
      return `PostgreSQL at ${server} does not let the user "${user}" of DATABASE_URL in (${said}): correct user and password in DATABASE_URL, or pg_hba.conf there.`
    case '3D000':
      return `PostgreSQL at ${server} has no database "${database}", which DATABASE_URL names: make it with createdb ${database}, or correct DATABASE_URL.`
    case '42501':
      return `The user "${user}" of DATABASE_URL may not make Docket's tables in the database "${database}" (${said}): make it the owner of the database.`
    case '53300':
      return `PostgreSQL at ${server} (DATABASE_URL) has no connection to spare (${said}): raise its max_connections, or stop other programs that use it.`
    case '26000':
    case '42P05':
      return `${POOLED_BY_TRANSACTION} It also loses prepared statements (${said}), without which Docket does not work.`
    case '57P03':
      return `PostgreSQL at ${server} (DATABASE_URL) is starting or stopping (${said}): start Docket again when it is ready.`
    default:
      return undefined
  }
}

const UNREACHABLE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOENT: 'there is no such socket',
  ENOTFOUND: 'the name is not known',
  EAI_AGAIN: 'the name cannot be looked up now',
  EHOSTUNREACH: 'there is no way to that machine',
  ENETUNREACH: 'there is no way to that network',
  ECONNRESET: 'it closed the connection',
  ETIMEDOUT: 'it does not answer',
  EACCES: 'this user may not use the socket',
}

function unreachable(error: unknown, server: string): string | undefined {
  const reason = reasonFor(error)
  if (reason === undefined) return undefined
  return `The database at ${server} (DATABASE_URL) cannot be reached, ${reason}: start PostgreSQL there or correct DATABASE_URL; without that setting Docket brings a PostgreSQL of its own.`
}

function reasonFor(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const code = codeOf(error)
  return (code && UNREACHABLE[code]) ?? (/timeout|terminated/i.test(error.message) ? 'it does not answer' : undefined)
}

/** Several hosts, or one that is not what the address asks for. */
function noneOf({ refusals }: NoServerError): string {
  const reasons = refusals.map(({ host, error }) => `${host} (${reasonFor(error) ?? error.message})`)
  return `No server of DATABASE_URL can be used: ${reasons.join(', ')}. Start PostgreSQL there, or correct DATABASE_URL.`
}

/** A host name with several addresses fails with one error per address. */
function codeOf(error: Error): string | undefined {
  const first = error instanceof AggregateError ? (error.errors as unknown[])[0] : error
  return (first as NodeJS.ErrnoException).code ?? (error as NodeJS.ErrnoException).code
}

function namesIn(databaseUrl: string): Names {
  try {
    const { hosts, user, database } = readDatabaseAddress(databaseUrl)
    return { server: hosts.map(({ name }) => name).join(','), user, database }
  } catch {
    return { server: 'its address', user: '', database: '' }
  }
}
