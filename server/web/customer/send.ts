import { randomInt } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import { encodingFor } from '../../requests/accept-encoding.ts'
import { compressed } from '../compress.ts'

const LEAST_WORTH_PACKING = 1000
const MOST_PADDING = 64

/** Sends a page that is one person's: kept by nobody, and compressed beside the event loop.
 *
 * The size of a compressed page tells a listener whether two texts in it are alike (BREACH). Three things keep that from being of use: the
 * forms' token is masked anew for each page (csrf.ts), cookies are SameSite=Lax, so that no other site can ask for the page again and
 * again, and a comment of random length blurs the size. Pages that hold a secret go by `sendSecretPage` all the same, and an answer to a
 * form, which may show a new key, is not compressed either. */
export async function sendOwnPage(reply: FastifyReply, html: string, status = 200): Promise<FastifyReply> {
  const { method, headers } = reply.request
  const encoding = method === 'GET' && html.length >= LEAST_WORTH_PACKING ? encodingFor(headers['accept-encoding']) : 'identity'
  if (encoding === 'identity') return sendSecretPage(reply, html, status)
  const padding = `<!--${randomInt(16 ** 8)
    .toString(16)
    .padEnd(randomInt(8, MOST_PADDING), '.')}-->`
  const body = await compressed(Buffer.from(html.replace('</html>', `${padding}</html>`)), encoding)
  return prepared(reply, status).header('content-encoding', encoding).send(body)
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
