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
  /** leaves; the last user of the directory stops the server */
  stop(): Promise<void>
}

export interface StartOptions {
  /** made if it is missing; everything of the server lies in it, and it is the server's alone */
  readonly directory: string
  /** `shop`: the database, its owner and the files beside bear it. Up to 20 small letters, digits and _; always the same for a directory. */
  readonly name: string
  /** `Shop`: how sentences for people call the application; its name if left out */
  readonly title?: string
  /** `DATABASE_URL`: the setting by which the application takes a PostgreSQL of one's own; errors show this way out if it is given */
  readonly ownServer?: string
  /** of postgresql.conf, written anew at each start; what `alter system` set is stronger */
  readonly settings?: Settings
  readonly onEvent?: OnEvent
  /** how to run where we are root; found by trying if left out */
  readonly asRoot?: AsRoot
}

/** One sentence for a log. */
type OnEvent = (message: string, level?: 'info' | 'warn') => void

/**
 * A real PostgreSQL in a directory. The first process to come starts the server, the others join it, the last to leave stops it.
 * The server belongs to the directory, not to the process that started it: that one's sudden death costs nobody a connection. All who use
 * it look after it: when it is killed, the first to take the directory's lock starts it again at the same address, the others find it there.
 * Throws one sentence with the way out where it cannot be had.
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

/** The server that another process has started again meanwhile, or a new one. */
async function bringBack(place: Place, entry: string, asRoot: AsRoot | undefined, url: string, onEvent: OnEvent): Promise<RunningServer> {
  try {
    const server = (await join(place, entry, onEvent)) ?? (await startAnew(place, asRoot, onEvent))
    if ((await urlOf(place, server)) === url) return server
  } catch (error) {
    throw explained(error, place.directory)
  }
  throw new Error('It runs at another address now, which this process does not know: start this process again.')
}

/** Joins the server that runs here already, or adopts it when all who used it died. */
async function join(place: Place, entry: string, onEvent: (message: string) => void): Promise<RunningServer | undefined> {
  const server = findRunning(place)
  if (!server) return refuseUnseenServer(place)
  const answer = await waitForAnswer(place, server)
  const others = await countOthers(place.users, entry)
  if (answer === 'answers') {
    onEvent(others === 0 ? 'taking over the PostgreSQL that was left running' : 'joining the PostgreSQL that runs already')
    // Read again: a server that was still starting had not yet told its address.
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

/** A container beside ours may share the directory while we see none of its processes; two servers on one cluster would ruin it. */
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
  // Only now: had we died while stopping, the next start would have found the server on its way out and waited for it.
  await leave(entry)
}

async function end(place: Place, server: RunningServer): Promise<void> {
  if (process.platform !== 'win32') return stopServer(place, server)
  const { bin, runner } = await findPrograms(place)
  const pgCtl = `${bin}\\pg_ctl`
  await stopServer(place, server, () => runner.ask(pgCtl, ['stop', '-m', 'fast', '-W', '-D', place.cluster]))
}
