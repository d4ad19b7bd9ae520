import type { FastifyReply } from 'fastify'

/** A picture that somebody sent, as we have drawn it anew: no cache keeps it, no browser takes it for a page, and it may load and run nothing. */
export function sendPicture(
  reply: FastifyReply,
  { picture, mediaType }: { readonly picture: Buffer; readonly mediaType: string },
): FastifyReply {
  const headers = {
    'content-type': mediaType,
    'content-disposition': 'inline; filename="proof.jpg"',
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-robots-tag': 'noindex',
    'cache-control': 'private, no-store',
  }
  return reply.headers(headers).send(picture)
}
