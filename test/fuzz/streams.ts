import http from 'node:http'
import type { Chance } from './random.ts'
import type { World } from './world.ts'

const CURSORS = [undefined, '', '0-0', '5-0', '9999999999-0', 'x', '-1', '0-9223372036854775808', '1-2-3', '\u00e9', '0'.repeat(3000)]
const KEYS = ['x', '', ' '.repeat(500), 'Bearer', '\u00e9']

/** Opens streams of changes with any cursor and any key, and leaves them at any moment. Answers the statuses. */
export async function openStreamsFor(chance: Chance, url: string, { key }: World, count: number): Promise<number[]> {
  const statuses = Array.from({ length: count }, () => {
    const cursor = chance.one(CURSORS)
    const headers = {
      authorization: `Bearer ${chance.often(0.8) ? key : chance.one(KEYS)}`,
      ...(cursor !== undefined && { 'last-event-id': Buffer.from(cursor).toString('latin1') }),
    }
    return leftAgain(`${url}/api${chance.one(['', '2'])}/v2/events`, headers, chance.below(200))
  })
  return Promise.all(statuses)
}

function leftAgain(url: string, headers: Record<string, string>, afterMs: number): Promise<number> {
  return new Promise((resolve) => {
    const request = http.get(url, { headers, agent: false }, (answer) => {
      answer.resume()
      answer.on('error', () => {})
      resolve(answer.statusCode!)
    })
    // Cut off before the answer: that is no answer of the node.
    request.on('error', () => resolve(0))
    setTimeout(() => request.destroy(), afterMs + 50)
  })
}
