import http from 'node:http'
import { fileURLToPath } from 'node:url'
import { serve, type ServerProcess } from '../support/server-process.ts'
import { WORLD_SETTINGS } from './world.ts'

/** What a node tells of itself in /metrics. */
export interface Told {
  /** The longest delay of its event loop since it was asked before, in milliseconds. */
  readonly delayMs: number
  /** Processor time of the process so far, in milliseconds. */
  readonly processorMs: number
  readonly residentBytes: number
}

export async function told(url: string): Promise<Told> {
  const text = await textOf(`${url}/metrics`)
  const figure = (name: string) =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.slice(name.length + 1),
    )
  return {
    delayMs: figure('docket_event_loop_delay_seconds{quantile="1"}') * 1000,
    processorMs: figure('process_cpu_seconds_total') * 1000,
    residentBytes: figure('process_resident_memory_bytes'),
  }
}

/** On a connection of its own: one that was kept may be closed by the node at the moment that it is used again. */
function textOf(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { agent: false }, (answer) => {
      const pieces: Buffer[] = []
      answer.on('data', (piece: Buffer) => pieces.push(piece))
      answer.on('end', () => resolve(Buffer.concat(pieces).toString()))
      answer.on('error', reject)
    })
    request.on('error', reject)
  })
}

/** A time in which the node answered nobody. */
export interface Silence {
  readonly ms: number
  /** What its own thread computed meanwhile, and what of that was the collecting of garbage. */
  readonly ownMs: number
  readonly gcMs: number
}

/** How long the node itself kept everybody waiting: a machine that is busy with something else makes a silence longer, not the work. */
export function blamedMs({ ms, ownMs, gcMs }: Silence): number {
  return Math.min(ms, ownMs - gcMs)
}

export interface NodeUnderTest {
  readonly server: ServerProcess
  readonly port: number
  /** The silences since it was ready. */
  readonly silences: () => Silence[]
  /** The lines of its log that tell of a request that failed, or of work that stood still. */
  readonly warnings: () => string[]
}

/** Whether a line of the log tells of a request that failed by a fault of ours. */
export function isFailure(line: string): boolean {
  return line.includes('a request failed') || line.includes('a page failed')
}

const PRELOAD = fileURLToPath(new URL('./silence.mjs', import.meta.url))

/** Starts a node that tells of its silences. What it does before it is ready keeps nobody waiting. */
export async function startNodeUnderTest(databaseUrl: string): Promise<NodeUnderTest> {
  const server = await serve({ DATABASE_URL: databaseUrl, ...WORLD_SETTINGS }, ['serve'], ['--import', PRELOAD])
  const beganAt = server.written().length
  const lines = () => server.written().slice(beganAt).split('\n')
  return {
    server,
    port: Number(new URL(server.url).port),
    silences: () => lines().flatMap((line) => (line.startsWith('{"silence"') ? [(JSON.parse(line) as { silence: Silence }).silence] : [])),
    warnings: () => lines().filter((line) => isFailure(line) || line.includes('stood still') || /"level":[56]0/.test(line)),
  }
}
