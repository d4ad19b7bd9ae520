import type pg from 'pg'

/** How long a server that has accepted a connection may take to answer its first statements. */
const SETTLE_WITHIN_MS = 5000

/** Session settings that a server, a database or a role may have set otherwise, and on which our speed or the meaning of our statements
 * depends. `search_path` is left alone: it is how an operator chooses a schema; so is `default_transaction_read_only`, which says that
 * nothing shall be written. Figures: docs/decisions/0026-session-settings.md. */
const SETTINGS: Readonly<Record<string, string>> = {
  // Plans as on the embedded server: compiling a short statement costs more than running it, and a solid-state disk reads a random page as
  // fast as the next one.
  jit: 'off',
  random_page_cost: '1.1',
  plan_cache_mode: 'auto',
  // A transaction sees what was committed before each of its statements; our locks are written for that.
  default_transaction_isolation: 'read committed',
  // Texts that the driver reads and that we write.
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  extra_float_digits: '1',
  bytea_output: 'hex',
  standard_conforming_strings: 'on',
  array_nulls: 'on',
  transform_null_equals: 'off',
  // We bound our statements ourselves; an audit, a backup and a migration take as long as they take.
  statement_timeout: '0',
  lock_timeout: '0',
  // An idle listener and an idle pool are no fault.
  idle_session_timeout: '0',
  // A node that loses its power is let go: the server waits two hours for a sign of life otherwise, with books locked.
  idle_in_transaction_session_timeout: '1min',
}

/** "Order accepted" is told after the commit is on the disk. An operator's stronger or weaker standby rules (`remote_apply`, `local`) stay. */
const DURABLE = "set_config('synchronous_commit', replace(current_setting('synchronous_commit'), 'off', 'on'), false)"
/** PostgreSQL 17 and newer can end any transaction by its age. */
const NO_AGE_LIMIT =
  "case when current_setting('transaction_timeout', true) is not null then set_config('transaction_timeout', '0', false) end"

const SET_ALL = `select ${[...Object.entries(SETTINGS).map(([name, value]) => `set_config('${name}', '${value}', false)`), DURABLE, NO_AGE_LIMIT].join(', ')}`
/** A statement that waits on a connection that we have given up would still be done when its turn comes; with this the server notices and
 * ends it. Not every system's server can: those refuse the setting. */
const GIVE_UP_WITH_US = 'set client_connection_check_interval = 1000'

/** The statements that every new connection runs before it is used. */
export const SESSION_STATEMENTS: readonly string[] = [SET_ALL, GIVE_UP_WITH_US]

/** Brings a new connection to our settings. They are statements and not start-up options, because PgBouncer refuses options it does not
 * know. */
export async function prepareSession(client: pg.ClientBase): Promise<void> {
  await client.query(bounded(SET_ALL))
  await client.query(bounded(GIVE_UP_WITH_US)).catch(() => {})
}

/** `query_timeout` is the driver's own; its types do not name it. */
function bounded(text: string): pg.QueryConfig {
  return { text, query_timeout: SETTLE_WITHIN_MS } as pg.QueryConfig
}
