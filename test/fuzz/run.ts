import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openEmbeddedDatabase } from '../../server/db/embedded.ts'
import { migrate } from '../../server/db/migrate.ts'
import { openPool } from '../../server/db/pool.ts'
import { onServer, withDatabase } from '../support/database-server.ts'
import { serve } from '../support/server-process.ts'
import type { Encoded } from './encode.ts'
import { type Connection, openConnection } from './connection.ts'
import { told } from './node-under-test.ts'
import { type Chance, openChance } from './random.ts'
import { anyRequest, hostOf } from './requests.ts'
import { surfaceOf, type Target } from './surface.ts'
import { makeWorld, WORLD_SECRET } from './world.ts'

// npm run fuzz [-- --requests 100000 --seed 1 --connections 16 --pipelined 8]
const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    connections: { type: 'string', default: '16' },
    pipelined: { type: 'string', default: '8' },
    help: { type: 'boolean' },
  },
})

const LONGEST_DELAY_MS = 250
/** Of the whole process: a node at work, its caches full, with room for the bodies that are under way. */
const MOST_RESIDENT_BYTES = 1_000_000_000

/** Ctrl C ends the sending, and what was found until then is told. */
let isStopped = false

interface Found {
  readonly statuses: Map<number, number>
  /** Requests that got a 5xx other than 503. */
  readonly failed: string[]
  delayMs: number
  residentBytes: number
}

if (values.help) {
  process.stdout.write('Sends a node anything, over every way in. --requests 100000 --seed 1 --connections 16 --pipelined 8\n')
} else {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'docket-fuzz-'))
  const server = process.env['DATABASE_URL']
    ? { url: process.env['DATABASE_URL'], close: async () => {} }
    : await openEmbeddedDatabase({ directory })
  const name = `docket_fuzz_${process.pid}`
  await onServer(server.url, `create database ${name}`)
  try {
    process.exitCode = (await fuzz(withDatabase(server.url, name))) ? 0 : 1
  } finally {
    await onServer(server.url, `drop database if exists ${name} with (force)`)
    await server.close()
    await rm(directory, { recursive: true, force: true })
  }
}

/** Whether nothing was found. */
async function fuzz(databaseUrl: string): Promise<boolean> {
  await migrate(databaseUrl)
  const db = openPool(databaseUrl, { size: 1, name: 'fuzz' })
  const surface = surfaceOf(await makeWorld(db))
  await db.end()
  const node = await serve({ DATABASE_URL: databaseUrl, DOCKET_REGISTRATION: 'on', DOCKET_SECRET: WORLD_SECRET })
  try {
    const found: Found = { statuses: new Map(), failed: [], delayMs: 0, residentBytes: 0 }
    const began = performance.now()
    process.once('SIGINT', () => (isStopped = true))
    let isDone = false
    const watching = watch(node.url, found, () => isDone)
    const { sent, port } = { sent: Number(values.requests), port: Number(new URL(node.url).port) }
    await sendAll(port, surface, sent, openChance(Number(values.seed)), found)
    const seconds = (performance.now() - began) / 1000
    isDone = true
    await watching
    const warnings = node.written().split('\n').filter((line) => line.includes('stood still') || line.includes('a request failed')) // prettier-ignore
    return report(found, sent, seconds, warnings)
  } finally {
    await node.stop()
  }
}

async function sendAll(port: number, surface: readonly Target[], most: number, chance: Chance, found: Found): Promise<void> {
  const pipelined = Number(values.pipelined)
  const connections = Array.from({ length: Number(values.connections) }, () => openConnection(port))
  let left = most
  await Promise.all(connections.map((connection) => keepBusy(connection)))
  for (const connection of connections) connection.close()

  /** Sends as many as may be under way, and one more for each answer. */
  function keepBusy(connection: Connection): Promise<void> {
    return new Promise((resolve) => {
      const more = () => {
        if (isStopped) left = 0
        while (left > 0 && connection.waiting() < pipelined) sendOne(connection, more)
        if (left === 0 && connection.waiting() === 0) resolve()
      }
      more()
    })
  }

  function sendOne(connection: Connection, more: () => void) {
    left -= 1
    const request = anyRequest(chance, surface)
    connection.send(request, hostOf(chance), (status) => {
      found.statuses.set(status, (found.statuses.get(status) ?? 0) + 1)
      if (status >= 500 && status !== 503) noteFailed(found, status, request)
      setImmediate(more)
    })
  }
}

/** Told at once: a run of millions need not be waited for. */
function noteFailed({ failed }: Found, status: number, { method, path, body }: Encoded) {
  const text = `${status} ${method} ${path.slice(0, 500)} ${body?.toString('latin1').slice(0, 1000) ?? ''}`
  failed.push(text)
  if (failed.length <= 20) process.stdout.write(`Failed: ${text}\n`)
}

/** Asks the node once a second how late it was, and how large it is. */
async function watch(url: string, found: Found, isDone: () => boolean): Promise<void> {
  for (let turn = 1; ; turn += 1) {
    const last = isDone()
    const { delayMs, residentBytes } = await told(url)
    found.delayMs = Math.max(found.delayMs, delayMs)
    found.residentBytes = Math.max(found.residentBytes, residentBytes)
    if (turn % 30 === 0) process.stdout.write(`${progress(found)}\n`)
    if (last) return
    await pause(1000)
  }
}

function progress({ statuses, delayMs, residentBytes }: Found): string {
  const all = [...statuses].toSorted(([one], [other]) => one - other).map(([status, count]) => `${status}: ${count}`)
  return `${all.join(', ')}; longest delay ${Math.round(delayMs)} ms; ${Math.round(residentBytes / 1e6)} MB`
}

/** Whether the node itself computed for so long: a machine that is busy with something else keeps it waiting with little processor time spent. */
function isOurs(line: string): boolean {
  if (!line.includes('stood still')) return false
  const { ms, processorMs } = JSON.parse(line) as { ms: number; processorMs: number }
  return Math.min(ms, processorMs) > LONGEST_DELAY_MS
}

function report(found: Found, sent: number, seconds: number, warnings: readonly string[]): boolean {
  const faults = [
    ...(found.failed.length > 0 ? [`${found.failed.length} requests failed`] : []),
    ...warnings.filter(isOurs).map((line) => `Too long: ${line}`),
    ...(found.residentBytes > MOST_RESIDENT_BYTES ? [`The node grew to ${Math.round(found.residentBytes / 1e6)} MB`] : []),
  ]
  process.stdout.write(`${sent} requests in ${Math.round(seconds)} s, ${Math.round(sent / seconds)} a second. ${progress(found)}\n`)
  for (const line of [...warnings.slice(0, 20), ...faults]) process.stdout.write(`${line}\n`)
  process.stdout.write(faults.length === 0 ? '1 passed, 0 failed\n' : '0 passed, 1 failed\n')
  return faults.length === 0
}
