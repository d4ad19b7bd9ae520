import { Busboy } from '@fastify/busboy'
import type { FastifyRequest } from 'fastify'
import { refuse } from '../../refusal.ts'

const LONGEST_FIELD = 4096
const MOST_FIELDS = 20
const MOST_FILES = 10

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
  read(check: (fields: Readonly<Record<string, string>>) => void, take: (file: StreamedFile) => Promise<void>): Promise<void> {
    const payload = this.#payload
    return new Promise((resolve, reject) => {
      const fields: Record<string, string> = Object.create(null) as Record<string, string>
      const taken: Promise<void>[] = []
      const fail = (error: unknown) => {
        // What still comes is read and dropped, so that the answer reaches who sends.
        payload.unpipe()
        payload.resume()
        reject(error instanceof Error ? error : refuse('form_unreadable'))
      }
      let parser: InstanceType<typeof Busboy>
      try {
        const headers = { 'content-type': this.#request.headers['content-type'] ?? '' }
        parser = new Busboy({ headers, limits: { fieldSize: LONGEST_FIELD, fields: MOST_FIELDS, files: MOST_FILES } })
      } catch {
        return fail(refuse('form_unreadable'))
      }
      parser.on('field', (name: string | undefined, value: string) => {
        if (name !== undefined) fields[name] = value
      })
      parser.on('file', (field: string | undefined, stream: NodeJS.ReadableStream, name: string | undefined) => {
        stream.on('error', () => {})
        try {
          check(fields)
        } catch (error) {
          stream.resume()
          return fail(error)
        }
        const work = take({ field: field ?? '', name: name ?? '', bytes: stream as AsyncIterable<Buffer> }).finally(() => stream.resume())
        work.catch(fail)
        taken.push(work)
      })
      parser.on('error', () => fail(refuse('form_unreadable')))
      parser.on('finish', () => {
        try {
          check(fields)
        } catch (error) {
          return fail(error)
        }
        Promise.all(taken).then(() => resolve(), reject)
      })
      payload.on('error', () => fail(refuse('form_unreadable')))
      payload.on('aborted', () => fail(refuse('form_unreadable')))
      payload.pipe(parser)
    })
  }
}
