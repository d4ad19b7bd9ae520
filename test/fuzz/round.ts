import { setTimeout as pause } from 'node:timers/promises'
import { migrate } from '../../server/db/migrate.ts'
import { openPool } from '../../server/db/pool.ts'
import { onServer, withDatabase } from '../support/database-server.ts'
import { blamedMs, isFailure, type NodeUnderTest, type Silence, startNodeUnderTest, told } from './node-under-test.ts'
import { openChance } from './random.ts'
import { legalRequest, type Mix, mixOf } from './requests.ts'
import { type Sender, startSending, textOf } from './send.ts'
import { openStreamsFor } from './streams.ts'
import { surfaceOf } from './surface/surface.ts'
import type { Target } from './surface/target.ts'
import { type House, makeHouse, makeWorld, mendHouse } from './world.ts'

/** One round: a fresh database, a fresh node, and so many requests by one seed. */
export interface RoundAsked {
  readonly seed: number
  readonly requests: number
  readonly connections: number
  readonly pipelined: number
  readonly furtherServices: number
  /** The share of requests that goes to others than the API. */
  readonly othersShare: number
  /** A migrated database to begin with; without it, one is made. */
  readonly template?: string
  /** Whether silences count: then all code is loaded before. */
  readonly isTimed: boolean
  /** Ends the sending early. */
  readonly isOver: () => boolean
  readonly say: (line: string) => void
}

export interface Round {
  readonly sent: number
  readonly seconds: number
  readonly statuses: ReadonlyMap<number, number>
  readonly residentBytes: number
  /** The longest silence that the node is to blame for. */
  readonly silenceMs: number
  /** What should not be; empty: nothing was found. */
  readonly faults: readonly string[]
}

const LONGEST_SILENCE_MS = 250
/** Of the whole process: a node at work, its caches full, with room for the bodies that are under way. */
const MOST_RESIDENT_BYTES = 1_000_000_000
/** Callers whose key was revoked by what was sent get another one after so many requests. */
const RENEWED_AFTER = 10_000
const STREAMS_AT_ONCE = 5

/** Plays a round in a database of its own on this server. */
export async function playRound(serverUrl: string, asked: RoundAsked): Promise<Round> {
  const name = `docket_fuzz_${process.pid}_${asked.seed}`
  await onServer(serverUrl, `create database ${name}${asked.template === undefined ? '' : ` template "${asked.template}"`}`)
  const databaseUrl = withDatabase(serverUrl, name)
  try {
    if (asked.template === undefined) await migrate(databaseUrl)
    const db = openPool(databaseUrl, { size: 2, name: 'fuzz', connectTimeoutMs: 60_000 })
    try {
      const house = await makeHouse(db, { furtherServices: asked.furtherServices })
      return await withNode(databaseUrl, (node) => sendTo(node, house, asked))
    } finally {
      await db.end()
    }
  } finally {
    await onServer(serverUrl, `drop database if exists ${name} with (force)`)
  }
}

async function withNode<Result>(databaseUrl: string, work: (node: NodeUnderTest) => Promise<Result>): Promise<Result> {
  const node = await startNodeUnderTest(databaseUrl)
  try {
    return await work(node)
  } finally {
    await node.server.stop()
  }
}

async function sendTo(node: NodeUnderTest, house: House, asked: RoundAsked): Promise<Round> {
  let end: string | undefined
  void node.server.exited.then(({ code, signal }) => (end = `the node ended with ${signal ?? `code ${code}`}`))
  const chance = openChance(asked.seed)
  let world = await makeWorld(house, node.server.url)
  const surface = surfaceOf(world)
  if (asked.isTimed) await warmUp(node, surface)
  const before = node.silences().length
  let mix: Mix = mixOf(surface, asked.othersShare)
  // Of its own, so that the requests of a seed do not depend on the time.
  const streamChance = openChance(asked.seed)
  const began = performance.now()
  const sender = startSending({
    ...asked,
    port: node.port,
    chance,
    mix: () => mix,
    most: asked.requests,
    isOver: () => end !== undefined || asked.isOver(),
    onFailed: (text) => asked.say(`Failed: ${text}`),
  })
  const { residentBytes } = await watch(node, sender, {
    isOver: () => end !== undefined,
    say: asked.say,
    renew: async () => {
      await mendHouse(house)
      world = await makeWorld(house, node.server.url)
      mix = mixOf(surfaceOf(world), asked.othersShare)
    },
    openStreams: async () => {
      const statuses = await openStreamsFor(streamChance, node.server.url, world, STREAMS_AT_ONCE)
      for (const status of statuses) if (status >= 500 && status !== 503) sender.found.failed.push(`${status} GET /api/v2/events`)
    },
  })
  const seconds = (performance.now() - began) / 1000
  const silences = node.silences().slice(before)
  return {
    sent: sender.sent(),
    seconds,
    statuses: sender.found.statuses,
    residentBytes,
    silenceMs: Math.max(0, ...silences.map(blamedMs)),
    faults: [
      ...(end === undefined ? [] : endOf(end, node, sender)),
      ...sender.found.failed.map((text) => `Failed: ${text}`),
      ...reasonsOf(node),
      ...(asked.isTimed ? tooLong(silences, node) : []),
      ...(residentBytes > MOST_RESIDENT_BYTES ? [`The node grew to ${Math.round(residentBytes / 1e6)} MB`] : []),
    ],
  }
}

