import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

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
  const quality = effort === 'once' ? constants.BROTLI_MAX_QUALITY : 5
  const [zipped, brotli] = await Promise.all([
    compressGzip(identity, { level: effort === 'once' ? 9 : 6 }),
    compressBrotli(identity, {
      params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: identity.length },
    }),
  ])
  // Weak: the same content in every encoding.
  return { etag: `W/"${digest(identity)}"`, identity, gzip: zipped, br: brotli }
}

/** Enough of a digest to tell contents apart, fit for an address. */
export function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64url').slice(0, 16)
}
