import autocannon from 'autocannon'
import type { Fire } from './load.ts'

const BODIES_A_CONNECTION = 100

/** Used on machines without wrk. It runs in this process and costs several times as much CPU, so only ratios within one run mean anything. */
export const autocannonFor: Fire = async (url, load, connections, seconds) => {
  let given = 0
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    timeout: 20,
    // Each connection gets its own part of the list: with the whole list, all connections would send the same body at the same time.
    setupClient(client) {
      const part = Array.from({ length: BODIES_A_CONNECTION }, () => load.bodies[(given += 1) % load.bodies.length]!)
      const headers = { 'content-type': 'application/x-www-form-urlencoded', ...load.headers }
      client.setRequests(part.map((body) => ({ method: 'POST', path: '/api/v2', headers, body })))
    },
  })
  const failed = result.errors + result.timeouts + result.non2xx - result['3xx']
  if (failed > 0) throw new Error(`${failed} requests failed`)
  return { perSecond: result.requests.total / result.duration, ...result.latency, count: result.requests.total }
}
