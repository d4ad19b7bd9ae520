import { readFileSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { isPrivateSocketDirectory } from './address.ts'
import { refusalOf, type Address } from './connection.ts'
import type { Place } from './place.ts'
import { isRunning, markOf, signal, until, worksIn, type ProcessMark } from './processes.ts'
import { codeOf } from './fault.ts'

/** The server that runs on a cluster, according to its postmaster.pid. */
export interface RunningServer extends Address {
  readonly process: ProcessMark
}

/** Returns nothing if no server runs. postmaster.pid alone is no proof: it remains after a kill -9, and its pid may now belong to another program. */
export function findRunning(place: Place): RunningServer | undefined {
  const told = readPostmasterFile(place)
  const process = told && markOf(told.pid)
  if (!process || !worksIn(told.pid, place.cluster)) return undefined
  return { process, host: told.host, port: told.port }
}

/** Waits while the server starts or recovers; returns nothing if it was stopping and has ended. */
export async function waitForAnswer(place: Place, server: RunningServer): Promise<'answers' | 'gone' | { code: string; message: string }> {
  let refusal = { code: '', message: 'it is stopping' }
  // A server that has started answers at once; one that is up and does not answer is not worth a longer wait.
  let patience = performance.now() + 10_000
  while (isRunning(server.process)) {
    const told = readPostmasterFile(place)
    if (told?.status === 'starting') patience = performance.now() + 10_000
    if (told?.status === 'ready') {
      const answer = await refusalOf(place, told)
      if (!answer) return 'answers'
      refusal = answer
      if (answer.code === wrongPassword) return refusal
      // No process listens: a server that was just killed looks the same.
      if (answer.code === 'ENOENT' || answer.code === 'ECONNREFUSED') patience = Math.min(patience, performance.now() + lastMoments)
    }
    if (told?.status === 'stopping') await until(() => !isRunning(server.process), stopPatience)
    if (performance.now() > patience) return refusal
    await pause(10)
  }
  return 'gone'
}

/** Disconnects all clients, writes everything to disk and stops the server; uses stronger signals where that does not help. */
export async function stopServer(place: Place, server: RunningServer, endByProgram?: () => Promise<unknown>): Promise<void> {
  const { pid } = server.process
  const gone = (): boolean => !isRunning(server.process)
  // Windows has no signals, so PostgreSQL's own pg_ctl stops the server there.
  if (endByProgram) await endByProgram()
  else signal(pid, 'SIGINT')
  if (!(await until(gone, stopPatience))) {
    signal(pid, 'SIGQUIT')
    if (!(await until(gone, 10_000))) signal(pid, 'SIGKILL')
    await until(gone, 10_000)
  }
  await removeTraces(place, server.host)
}

/**
 * Removes files of a killed server that would stop the next one: that one takes any process with the old pid, even a zombie, for the
 * old server. Backends that outlived their server still hold its shared memory, and the next server refuses to start beside them, so
 * this removes no protection.
 */
export async function removeTraces(place: Place, host = readPostmasterFile(place)?.host): Promise<void> {
  if (findRunning(place)) return
  await rm(join(place.cluster, 'postmaster.pid'), { force: true })
  if (!host?.startsWith('/')) return
  if (isPrivateSocketDirectory(place, host)) await rm(host, { recursive: true, force: true })
  else if (dirname(host) === place.directory) {
    for (const name of await readdir(host).catch(() => [])) await rm(join(host, name), { force: true })
  }
}

/** The text lines of postmaster.pid are: pid, data, start, port, socket directory, address, shared memory, status. */
export function readPostmasterFile(place: Place): (Address & { pid: number; status: string }) | undefined {
  let lines: string[]
  try {
    lines = readFileSync(join(place.cluster, 'postmaster.pid'), 'utf8').split('\n')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
  const pid = Math.abs(Number(lines[0]))
  if (!Number.isSafeInteger(pid) || pid === 0) return undefined
  return { pid, port: Number(lines[3] ?? 0), host: lines[4] || lines[5] || '', status: (lines[7] ?? 'starting').trim() }
}

const wrongPassword = '28P01'
const stopPatience = 60_000
const lastMoments = 3_000
