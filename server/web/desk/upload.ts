import type { FastifyRequest } from 'fastify'
import { refuse } from '../../refusal.ts'
import { readMultipart } from '../../requests/multipart.ts'

/** Room for a picture and the other fields of its form. */
export const LARGEST_UPLOAD = 400_000

/** Reads a form with a file as fields: that of the file has its bytes in base64, and is empty when none was chosen. */
export async function readUpload(request: FastifyRequest, payload: NodeJS.ReadableStream): Promise<Record<string, string>> {
  const fields: Record<string, string> = Object.create(null) as Record<string, string>
  const bytes = await readMultipart(request.headers['content-type'], payload, {
    limits: { fieldSize: 65_536, fileSize: LARGEST_UPLOAD, files: 1, fields: 60 },
    onField: (name, value) => void (fields[name] = value),
    onFile: (name, content) => void (fields[name] = content.toString('base64')),
  }).catch(() => {
    throw refuse('form_unreadable')
  })
  if (bytes > LARGEST_UPLOAD) throw refuse('form_too_large')
  return fields
}
