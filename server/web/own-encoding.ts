import type { FastifyRequest } from 'fastify'
import { type Encoding, encodingFor } from '../requests/accept-encoding.ts'

/** The encoding of an answer that belongs to one person. It is compressed only if the browser says that our own pages or the user asked for it.
 * Another site may send a reader's window to our pages again and again, with words of its choice in the address, and learn from the sizes what
 * else the pages contain (docs/decisions/0033). */
export function encodingForReader({ method, headers }: FastifyRequest): Encoding {
  const site = headers['sec-fetch-site']
  const isAskedForHere = site === 'same-origin' || site === 'none'
  return method === 'GET' && isAskedForHere ? encodingFor(headers['accept-encoding']) : 'identity'
}
