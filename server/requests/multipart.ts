import { Busboy } from '@fastify/busboy'

export interface MultipartReader {
  /** Sizes in bytes, and the number of fields and files. */
  readonly limits: { readonly fieldSize: number; readonly fields?: number; readonly fileSize?: number; readonly files?: number }
  readonly onField: (name: string, value: string) => void
  /** Called with each whole file; without it, files are skipped. */
  readonly onFile?: (name: string, bytes: Buffer) => void
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
  for await (const piece of Buffer.isBuffer(body) ? [body] : (body as AsyncIterable<Buffer>)) {
    bytes += piece.length
    parsing.take(piece)
  }
  await parsing.ended()
  return bytes
}

/**
 * The parser as a promise. It tells some faults by an event, some by an event of the file that is cut off, and throws others, in the middle of an
 * event; whichever of them nobody catches ends the process. So all of them are caught here, and the first one is what the promise rejects with.
 */
function openParsing(contentType: string | undefined, { limits, onField, onFile }: MultipartReader) {
  let fault: Error | undefined
  let settle = () => {}
  const fail = (error: unknown) => {
    fault ??= error as Error
    settle()
  }
  const guarded = <Values extends unknown[]>(work: (...values: Values) => void) => {
    return (...values: Values) => attempt(() => work(...values), fail)
  }
  // Throws when the content type names no boundary.
  const parser = new Busboy({ headers: { 'content-type': contentType ?? '' }, limits })
  let isFinished = false
  parser.on('error', fail)
  parser.on('finish', () => {
    isFinished = true
    settle()
  })
  // The parser's types promise a name; a part may have none.
  parser.on('field', guarded((name: string | undefined, value: string) => void (name !== undefined && onField(name, value)))) // prettier-ignore
  // A limit of zero files does not work: a large file then never ends. Without a listener, files are skipped.
  if (onFile) {
    parser.on('file', (name: string | undefined, file: NodeJS.ReadableStream) => {
      file.on('error', fail)
      if (name === undefined) file.resume()
      else collect(file, guarded((bytes: Buffer) => onFile(name, bytes))) // prettier-ignore
    })
  }
  return {
    take: (piece: Buffer) => void (fault ?? attempt(() => parser.write(piece), fail)),
    async ended(): Promise<void> {
      if (fault === undefined) attempt(() => parser.end(), fail)
      if (fault === undefined && !isFinished) await new Promise<void>((resolve) => (settle = resolve))
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
