import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Encoding } from '../requests/accept-encoding.ts'

const compressGzip = promisify(gzip)
const compressBrotli = promisify(brotliCompress)

/** The same content in every encoding that browsers accept. */
export interface Packed {
  readonly etag: string
  readonly identity: Buffer
  readonly gzip: Buffer
  readonly br: Buffer
}

/** `once` is for content that is packed once and sent often: it is made as small as possible. Compression runs outside the event loop. */
export async function pack(content: string | Buffer, effort: 'once' | 'each time'): Promise<Packed> {
  const identity = Buffer.from(content)
  const [zipped, brotli] = await Promise.all([compressed(identity, 'gzip', effort), compressed(identity, 'br', effort)])
  // A weak tag, because the content is the same in every encoding.
  return { etag: `W/"${digest(identity)}"`, identity, gzip: zipped, br: brotli }
}

/** Packs content in one encoding, for content that is sent once. */
export function compressed(
  bytes: Buffer,
  encoding: Exclude<Encoding, 'identity'>,
  effort: 'once' | 'each time' = 'each time',
): Promise<Buffer> {
  if (encoding === 'gzip') return compressGzip(bytes, { level: effort === 'once' ? 9 : 6 })
  const quality = effort === 'once' ? constants.BROTLI_MAX_QUALITY : 5
  return compressBrotli(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  })
}

/** A digest long enough to tell contents apart and short enough for an address. */
export function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64url').slice(0, 16)
}
