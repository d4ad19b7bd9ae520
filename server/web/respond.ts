import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AssetFile } from './assets.ts'
import { encodingFor, pack, type Packed } from './compress.ts'

/** Pages that were asked for lately, ready to be sent again: many readers see the same bytes. */
const MOST_KEPT = 24
const kept = new Map<string, Packed>()

/** Sends a page, as small as the browser takes it; 304 to whoever has it already. */
export async function sendPage(request: FastifyRequest, reply: FastifyReply, html: string, status = 200): Promise<FastifyReply> {
  const packed = await packedPage(html)
  void reply.code(status).headers({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'private, no-cache',
    vary: 'accept-encoding, accept-language, cookie',
  })
  return sendPacked(request, reply, packed)
}

const FOREVER = 'public, max-age=31536000, immutable'

/** Sends what an address with a digest stands for: it never changes. */
export function sendAsset(request: FastifyRequest, reply: FastifyReply, { type, packed }: AssetFile): FastifyReply {
  void reply.headers({ 'content-type': type, 'cache-control': FOREVER, vary: 'accept-encoding' })
  return sendPacked(request, reply, packed)
}

/** Sends a document that changes with the server's version only. */
export function sendDocument(request: FastifyRequest, reply: FastifyReply, { type, packed }: AssetFile): FastifyReply {
  void reply.headers({ 'content-type': type, 'cache-control': 'public, max-age=300', vary: 'accept-encoding' })
  return sendPacked(request, reply, packed)
}

function sendPacked(request: FastifyRequest, reply: FastifyReply, packed: Packed): FastifyReply {
  void reply.header('etag', packed.etag)
  if (reply.statusCode === 200 && request.headers['if-none-match'] === packed.etag) return reply.code(304).send()
  const encoding = encodingFor(request.headers['accept-encoding'] as string | undefined)
  if (encoding !== 'identity') void reply.header('content-encoding', encoding)
  return reply.send(packed[encoding])
}

async function packedPage(html: string): Promise<Packed> {
  const known = kept.get(html)
  if (known) return known
  const packed = await pack(html, 'each time')
  if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value!)
  kept.set(html, packed)
  return packed
}
