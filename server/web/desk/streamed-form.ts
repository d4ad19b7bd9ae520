import type { FastifyRequest } from 'fastify'
import { refuse } from '../../refusal.ts'
import { readMultipart } from '../../requests/multipart.ts'

const LIMITS = { fieldSize: 4096, fields: 20, files: 10 } as const

/** A file of a form, while it comes. */
export interface StreamedFile {
  readonly field: string
  /** What it was called where it was chosen; empty: none was chosen. */
  readonly name: string
  readonly bytes: AsyncIterable<Buffer>
}

/**
 * A form with large files, which nobody holds in memory: it is read by whoever takes it, after they have looked at the fields that come before the first
 * file. So its token is checked by them, and not before.
 */
export class StreamedForm {
  readonly #request: FastifyRequest
  readonly #payload: NodeJS.ReadableStream

  constructor(request: FastifyRequest, payload: NodeJS.ReadableStream) {
    this.#request = request
    this.#payload = payload
  }

  /** Takes each file as it comes. `check` throws where the form is not to be taken; it is asked before the first byte of a file. */
  async read(check: (fields: Readonly<Record<string, string>>) => void, take: (file: StreamedFile) => Promise<void>): Promise<void> {
    const fields: Record<string, string> = Object.create(null) as Record<string, string>
    let refused: unknown
    const onStream = async (field: string, bytes: AsyncIterable<Buffer>, name: string) => {
      try {
        check(fields)
        await take({ field, name, bytes })
      } catch (error) {
        refused ??= error
        throw error
      }
    }
    try {
      const onField = (name: string, value: string) => void (fields[name] = value)
      await readMultipart(this.#request.headers['content-type'], this.#payload, { limits: LIMITS, onField, onStream })
    } catch (error) {
      throw error === refused ? error : refuse('form_unreadable')
    }
    check(fields)
  }
}
