import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { refuse } from '../refusal.ts'

/** How files are read. */
export interface Reading {
  /** So much at once: little where a server has other work to do between two pieces. */
  readonly pieceBytes: number
  /** Told how much more of the file, as it lies on the disk, was read. */
  readonly onBytes: (bytes: number) => void
}

export const LARGE_PIECES: Reading = { pieceBytes: 1024 * 1024, onBytes: () => {} }

/** A file as it streams by, as UTF-8; one that ends in .gz is unpacked. */
export async function* openFile(file: string, { pieceBytes, onBytes }: Reading): AsyncGenerator<string> {
  const stored = createReadStream(file, { highWaterMark: pieceBytes })
  try {
    let told = 0
    for await (const piece of file.endsWith('.gz') ? unpackedOf(stored, pieceBytes) : stored.setEncoding('utf8')) {
      onBytes(stored.bytesRead - told)
      told = stored.bytesRead
      yield piece as string
    }
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    throw code.startsWith('Z_') ? refuse('panel_file_unreadable', 'The packed file is damaged, or was cut.') : error
  } finally {
    stored.destroy()
  }
}

function unpackedOf(stored: ReturnType<typeof createReadStream>, pieceBytes: number) {
  const unpacked = createGunzip({ chunkSize: pieceBytes })
  stored.on('error', (error) => unpacked.destroy(error))
  return stored.pipe(unpacked).setEncoding('utf8')
}
