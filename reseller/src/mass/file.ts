import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { exits, Failure } from '../failures.ts'
import { CsvFault, CsvReader, type CsvRecord } from './csv.ts'

/** A file of orders, open while the command runs: what is replaced under its name meanwhile is another file. */
export interface OrderFile {
  readonly name: string
  readonly handle: FileHandle
  readonly stamp: string
}

export async function openFile(name: string): Promise<OrderFile> {
  const handle = await open(name).catch((error: NodeJS.ErrnoException) => {
    throw new Failure(
      exits.usage,
      'no_file',
      error.code === 'ENOENT' ? `There is no file ${name}` : `${name} cannot be read: ${error.code}`,
    )
  })
  const info = await handle.stat()
  if (!info.isFile()) throw new Failure(exits.usage, 'no_file', `${name} is no plain file: it is read more than once`)
  return { name, handle, stamp: `${info.size} ${info.mtimeMs}` }
}

const CHUNK = 65_536

/** The records of a file, the header first. `hash`, when given, takes in every byte. */
export async function* recordsOf(
  { name, handle, stamp }: OrderFile,
  hash = createHash('sha256'),
): AsyncGenerator<CsvRecord, void, undefined> {
  const reader = new CsvReader()
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const buffer = Buffer.alloc(CHUNK)
  await assertUnchanged({ name, handle, stamp })
  try {
    for (let at = 0; ;) {
      const { bytesRead } = await handle.read(buffer, 0, CHUNK, at)
      const bytes = buffer.subarray(0, bytesRead)
      hash.update(bytes)
      at += bytesRead
      yield* reader.push(decoder.decode(bytes, { stream: bytesRead > 0 }))
      if (bytesRead === 0) break
    }
    yield* reader.end()
  } catch (error) {
    if (error instanceof CsvFault) throw new Failure(exits.usage, 'incorrect_csv', `${name}, ${error.message}`)
    if (error instanceof TypeError) throw new Failure(exits.usage, 'incorrect_csv', `${name} is not UTF-8: save it as "CSV UTF-8"`)
    throw error
  }
  await assertUnchanged({ name, handle, stamp })
}

async function assertUnchanged({ name, handle, stamp }: OrderFile): Promise<void> {
  const { size, mtimeMs } = await handle.stat()
  if (`${size} ${mtimeMs}` === stamp) return
  throw new Failure(exits.fault, 'file_changed', `${name} was changed while it was read: run the command again, with the file as it was`)
}
