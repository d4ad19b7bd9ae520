import type { FastifyReply } from 'fastify'

/** Sends a page that is one person's: kept by nobody, and as it is, because what is packed together with secrets tells of them. */
export function sendOwnPage(reply: FastifyReply, html: string, status = 200): FastifyReply {
  const headers = { 'cache-control': 'no-store', 'content-type': 'text/html; charset=utf-8', 'x-robots-tag': 'noindex' }
  return reply.code(status).headers(headers).send(Buffer.from(html))
}
