import type { FastifyReply, FastifyRequest } from 'fastify'
import { encodingFor } from '../accept-encoding.ts'
import type { AssetFile } from './assets.ts'
import { pack, type Packed } from './compress.ts'

/** Sends a page, as small as the browser takes it; 304 to whoever has it already. */
export async function sendPage(request: FastifyRequest, reply: FastifyReply, html: string, status = 200): Promise<FastifyReply> {
  const isOneReaders = request.session !== undefined
  const cache = isOneReaders ? 'private, no-store' : 'private, no-cache'
  void reply.code(status).headers({ 'cache-control': cache, vary: 'accept-encoding, accept-language, cookie' })
  // What is one reader's, nobody asks for again.
  return sendPacked(request, reply, 'text/html; charset=utf-8', await (isOneReaders ? pack(html, 'each time') : packedAgain(html)))
}

/** Sends a document for programs: it changes with the server's version only. */
export async function sendDocument(request: FastifyRequest, reply: FastifyReply, type: string, text: string): Promise<FastifyReply> {
  void reply.headers({ 'cache-control': 'public, max-age=300', vary: 'accept-encoding', 'access-control-allow-origin': '*' })
  return sendPacked(request, reply, type, await packedAgain(text))
}

/** Sends what an address with a digest stands for: it never changes. */
export function sendAsset(request: FastifyRequest, reply: FastifyReply, { type, packed }: AssetFile): FastifyReply {
  void reply.headers({ 'cache-control': 'public, max-age=31536000, immutable', vary: 'accept-encoding' })
  return sendPacked(request, reply, type, packed)
}

export function sendPacked(request: FastifyRequest, reply: FastifyReply, type: string, packed: Packed): FastifyReply {
  void reply.headers({ 'content-type': type, etag: packed.etag })
  if (reply.statusCode === 200 && request.headers['if-none-match'] === packed.etag) return reply.code(304).send()
  const encoding = encodingFor(request.headers['accept-encoding'])
  if (encoding !== 'identity') void reply.header('content-encoding', encoding)
  return reply.send(packed[encoding])
}

/** What was asked for lately, ready to be sent again: many readers see the same bytes. */
const MOST_KEPT = 24
const kept = new Map<string, Packed>()

async function packedAgain(text: string): Promise<Packed> {
  const known = kept.get(text)
  if (known) return known
  const packed = await pack(text, 'each time')
  if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value!)
  kept.set(text, packed)
  return packed
}
