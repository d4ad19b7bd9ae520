import { databaseAway } from '../deadline.ts'
import { type DatabaseClient, holdConnections } from './client.ts'
import { type Database, openPoolBeside, sqlState } from './pool.ts'

/** Where commits wait for a standby (synchronous_standby_names), a commit that nobody confirmed is seen on one machine only, and a fail-over loses it.
 * PostgreSQL hides a commit while it waits, and shows it when the wait was ended by somebody, or the server was restarted meanwhile. So nothing that
 * was read is told before a commit that was begun after reading is confirmed; the answers that wait share one (docs/decisions/0086). */
export interface Confirming {
  /** Whether commits wait for a standby. If not, nothing needs to be confirmed. */
  isAsked(): boolean
  /** Tells it what the server answered to IS_ASKED. */
  note(isAsked: boolean): void
  /** The standby has not confirmed anything for some seconds: every commit waits, and nothing can be told. */
  isStalled(): boolean
  /** Settles when all that could be seen before this call is safe. `since` is the performance.now() before the first read. Throws a refusal
   * when nothing is confirmed in time, or when another server took over since then. */
  confirmed(since: number): Promise<void>
  stop(): Promise<void>
}

interface ConfirmingDependencies {
  readonly db: Database
  /** Called when another server has taken over: what was read before may be lost. */
  readonly lost: () => void
  readonly onEvent: (message: string, level: 'warn' | 'info') => void
}

/** For an answer that is given from what another call has committed. Writes only where commits wait for a standby. */
export const CONFIRM = {
  name: 'confirm',
  text: `select case when current_setting('synchronous_standby_names') <> '' then pg_logical_emit_message(true, 'docket', '') end`,
}

/** Whether commits of this connection wait for a standby. */
export const IS_ASKED = `current_setting('synchronous_standby_names') <> '' and current_setting('synchronous_commit') not in ('local', 'off')`
/** The smallest commit that waits for a standby: a transaction that writes nothing does not. */
const COMMIT = `
  select pg_logical_emit_message(true, 'docket', '') is not null as written, left(pg_walfile_name(pg_current_wal_lsn()), 8) as timeline`
const STILL_WAITS = `select from pg_stat_activity where pid = $1 and wait_event = 'SyncRep'`

/** How often it is tried whether the standby confirms, while nobody asks. */
const TRY_EVERY_MS = 5000
/** Longer than the standby's disk takes, shorter than a client's patience. */
const CONFIRM_WITHIN_MS = 5000
/** The pause before a confirmation that failed while the standby was away is tried again. */
const AGAIN_AFTER_MS = 250

interface Waiting {
  readonly since: number
  resolve(): void
  reject(error: unknown): void
}

/** Resolves when it is known whether commits wait for a standby. */
export async function openConfirming({ db, lost, onEvent }: ConfirmingDependencies): Promise<Confirming> {
  // Two connections: one commits, and the other asks what the first is waiting for. A commit that waits is not given up after a time limit, because
  // the server would go on waiting with it.
  const pool = openPoolBeside(db, { max: 2, application_name: 'docket confirm', query_timeout: 0, isForConfirming: true } as object)
  const { connectionString } = db.options as { connectionString: string }
  let asked = false
  let stalled = false
  let stopped = false
  let waiting: Waiting[] = []
  let committing: Promise<void> | undefined
  /** The connection of the commit under way. */
  let client: DatabaseClient | undefined
  let timeline: string | undefined
  let changedAt = -Infinity

  function note(isAsked: boolean) {
    asked = isAsked
    if (asked && !stopped) void commit()
  }

  function confirmed(since: number): Promise<void> {
    if (stalled || stopped || since <= changedAt) return Promise.reject(databaseAway())
    return new Promise((resolve, reject) => {
      waiting.push({ since, resolve, reject })
      void commit()
    })
  }

  /** One at a time. Those who come while one is under way need the next, because it began before they had read. */
  function commit(): Promise<void> {
    return (committing ??= commitNow().finally(() => {
      committing = undefined
      if (stopped) return
      if (waiting.length > 0) void commit()
      else if (stalled) setTimeout(() => !stopped && void commit(), AGAIN_AFTER_MS).unref()
    }))
  }

  async function commitNow() {
    const own = waiting
    waiting = []
    const timer = setInterval(() => void stall(own), CONFIRM_WITHIN_MS)
    let release: (lost: boolean) => void = () => {}
    try {
      const held = await pool.connect()
      release = (lost) => held.release(lost)
      client = held as unknown as DatabaseClient
      const { rows } = await held.query<{ timeline: string }>({ name: 'commit', text: COMMIT })
      release(false)
      noteTimeline(rows[0]!.timeline)
      if (stalled) recover()
      for (const each of own) {
        if (each.since <= changedAt) each.reject(databaseAway())
        else each.resolve()
      }
    } catch {
      release(true)
      for (const each of own) each.reject(databaseAway())
    } finally {
      client = undefined
      clearInterval(timer)
    }
  }

  function noteTimeline(found: string) {
    if (timeline !== undefined && found !== timeline) {
      changedAt = performance.now()
      lost()
    }
    timeline = found
  }

  /** Called again and again for as long as a commit is not confirmed. */
  async function stall(own: readonly Waiting[]) {
    if (!stalled) {
      stalled = true
      holdConnections(connectionString, true)
      onEvent(
        `the standby that must confirm commits (synchronous_standby_names) has not done so for ${CONFIRM_WITHIN_MS / 1000} s, or the database does not answer: nothing is told until then, because a fail-over could lose it.`,
        'warn',
      )
    }
    for (const each of [...own, ...waiting.splice(0)]) each.reject(databaseAway())
    const asking = client
    if (asking && !(await waitsForStandby(asking.processID))) asking.destroy()
  }

  /** A connection that died silently looks alike, but would wait for ever. */
  async function waitsForStandby(processID: number | null): Promise<boolean> {
    try {
      return (await pool.query(STILL_WAITS, [processID])).rows.length > 0
    } catch (error) {
      // A server that has no connection to spare is there.
      return sqlState(error) !== undefined
    }
  }

  function recover() {
    stalled = false
    holdConnections(connectionString, false)
    onEvent('the standby confirms commits again', 'info')
  }

  note((await db.query<{ asked: boolean }>(`select ${IS_ASKED} as asked`)).rows[0]!.asked)
  const trying = setInterval(() => note(asked), TRY_EVERY_MS)
  return {
    isAsked: () => asked,
    note,
    isStalled: () => stalled,
    confirmed,
    async stop() {
      stopped = true
      clearInterval(trying)
      if (stalled) holdConnections(connectionString, false)
      client?.destroy()
      for (const each of waiting.splice(0)) each.reject(databaseAway())
      await pool.end()
    },
  }
}
