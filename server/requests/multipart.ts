import type { Readable } from 'node:stream'
import { Busboy } from '@fastify/busboy'

export interface MultipartReader {
  /** Sizes in bytes, and the number of fields and files. */
  readonly limits: { readonly fieldSize: number; readonly fields?: number; readonly fileSize?: number; readonly files?: number }
  readonly onField: (name: string, value: string) => void
  /** Called with each whole file; without it, and without `onStream`, files are skipped. */
  readonly onFile?: (name: string, bytes: Buffer) => void
  /** Called in place of `onFile` when a file begins; its bytes come no faster than they are read. `chosen`: what it was called where it was chosen. */
  readonly onStream?: (name: string, bytes: AsyncIterable<Buffer>, chosen: string) => Promise<void>
}

/**
 * The only reader of multipart forms. Answers how many bytes the body had when it has ended; rejects when the body is malformed. Bytes of a field
 * that are not UTF-8 become U+FFFD. A part without a name is skipped, as PHP does.
 */
export async function readMultipart(
  contentType: string | undefined,
  body: Buffer | NodeJS.ReadableStream,
  reader: MultipartReader,
): Promise<number> {
  const parsing = openParsing(contentType, reader)
  let bytes = 0
  // A form that cannot be read is received to its end too, so that its sender sees why it is refused.
  try {
    for await (const piece of Buffer.isBuffer(body) ? [body] : (body as AsyncIterable<Buffer>)) {
      bytes += piece.length
      await parsing.take(piece)
    }
  } catch (error) {
    parsing.fail(error)
  }
  await parsing.ended()
  return bytes
}

/**
 * The parser as a promise. It tells some faults by an event, some by an event of the file that is cut off, and throws others, in the middle of an
 * event; whichever of them nobody catches ends the process. So all of them are caught here, and the first one is what the promise rejects with.
 */
function openParsing(contentType: string | undefined, { limits, onField, onFile, onStream }: MultipartReader) {
  let fault: Error | undefined
  let settle = () => {}
  /** Files that are read while they come. */
  const streams = new Set<Readable>()
  const readers: Promise<void>[] = []
  const fail = (error: unknown) => {
    fault ??= error as Error
    // Nothing more comes for whoever reads them.
    for (const stream of streams) stream.destroy(fault)
    settle()
  }
  const guarded = <Values extends unknown[]>(work: (...values: Values) => void) => {
    return (...values: Values) => attempt(() => work(...values), fail)
  }
  // Throws when the content type names no boundary.
  const parser = new Busboy({ headers: { 'content-type': contentType ?? '' }, limits })
  let isFinished = false
  parser.on('error', fail)
  parser.on('drain', () => settle())
  parser.on('finish', () => {
    isFinished = true
    settle()
  })
  // The parser's types promise a name; a part may have none.
  parser.on('field', guarded((name: string | undefined, value: string) => void (name !== undefined && onField(name, value)))) // prettier-ignore
  // A limit of zero files does not work: a large file then never ends. Without a listener, files are skipped.
  if (onFile || onStream) {
    parser.on('file', (name: string | undefined, file: Readable, chosen: string | undefined) => {
      file.on('error', fail)
      if (name === undefined) file.resume()
      else if (onStream) readers.push(readStream(file, onStream(name, file.iterator({ destroyOnReturn: false }), chosen ?? '')))
      else collect(file, guarded((bytes: Buffer) => onFile!(name, bytes))) // prettier-ignore
    })
  }
  /** What its reader leaves is dropped, because the parts behind it come only then. */
  async function readStream(file: Readable, reading: Promise<void>): Promise<void> {
    streams.add(file)
    await reading.catch(fail)
    streams.delete(file)
    if (!file.destroyed) file.resume()
  }
  const changed = () => new Promise<void>((resolve) => (settle = resolve))
  return {
    fail,
    async take(piece: Buffer): Promise<void> {
      let isFull = false
      if (fault === undefined) attempt(() => void (isFull = !parser.write(piece)), fail)
      if (isFull && streams.size > 0 && fault === undefined) await changed()
    },
    async ended(): Promise<void> {
      if (fault === undefined) attempt(() => parser.end(), fail)
      if (fault === undefined && !isFinished) await changed()
      await Promise.all(readers)
      if (fault !== undefined) throw fault
    },
  }
}

function collect(file: NodeJS.ReadableStream, onWhole: (bytes: Buffer) => void) {
  const chunks: Buffer[] = []
  file.on('data', (chunk: Buffer) => chunks.push(chunk))
  file.on('end', () => onWhole(Buffer.concat(chunks)))
}

function attempt(work: () => void, fail: (error: unknown) => void) {
  try {
    work()
  } catch (error) {
    fail(error)
  }
}
