import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { RequestsUnderWay } from '../requests/under-way.ts'

/** The functions that stop what was started, in the order of starting. */
export type Stops = (() => Promise<unknown>)[]

const LEAST_PATIENCE_MS = 250
const DRAIN_GRACE_MS = 300

/** Stops everything in reverse order, until this moment of performance.now(). */
export async function stopAll(stops: Stops, until: number, log: Logger): Promise<void> {
  for (const stop of stops.splice(0).toReversed()) await stopInTime(stop, until, log)
}

/** A part that waits for a database or a supplier that does not answer is abandoned: the next start continues its work, as after a kill. */
async function stopInTime(stop: () => Promise<unknown>, until: number, log: Logger): Promise<void> {
  const patience = new AbortController()
  const late = pause(Math.max(LEAST_PATIENCE_MS, until - performance.now()), 'late', { signal: patience.signal }).catch(() => {})
  try {
    if ((await Promise.race([stop(), late])) === 'late') log.warn('a part of the server did not stop in time: ending without it')
  } catch (error) {
    log.error({ err: error }, 'a part of the server failed to stop')
  } finally {
    patience.abort()
  }
}

/** Waits until the requests under way are answered, then closes the rest: a connection that never sent a request counts as busy for a minute. */
export function drainOf(http: FastifyInstance, requests: RequestsUnderWay): () => Promise<void> {
  let draining = false
  const cutWhenAnswered = () => void (draining && requests.count() === 0 && http.server.closeAllConnections())
  requests.onNone(cutWhenAnswered)
  return async () => {
    // Clients with open connections get a moment to receive "draining", so that a connection is not closed while a request is on its way.
    await pause(DRAIN_GRACE_MS)
    draining = true
    const closed = http.close()
    cutWhenAnswered()
    await closed
  }
}
