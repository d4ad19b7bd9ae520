import type pg from 'pg'

/** Session settings that a server, a database or a role may have changed, and on which our speed or the meaning of our statements depends.
 * `search_path` is not set, because an operator chooses a schema by it; nor is `default_transaction_read_only`, which forbids writing. Figures:
 * docs/decisions/0026-session-settings.md. */
const SETTINGS: Readonly<Record<string, string>> = {
  // Plans like on the embedded server: compiling a short statement costs more than running it, and a solid-state disk reads a random page as fast
  // as the next one.
  jit: 'off',
  random_page_cost: '1.1',
  plan_cache_mode: 'auto',
  // A transaction sees what was committed before each of its statements; our locks rely on that.
  default_transaction_isolation: 'read committed',
  // Text formats that the driver reads and that we write.
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  extra_float_digits: '1',
  bytea_output: 'hex',
  standard_conforming_strings: 'on',
  array_nulls: 'on',
  transform_null_equals: 'off',
  // We limit our statements ourselves; an audit, a backup and a migration have no time limit.
  statement_timeout: '0',
  lock_timeout: '0',
  // An idle listener and an idle pool are normal.
  idle_session_timeout: '0',
  // Ends the session of a node that lost its power: otherwise the server waits two hours for a sign of life, with books locked.
  idle_in_transaction_session_timeout: '1min',
}

/** "Order accepted" is answered only after the commit is on the disk. An operator's stronger or weaker rules for standbys (`remote_apply`,
 * `local`) are kept. */
const DURABLE = "set_config('synchronous_commit', replace(current_setting('synchronous_commit'), 'off', 'on'), false)"
/** PostgreSQL 17 and newer can limit the age of any transaction. */
const NO_AGE_LIMIT =
  "case when current_setting('transaction_timeout', true) is not null then set_config('transaction_timeout', '0', false) end"

/** What kind of server it is, asked in the same statement. */
export interface ServerKind {
  readonly standby: boolean
  /** A standby is read-only too. */
  readonly readOnly: boolean
}
const KIND = `pg_is_in_recovery() as standby, current_setting('transaction_read_only') = 'on' as "readOnly"`

const SET_ALL = `select ${[...Object.entries(SETTINGS).map(([name, value]) => `set_config('${name}', '${value}', false)`), DURABLE, NO_AGE_LIMIT, KIND].join(', ')}`
/** A statement that waits on a connection that we gave up would still run later; with this setting the server notices the loss and ends it. Not
 * every system's server can do this: those refuse the setting. */
const GIVE_UP_WITH_US = 'set client_connection_check_interval = 1000'

/** The statements that every new connection runs before it is used. */
export const SESSION_STATEMENTS: readonly string[] = [SET_ALL, GIVE_UP_WITH_US]

/** Applies our settings to a new connection, and tells what kind of server it leads to. They are statements and not start-up options, because
 * PgBouncer refuses options that it does not know. */
export async function prepareSession(client: pg.ClientBase): Promise<ServerKind> {
  const { rows } = await client.query<ServerKind>(SET_ALL)
  await client.query(GIVE_UP_WITH_US).catch(() => {})
  return { standby: rows[0]!.standby, readOnly: rows[0]!.readOnly }
}
