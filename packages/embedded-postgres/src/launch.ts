import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { chooseAddress } from './address.ts'
import type { Programs } from './programs.ts'
import { refusalOf, type Address } from './connection.ts'
import { messageOf } from './fault.ts'
import { endOfLog, lastLines, readLog, trimLog, wayOut } from './log.ts'
import type { Place } from './place.ts'
import { isRunning, markOf, signal, until, type ProcessMark } from './processes.ts'
import { findRunning, readPostmasterFile, removeTraces, waitForAnswer, type RunningServer } from './running.ts'

/** Starts the server on a cluster on which no server runs; a failed start leaves no process behind. */
export async function startServer(place: Place, programs: Programs, onEvent: (message: string) => void): Promise<RunningServer> {
  await trimLog(place.log)
  const deadline = performance.now() + 15_000
  for (;;) {
    const attempt = await tryStart(place, programs, onEvent)
    if ('process' in attempt) return attempt
    // A start that was killed a moment ago may have left a server that wrote its pid only now.
    const other = findRunning(place)
    if (other && (await waitForAnswer(place, other)) === 'answers') return findRunning(place) ?? other
    // A killed server's backends end by themselves, but a busy one only after its statement; until then they keep the shared memory.
    const memoryHeld = /shared memory block .* still in use/.test(attempt.written)
    if (!memoryHeld || performance.now() > deadline) throw new Error(`${attempt.fault}\n${lastLines(attempt.written)}`)
    await pause(20)
  }
}

interface FailedStart {
  fault: string
  written: string
}

async function tryStart(place: Place, programs: Programs, onEvent: (message: string) => void): Promise<RunningServer | FailedStart> {
  await removeTraces(place)
  const address = await chooseAddress(place, programs)
  const since = await endOfLog(place.log)
  const server = await launch(place, programs, address)
  const failed = async (why: string): Promise<FailedStart> => {
    await end(server)
    await removeTraces(place, address.host)
    const written = await readLog(place.log, since)
    return {
      written,
      fault: `PostgreSQL did not start in ${place.directory}: ${why}; ${wayOut(written, await programs.runner.barrier(place.cluster), place.application)}. Its log ends:`,
    }
  }
  if (!server) return failed('its program could not be run')
  try {
    const fault = await waitUntilReady(place, address, server, onEvent)
    return fault === undefined ? { ...address, process: server } : await failed(fault)
  } catch (error) {
    await failed(messageOf(error))
    throw error
  }
}

/** Returns nothing once the server answers, else the reason why it does not. */
async function waitUntilReady(
  place: Place,
  address: Address,
  server: ProcessMark,
  onEvent: (message: string) => void,
): Promise<string | undefined> {
  let nextWord = performance.now() + 5_000
  let refusal: { code: string; message: string } | undefined
  let readySince: number | undefined
  while (isRunning(server)) {
    if (readPostmasterFile(place)?.status === 'ready') {
      refusal = await refusalOf(place, address)
      if (!refusal) return undefined
      readySince ??= performance.now()
      if (performance.now() - readySince > 10_000) return `it refuses connections (${refusal.message})`
    }
    // Recovery after a crash has no time limit; a server that is stopped during it would only begin it again.
    if (performance.now() > nextWord) {
      onEvent('PostgreSQL is still starting, perhaps recovering after a crash')
      nextWord = performance.now() + 10_000
    }
    await pause(5)
  }
  return 'it ended at once'
}

async function launch(place: Place, programs: Programs, address: Address): Promise<ProcessMark | undefined> {
  const socket = address.host.startsWith('/')
  const settings = [
    '-p',
    String(address.port),
    '-c',
    `listen_addresses=${socket ? '' : address.host}`,
    '-c',
    `unix_socket_directories=${socket ? quoted(address.host) : ''}`,
    '-c',
    'unix_socket_permissions=0700',
    '-c',
    'logging_collector=off',
  ]
  if (process.platform === 'win32') return launchOnWindows(place, programs, settings)

  const log = await open(place.log, 'a', 0o600)
  try {
    const child = programs.runner.spawn(join(programs.bin, 'postgres'), ['-D', place.cluster, ...settings], {
      stdio: ['ignore', log.fd, log.fd],
      detached: true,
    })
    child.on('error', () => {})
    child.unref()
    return child.pid === undefined ? undefined : markOf(child.pid)
  } finally {
    await log.close()
  }
}

/** On Windows postgres refuses to run as an administrator; its pg_ctl drops those rights first, and returns while the server starts. */
async function launchOnWindows(place: Place, programs: Programs, settings: string[]): Promise<ProcessMark | undefined> {
  const options = settings.map((word) => (word === '' || word.includes(' ') ? `"${word}"` : word)).join(' ')
  await programs.runner.ask(join(programs.bin, 'pg_ctl'), ['start', '-W', '-D', place.cluster, '-l', place.log, '-o', options])
  await until(() => readPostmasterFile(place) !== undefined, 10_000)
  const told = readPostmasterFile(place)
  return told && markOf(told.pid)
}

async function end(server: ProcessMark | undefined): Promise<void> {
  if (!server) return
  for (const name of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (!isRunning(server)) return
    signal(server.pid, name)
    await until(() => !isRunning(server), 10_000)
  }
}

// The setting is a list, so a comma or a space would end the name.
function quoted(directory: string): string {
  return `"${directory.replaceAll('"', '""')}"`
}
