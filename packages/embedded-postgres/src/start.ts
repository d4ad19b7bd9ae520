import { describeApplication, type Settings } from './application.ts'
import { findPrograms, type Programs } from './programs.ts'
import { prepareCluster } from './cluster.ts'
import { refusalOf, urlOf } from './connection.ts'
import { withLock } from './lock.ts'
import { trimLog } from './log.ts'
import { explained, preparePlace, type Place } from './place.ts'
import type { AsRoot } from './runner.ts'
import { findRunning, readPostmasterFile, stopServer, waitForAnswer, type RunningServer } from './running.ts'
import { startServer } from './launch.ts'
import { countOthers, enter, leave } from './users.ts'
import { watchServer } from './watch.ts'

export interface EmbeddedPostgres {
  /** for pg, psql and pgbench alike: `postgres://shop:…@localhost:5432/shop?host=…`; it stays the same when the server is started again */
  readonly url: string
  /** releases the server; the last process that uses the directory stops it */
  stop(): Promise<void>
}

export interface StartOptions {
  /** made if it is missing; it holds all files of the server and nothing else */
  readonly directory: string
  /** `shop`: the name of the database, of its owner and of the files. Up to 20 small letters, digits and _; always the same for a directory. */
  readonly name: string
  /** `Shop`: the name of the application in sentences for people; `name` if omitted */
  readonly title?: string
  /** `DATABASE_URL`: the setting by which the operator chooses another PostgreSQL; if given, error sentences suggest it */
  readonly ownServer?: string
  /** settings for postgresql.conf, written at each start; those that `alter system` set override them */
  readonly settings?: Settings
  readonly onEvent?: OnEvent
  /** how to run where we are root; found by trying if omitted */
  readonly asRoot?: AsRoot
}

/** One sentence for a log. */
type OnEvent = (message: string, level?: 'info' | 'warn') => void

/**
 * Runs a real PostgreSQL in a directory. The first process starts the server, the others join it, and the last to leave stops it.
 * The server belongs to the directory, not to the process that started it, so the sudden death of that process costs nobody a
 * connection. All processes that use the server watch it: when it is killed, the first to take the directory's lock starts it again
 * at the same address, and the others find it there. Throws one sentence with a solution where no server can be started.
 */
export async function start(options: StartOptions): Promise<EmbeddedPostgres> {
  const onEvent = options.onEvent ?? (() => {})
  const place = await preparePlace(options.directory, describeApplication(options))
  try {
    return await withLock(place.lock, () => open(place, options.asRoot, onEvent), onEvent)
  } catch (error) {
    throw explained(error, place.directory)
  }
}

async function open(place: Place, asRoot: AsRoot | undefined, onEvent: OnEvent): Promise<EmbeddedPostgres> {
  const entry = await enter(place.users)
  try {
    const server = (await join(place, entry, onEvent)) ?? (await startAnew(place, asRoot, onEvent))
    const url = await urlOf(place, server)
    const trimming = setInterval(() => void trimLog(place.log).catch(() => {}), 60_000).unref()
    let leaving: Promise<void> | undefined
    const startAgain = () =>
      withLock(place.lock, async () => {
        if (leaving) throw new Error('This process is leaving the database.')
        return bringBack(place, entry, asRoot, url, onEvent)
      })
    const watch = watchServer(server, startAgain, onEvent)
    const stopOnce = async (): Promise<void> => {
      watch.stop()
      clearInterval(trimming)
      await withLock(place.lock, () => leaveOrStop(place, entry, onEvent), onEvent)
    }
    return { url, stop: () => (leaving ??= stopOnce()) }
  } catch (error) {
    await leave(entry)
    throw error
  }
}

/** Returns the server that another process has started again meanwhile, or starts a new one. */
async function bringBack(place: Place, entry: string, asRoot: AsRoot | undefined, url: string, onEvent: OnEvent): Promise<RunningServer> {
  try {
    const server = (await join(place, entry, onEvent)) ?? (await startAnew(place, asRoot, onEvent))
    if ((await urlOf(place, server)) === url) return server
  } catch (error) {
    throw explained(error, place.directory)
  }
  throw new Error('It runs at another address now, which this process does not know: start this process again.')
}

/** Joins the server that already runs here, or takes it over when all processes that used it died. */
async function join(place: Place, entry: string, onEvent: (message: string) => void): Promise<RunningServer | undefined> {
  const server = findRunning(place)
  if (!server) return refuseUnseenServer(place)
  const answer = await waitForAnswer(place, server)
  const others = await countOthers(place.users, entry)
  if (answer === 'answers') {
    onEvent(others === 0 ? 'taking over the PostgreSQL that was left running' : 'joining the PostgreSQL that runs already')
    // postmaster.pid is read again: a server that was still starting had not written its address yet.
    return findRunning(place) ?? server
  }
  if (answer === 'gone') return undefined
  if (others > 0 || answer.code === '28P01') {
    throw new Error(
      `A PostgreSQL server (process ${server.process.pid}) runs in ${place.directory} and does not let us in (${answer.message}): stop the other ${place.application.title} processes on this directory, then end it with kill -INT ${server.process.pid}.`,
    )
  }
  onEvent('stopping a PostgreSQL that was left running and cannot be reached')
  await end(place, server)
  return undefined
}

/** Another container may share the directory while we cannot see its processes; two servers on one cluster would destroy it. */
async function refuseUnseenServer(place: Place): Promise<undefined> {
  const told = readPostmasterFile(place)
  if (!told?.host) return undefined
  const refusal = await refusalOf(place, told)
  const answered = !refusal || (/^[0-9A-Z]{5}$/.test(refusal.code) && !refusal.code.startsWith('E'))
  if (!answered) return undefined
  throw new Error(
    `The database in ${place.directory} is in use by a PostgreSQL that this process cannot see, perhaps in another container: stop that one, or give this one a data directory of its own.`,
  )
}

async function startAnew(place: Place, asRoot: AsRoot | undefined, onEvent: (message: string) => void): Promise<RunningServer> {
  const programs: Programs = await findPrograms(place, asRoot)
  await prepareCluster(place, programs, onEvent)
  const began = performance.now()
  const server = await startServer(place, programs, onEvent)
  onEvent(`PostgreSQL ${programs.major} started in ${Math.round(performance.now() - began)} ms`)
  return server
}

async function leaveOrStop(place: Place, entry: string, onEvent: (message: string) => void): Promise<void> {
  const others = await countOthers(place.users, entry)
  const server = findRunning(place)
  if (others === 0 && server) {
    await end(place, server)
    onEvent('PostgreSQL stopped')
  }
  // We leave only now: if this process died while stopping the server, the next start would find the server stopping and wait for it.
  await leave(entry)
}

async function end(place: Place, server: RunningServer): Promise<void> {
  if (process.platform !== 'win32') return stopServer(place, server)
  const { bin, runner } = await findPrograms(place)
  const pgCtl = `${bin}\\pg_ctl`
  await stopServer(place, server, () => runner.ask(pgCtl, ['stop', '-m', 'fast', '-W', '-D', place.cluster]))
}
