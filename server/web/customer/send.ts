import { randomBytes, randomInt } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import { compressed } from '../compress.ts'
import { encodingForReader } from '../own-encoding.ts'

const LEAST_WORTH_PACKING = 1000
const LEAST_NOISE_BYTES = 4
const MOST_NOISE_BYTES = 64

/** Sends a page that is one person's: kept by nobody, and compressed beside the event loop where that tells nobody anything
 * (docs/decisions/0033). Pages that hold a secret go by `sendSecretPage` all the same, and an answer to a form, which may show a new key, is not
 * compressed either. */
export async function sendOwnPage(reply: FastifyReply, html: string, status = 200): Promise<FastifyReply> {
  const encoding = html.length >= LEAST_WORTH_PACKING ? encodingForReader(reply.request) : 'identity'
  if (encoding === 'identity') return sendSecretPage(reply, html, status)
  const body = await compressed(Buffer.from(html.replace('</html>', `<!--${noise()}--></html>`)), encoding)
  return prepared(reply, status).header('content-encoding', encoding).send(body)
}

/** Of random length, and nothing that could be compressed: it blurs the size of the page by some tens of bytes. */
function noise(): string {
  return randomBytes(randomInt(LEAST_NOISE_BYTES, MOST_NOISE_BYTES)).toString('base64url')
}

/** Sends a page that shows a key, a code or a link that opens an account: as it is. */
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