/** Asks everything once: code that is loaded and compiled at its first use keeps people waiting once in the life of a node. */
async function warmUp({ server }: NodeUnderTest, surface: readonly Target[]): Promise<void> {
  const chance = openChance(0)
  for (const target of surface.filter(({ isSeldom }) => !isSeldom)) {
    const { method, path, headers, body } = legalRequest(chance, target)
    await (
      await fetch(server.url + path, { method, headers, redirect: 'manual', ...(body && { body: new Uint8Array(body) }) })
    ).arrayBuffer()
  }
}

interface Watching {
  readonly isOver: () => boolean
  readonly say: (line: string) => void
  readonly renew: () => Promise<void>
  readonly openStreams: () => Promise<void>
}

/** Asks the node once a second how large it is, and gives the callers new keys from time to time, until all is sent. */
async function watch(
  node: NodeUnderTest,
  sender: Sender,
  { isOver, say, renew, openStreams }: Watching,
): Promise<{ residentBytes: number }> {
  let residentBytes = 0
  let renewedAt = 0
  for (let turn = 1; !sender.isDone() && !isOver(); turn += 1) {
    try {
      const now = await told(node.server.url)
      residentBytes = Math.max(residentBytes, now.residentBytes)
      if (turn % 30 === 0) say(`${progress(sender.found.statuses)}; ${Math.round(now.residentBytes / 1e6)} MB`)
      if (sender.sent() - renewedAt >= RENEWED_AFTER) {
        renewedAt = sender.sent()
        await renew()
      }
      await openStreams()
    } catch (error) {
      // A node that has ended answers nobody: that is told by its end.
      await Promise.race([node.server.exited, pause(5000)])
      if (!isOver()) say(`Not renewed: ${(error as Error).message}`)
    }
    await Promise.race([sender.done, pause(1000)])
  }
  return { residentBytes }
}

const MOST_TOLD = 40

/** How the node ended: what it wrote last, and what it had been sent and had not answered. */
function endOf(end: string, { server }: NodeUnderTest, sender: Sender): string[] {
  const unanswered = sender.unanswered().map(textOf)
  return [
    `${end[0]!.toUpperCase()}${end.slice(1)}. It wrote last:`,
    ...server.written().trimEnd().split('\n').slice(-MOST_TOLD),
    `It had not answered ${unanswered.length} requests:`,
    ...unanswered.slice(0, MOST_TOLD),
  ]
}

/** What the node wrote of the requests that failed: each reason once. */
function reasonsOf(node: NodeUnderTest): string[] {
  const failures = node.warnings().filter(isFailure)
  const byReason = new Map(
    failures.map((line) => [(JSON.parse(line) as { err: { stack: string } }).err.stack.split('\n', 4).join(' '), line]),
  )
  return [...byReason.values()].map((line) => `The node wrote: ${line}`)
}

function tooLong(silences: readonly Silence[], node: NodeUnderTest): string[] {
  const found = silences.filter((silence) => blamedMs(silence) > LONGEST_SILENCE_MS)
  if (found.length === 0) return []
  return [...found.map((silence) => `Too long a silence: ${JSON.stringify(silence)}`), ...node.warnings().slice(-MOST_TOLD)]
}

export function progress(statuses: ReadonlyMap<number, number>): string {
  return [...statuses].toSorted(([one], [other]) => one - other).map(([status, count]) => `${status}: ${count}`).join(', ') // prettier-ignore
}
