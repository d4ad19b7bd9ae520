import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'

const PIECE_BYTES = 1024 * 1024

/** A file as it streams by, as UTF-8; one that ends in .gz is unpacked. */
export function openFile(file: string): AsyncIterable<string> {
  if (!file.endsWith('.gz')) return createReadStream(file, { encoding: 'utf8', highWaterMark: PIECE_BYTES }) as AsyncIterable<string>
  const packed = createReadStream(file)
  const unpacked = createGunzip({ chunkSize: PIECE_BYTES })
  packed.on('error', (error) => unpacked.destroy(error))
  return packed.pipe(unpacked).setEncoding('utf8') as AsyncIterable<string>
}
