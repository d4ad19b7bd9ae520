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
export function readMultipart(
  contentType: string | undefined,
  body: Buffer | NodeJS.ReadableStream,
  { limits, onField, onFile }: MultipartReader,
): Promise<number> {
  return new Promise((resolve, reject) => {
    // Throws, and so rejects, when the content type names no boundary.
    const parser = new Busboy({ headers: { 'content-type': contentType ?? '' }, limits })
    // The parser's types promise a name; a part may have none.
    parser.on('field', (name: string | undefined, value: string) => {
      if (name !== undefined) onField(name, value)
    })
    // A limit of zero files does not work: a large file then never ends. Without a listener, files are skipped.
    if (onFile) {
      parser.on('file', (name: string | undefined, file: NodeJS.ReadableStream) => {
        if (name === undefined) {
          file.resume()
          return
        }
        const chunks: Buffer[] = []
        file.on('data', (chunk: Buffer) => chunks.push(chunk))
        file.on('end', () => onFile(name, Buffer.concat(chunks)))
      })
    }
    parser.on('error', reject)
    let bytes = 0
    parser.on('finish', () => resolve(bytes))
    if (Buffer.isBuffer(body)) {
      bytes = body.length
      parser.end(body)
    } else {
      body.on('data', (chunk: Buffer) => (bytes += chunk.length))
      body.on('error', reject)
      body.pipe(parser)
    }
  })
}
