import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Encoding } from '../requests/accept-encoding.ts'

const compressGzip = promisify(gzip)
const compressBrotli = promisify(brotliCompress)

/** The same bytes in every encoding that browsers take. */
export interface Packed {
  readonly etag: string
  readonly identity: Buffer
  readonly gzip: Buffer
  readonly br: Buffer
}

/** `once`: for what is packed once and sent often, as small as it gets. Compression runs beside the event loop, not on it. */
export async function pack(content: string | Buffer, effort: 'once' | 'each time'): Promise<Packed> {
  const identity = Buffer.from(content)
  const [zipped, brotli] = await Promise.all([compressed(identity, 'gzip', effort), compressed(identity, 'br', effort)])
  // Weak: the same content in every encoding.
  return { etag: `W/"${digest(identity)}"`, identity, gzip: zipped, br: brotli }
}

/** The same in one encoding, for what is sent once. */
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

/** Enough of a digest to tell contents apart, fit for an address. */
export function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64url').slice(0, 16)
}
