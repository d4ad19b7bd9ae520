import { Busboy } from '@fastify/busboy'

export interface MultipartReader {
  /** In bytes, or how many there may be. */
  readonly limits: { readonly fieldSize: number; readonly fields?: number; readonly fileSize?: number; readonly files?: number }
  readonly onField: (name: string, value: string) => void
  /** Called with a whole file; without it files are skipped. */
  readonly onFile?: (name: string, bytes: Buffer) => void
}

/** The one reader of multipart forms. Answers how many bytes the body had when it has ended; rejects when it is malformed. What is not UTF-8 in
 * a field becomes U+FFFD. */
export function readMultipart(
  contentType: string | undefined,
  body: Buffer | NodeJS.ReadableStream,
  { limits, onField, onFile }: MultipartReader,
): Promise<number> {
  return new Promise((resolve, reject) => {
    // Throws, and so rejects, where the type names no boundary.
    const parser = new Busboy({ headers: { 'content-type': contentType ?? '' }, limits })
    parser.on('field', onField)
    // A limit of no files would not do: a large one then never ends. Files that nobody listens for are skipped.
    if (onFile) {
      parser.on('file', (name: string, file: NodeJS.ReadableStream) => {
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
      return void parser.end(body)
    }
    body.on('data', (chunk: Buffer) => (bytes += chunk.length))
    body.on('error', reject)
    body.pipe(parser)
  })
}
