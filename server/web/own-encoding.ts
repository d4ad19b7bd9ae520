import type { FastifyRequest } from 'fastify'
import { type Encoding, encodingFor } from '../requests/accept-encoding.ts'

/** How an answer that is one person's may travel: compressed only where the browser says that our own pages or its user asked for it. Another site may
 * lead a reader's window to our pages again and again, with words of its choice in the address, and learn from the sizes what else they
 * say (docs/decisions/0033). */
export function encodingForReader({ method, headers }: FastifyRequest): Encoding {
  const site = headers['sec-fetch-site']
  const isAskedForHere = site === 'same-origin' || site === 'none'
  return method === 'GET' && isAskedForHere ? encodingFor(headers['accept-encoding']) : 'identity'
}
