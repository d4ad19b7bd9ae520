import type { FastifyRequest } from 'fastify'
import { readMultipart } from '../../../requests/multipart.ts'
import { MOST_BYTES } from '../../../ordering/mass-order-text.ts'
import { type Refusal, refuse } from '../../../refusal.ts'

/** Room for the text with the line breaks that browsers send, and for the other fields. */
export const LARGEST_UPLOAD = MOST_BYTES + 200_000

/** Reads a form with a file as fields: `<name>` is the file's text, `<name>_fault` is set if the file is not text. A form that is too large is
 * read to its end, so that its sender sees why it is refused. */
export async function readUpload(request: FastifyRequest, payload: NodeJS.ReadableStream): Promise<Record<string, string>> {
  const fields: Record<string, string> = Object.create(null) as Record<string, string>
  const bytes = await readMultipart(request.headers['content-type'], payload, {
    limits: { fieldSize: LARGEST_UPLOAD, fileSize: LARGEST_UPLOAD, files: 1, fields: 20 },
    onField: (name, value) => void (fields[name] = value),
    onFile: (name, content) => void Object.assign(fields, fileField(name, content)),
  }).catch(() => {
    throw refuse('form_unreadable')
  })
  if (bytes > LARGEST_UPLOAD) throw tooLarge()
  return fields
}

function tooLarge(): Refusal {
  return refuse('form_too_large')
}

function fileField(name: string, bytes: Buffer): Record<string, string> {
  const text = textOf(bytes)
  return text === undefined ? { [`${name}_fault`]: 'encoding' } : { [name]: text }
}

/** Decodes UTF-8, or the encoding that the first bytes announce; undefined if neither fits. */
function textOf(bytes: Buffer): string | undefined {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
