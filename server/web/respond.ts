import type { FastifyReply, FastifyRequest } from 'fastify'
import { encodingFor } from '../requests/accept-encoding.ts'
import type { AssetFile } from './assets.ts'
import { openByteCache } from '../requests/byte-cache.ts'
import { compressed, digest, pack, type Packed } from './compress.ts'
import { encodingForReader } from './own-encoding.ts'

/** Sends a page in the best encoding the browser accepts, or 304 if the browser has it already. */
export async function sendPage(request: FastifyRequest, reply: FastifyReply, html: string, status = 200): Promise<FastifyReply> {
  const isOneReaders = request.session !== undefined
  const cache = isOneReaders ? 'private, no-store' : 'private, no-cache'
  void reply.code(status).headers({ 'cache-control': cache, vary: 'accept-encoding, accept-language, cookie' })
  if (!isOneReaders) return sendPacked(request, reply, 'text/html; charset=utf-8', await packedAgain(html))
  const encoding = encodingForReader(request)
  void reply.header('content-type', 'text/html; charset=utf-8')
  if (encoding === 'identity') return reply.send(Buffer.from(html))
  return reply.header('content-encoding', encoding).send(await compressed(Buffer.from(html), encoding))
}

/** Sends a document for programs, which may be five minutes old where nothing else is said. */
export async function sendDocument(
  request: FastifyRequest,
  reply: FastifyReply,
  type: string,
  text: string,
  seconds = 300,
): Promise<FastifyReply> {
  void reply.headers({ 'cache-control': `public, max-age=${seconds}`, vary: 'accept-encoding', 'access-control-allow-origin': '*' })
  return sendPacked(request, reply, type, await packedAgain(text))
}

/** Sends the file of an address with a digest. It never changes. */
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

/** Answers that were sent lately, ready to be sent again, because many readers get the same bytes. A page of the documentation takes about half a
 * megabyte with its compressed forms. */
const MOST_BYTES_KEPT = 24_000_000
const kept = openByteCache<Packed>(MOST_BYTES_KEPT)

async function packedAgain(text: string): Promise<Packed> {
  const bytes = Buffer.from(text)
  const name = digest(bytes)
  const known = kept.get(name)
  if (known) return known
  const packed = await pack(bytes, 'each time')
  kept.set(name, packed, packed.identity.length + packed.gzip.length + packed.br.length)
  return packed
}
