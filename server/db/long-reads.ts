import { setTimeout as pause } from 'node:timers/promises'
import { isUnavailable, openPool, type Queryable, sqlState } from './pool.ts'

/** Where long reads that may be some seconds old are done: exports, statements, reports. With DATABASE_READ_URL that is a standby, as long as it is
 * close behind; otherwise the primary. What must be newest, and what decides about money, is never read this way. */
export interface LongReads {
  /** Does the work where it should be done now, and on the primary if the standby fails it. The work may be done twice, so it only reads. */
  read<T>(primary: Queryable, work: (db: Queryable) => Promise<T>): Promise<T>
  /** Undefined where there is no DATABASE_READ_URL. */
  state(): LongReadState | undefined
  stop(): Promise<void>
}

export interface LongReadState {
  /** How old what the standby shows may be. */
  readonly behindSeconds: number
  readonly isUsed: boolean
  /** How many reads were done where. */
  readonly onStandby: number
  readonly onPrimary: number
}

/** Thrown by work that misses something on a standby which the primary may have. */
export class NotThereYet extends Error {}

/** As without DATABASE_READ_URL. */
export const readsOnPrimary: LongReads = {
  read: (primary, work) => work(primary),
  state: () => undefined,
  stop: async () => {},
}

interface LongReadDependencies {
  readonly databaseUrl: string
  readonly readUrl: string
  readonly onEvent: (message: string, level: 'warn' | 'info') => void
}

/** A standby that is further behind is not read from. */
export const MOST_BEHIND_MS = 30_000
const LOOK_EVERY_MS = 5000
const BETWEEN_LOOKS_MS = 200
const CONNECT_WITHIN_MS = 2000
const ANSWER_WITHIN_MS = 10_000
const CONNECTIONS = 4

const WHICH = `(select system_identifier::text from pg_control_system()) as system`
const PRIMARY_AT = `select pg_current_wal_flush_lsn()::text as at, ${WHICH}`
const STANDBY_AT = `
  select (case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_flush_lsn() end)::text as at, ${WHICH}`

interface Position {
  readonly at: string
  readonly system: string
}

/** Begins to measure how far the standby is behind, and resolves after the first look. A standby that is away is no reason not to start. */
export async function openLongReads({ databaseUrl, readUrl, onEvent }: LongReadDependencies): Promise<LongReads> {
  const limits = { connectTimeoutMs: CONNECT_WITHIN_MS, queryTimeoutMs: ANSWER_WITHIN_MS }
  const standby = openPool(readUrl, { size: CONNECTIONS, name: 'docket reads', ...limits })
  const primary = openPool(databaseUrl, { size: 1, name: 'docket reads', ...limits })
  const behind = openBehind()
  let problem: string | undefined = 'it was not asked yet'
  let told: string | undefined
  let looking: Promise<void> | undefined
  const counts = { onStandby: 0, onPrimary: 0 }

  const look = () => (looking ??= lookNow().finally(() => (looking = undefined)))

  async function lookNow() {
    const asked = performance.now()
    const here = await primary.query<Position>(PRIMARY_AT).catch(() => undefined)
    if (here) behind.noteOfPrimary(here.rows[0]!.at, asked)
    try {
      const { at, system } = (await standby.query<Position>(STANDBY_AT)).rows[0]!
      behind.noteOfStandby(at)
      if (here && here.rows[0]!.system !== system) tell('another database', 'it leads to another database than DATABASE_URL')
      else tellHowFarBehind()
    } catch (error) {
      tell('away', `it cannot be reached (${(error as Error).message})`)
    }
  }

  function tellHowFarBehind() {
    const milliseconds = behind.milliseconds()
    if (milliseconds <= MOST_BEHIND_MS) return tell(undefined, '')
    const seconds = Number.isFinite(milliseconds) ? `${Math.round(milliseconds / 1000)} s` : 'an unknown time'
    tell('behind', `it is ${seconds} behind, and ${MOST_BEHIND_MS / 1000} s are allowed`)
  }

  /** Once for each kind of problem, and once when it is over. */
  function tell(kind: string | undefined, words: string) {
    problem = kind
    if (kind === told) return
    if (kind !== undefined)
      onEvent(`DATABASE_READ_URL is not used: ${words}. Exports, statements and reports are read from DATABASE_URL.`, 'warn')
    else if (told !== undefined) onEvent('DATABASE_READ_URL is used again for exports, statements and reports', 'info')
    told = kind
  }

  async function read<T>(primaryOfCaller: Queryable, work: (db: Queryable) => Promise<T>): Promise<T> {
    if (problem === undefined && behind.milliseconds() <= MOST_BEHIND_MS) {
      try {
        const result = await work(standby)
        counts.onStandby += 1
        return result
      } catch (error) {
        if (!isStandbysFault(error)) throw error
        void look()
      }
    }
    counts.onPrimary += 1
    return work(primaryOfCaller)
  }

  await look()
  const timer = setInterval(() => void look(), LOOK_EVERY_MS)
  return {
    read,
    state: () => ({
      ...counts,
      behindSeconds: behind.milliseconds() / 1000,
      isUsed: problem === undefined && behind.milliseconds() <= MOST_BEHIND_MS,
    }),
    async stop() {
      clearInterval(timer)
      await looking
      await Promise.all([standby.end(), primary.end()])
    },
  }
}

/** It is away, it ended the statement because it had to go on (40001), or it lacks what the primary may have, a table of a migration too. */
function isStandbysFault(error: unknown): boolean {
  return error instanceof NotThereYet || isUnavailable(error) || sqlState(error)?.startsWith('42') === true
}

/** How long ago the primary was where the standby is now. Clocks of two machines are not compared, and a primary that writes nothing is not behind. */
function openBehind() {
  /** Where the primary was, oldest first; those that the standby has passed are forgotten, but for the newest. */
  let samples: { position: bigint; at: number }[] = []
  let isPassed = false
  return {
    noteOfPrimary(at: string, moment: number) {
      samples.push({ position: positionOf(at), at: moment })
      // A standby that is away for days.
      if (samples.length > MOST_SAMPLES) samples.splice(1, 1)
    },
    noteOfStandby(at: string) {
      const position = positionOf(at) + WITHIN
      const passed = samples.findLastIndex((sample) => sample.position <= position)
      if (passed === -1) return
      isPassed = true
      samples = samples.slice(passed)
    },
    milliseconds: () => (isPassed ? performance.now() - samples[0]!.at : Infinity),
  }
}

const MOST_SAMPLES = 1000
/** The head of a page of the log counts for one of the two and not for the other. */
const WITHIN = 64n

function positionOf(at: string): bigint {
  const [high, low] = at.split('/').map((part) => BigInt(`0x${part}`)) as [bigint, bigint]
  return (high << 32n) + low
}

/** Waits until the standby has what the primary has now. Answers why it may not be read from; undefined: it may. */
export async function standbyWith(primary: Queryable, standby: Queryable): Promise<string | undefined> {
  const until = performance.now() + MOST_BEHIND_MS
  try {
    const wanted = (await primary.query<Position>(PRIMARY_AT)).rows[0]!
    for (;;) {
      const { at, system } = (await standby.query<Position>(STANDBY_AT)).rows[0]!
      if (system !== wanted.system) return 'it leads to another database than DATABASE_URL'
      if (positionOf(at) + WITHIN >= positionOf(wanted.at)) return undefined
      if (performance.now() > until) return `it is more than ${MOST_BEHIND_MS / 1000} s behind`
      await pause(BETWEEN_LOOKS_MS)
    }
  } catch (error) {
    return `it cannot be reached (${(error as Error).message})`
  }
}
