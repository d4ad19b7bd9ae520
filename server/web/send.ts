import { randomBytes, randomInt } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import { compressed } from './compress.ts'
import { encodingForReader } from './own-encoding.ts'

const LEAST_WORTH_PACKING = 1000
const LEAST_NOISE_BYTES = 4
const MOST_NOISE_BYTES = 64

/** Sends a page that belongs to one person. No cache keeps it, and it is compressed, outside the event loop, where its size reveals nothing
 * (docs/decisions/0033). Pages that contain a secret always use `sendSecretPage`. An answer to a form may show a new key, so it is not compressed
 * either. */
export async function sendOwnPage(reply: FastifyReply, html: string, status = 200): Promise<FastifyReply> {
  const encoding = html.length >= LEAST_WORTH_PACKING ? encodingForReader(reply.request) : 'identity'
  if (encoding === 'identity') return sendSecretPage(reply, html, status)
  const body = await compressed(Buffer.from(html.replace('</html>', `<!--${noise()}--></html>`)), encoding)
  return prepared(reply, status).header('content-encoding', encoding).send(body)
}

/** Random bytes of random length, which cannot be compressed: they vary the size of the page by some tens of bytes. */
function noise(): string {
  return randomBytes(randomInt(LEAST_NOISE_BYTES, MOST_NOISE_BYTES)).toString('base64url')
}

/** Sends a page that shows a key, a code or a link that opens an account. It is never compressed. */
export function sendSecretPage(reply: FastifyReply, html: string, status = 200): FastifyReply {
  return prepared(reply, status).send(Buffer.from(html))
}

function prepared(reply: FastifyReply, status: number): FastifyReply {
  const headers = {
    'cache-control': 'no-store',
    'content-type': 'text/html; charset=utf-8',
    'x-robots-tag': 'noindex',
    vary: 'accept-encoding',
  }
  return reply.code(status).headers(headers)
}
