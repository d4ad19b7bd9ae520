import { Busboy } from '@fastify/busboy'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { refusals } from '../../contract/refusals.ts'
import { Refusal } from '../refusal.ts'
import type { UncheckedParameters } from '../ordering/call.ts'
import { fromEntries, fromForm, fromJson, merge } from './parameters.ts'

/** Lets every transport that clients use arrive at one handler as parameters: forms, JSON, multipart, and bodies that do not
 * say what they are. Anything else is 415. */
export function acceptEveryBody(app: FastifyInstance, bodyLimit: number) {
  app.removeAllContentTypeParsers()
  const asText = { parseAs: 'string', bodyLimit } as const
  app.addContentTypeParser('application/x-www-form-urlencoded', asText, (_: FastifyRequest, body: string, done) =>
    done(null, fromForm(body)),
  )
  app.addContentTypeParser('application/json', asText, async (_: FastifyRequest, body: string) => fromJson(body))
  app.addContentTypeParser('multipart/form-data', { bodyLimit }, (request: FastifyRequest, payload: NodeJS.ReadableStream) =>
    fromMultipart(request, payload, bodyLimit),
  )
  app.addContentTypeParser('*', asText, async (request: FastifyRequest, body: string) => {
    if (request.headers['content-type'] !== undefined)
      throw new Refusal('Send a form, JSON or multipart', { code: 'unsupported_content_type', status: 415 })
    return fromForm(body)
  })
}

/** Body before query string: what is in both counts from the body. */
export function parametersOf(request: FastifyRequest): UncheckedParameters {
  const at = request.url.indexOf('?')
  const query = at === -1 ? undefined : fromForm(request.url.slice(at + 1))
  const body = (request.body ?? undefined) as UncheckedParameters | undefined
  const parameters = query && body ? merge(query, body) : (body ?? query ?? {})
  const header = request.headers['idempotency-key']
  if (typeof header !== 'string' || parameters['idempotency_key'] || parameters['request_id']) return parameters
  return merge(parameters, fromEntries([['idempotency_key', header]]))
}

function fromMultipart(request: FastifyRequest, payload: NodeJS.ReadableStream, bodyLimit: number): Promise<UncheckedParameters> {
  return new Promise((resolve, reject) => {
    const malformed = () => reject(new Refusal(refusals.incorrectRequest, { code: 'malformed_body' }))
    const tooLarge = () => reject(bodyTooLarge())
    const entries: [string, string][] = []
    let parser: InstanceType<typeof Busboy>
    try {
      // No limit of files: nobody listens for them, so they are skipped, but with a limit of 0 a large one never ends.
      const limits = { fieldSize: bodyLimit }
      parser = new Busboy({ headers: request.headers as { 'content-type': string }, limits })
    } catch {
      return malformed()
    }
    let bytes = 0
    payload.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= bodyLimit) return
      // The rest is thrown away unread: what is still sent may take as long as a request may, and no memory.
      payload.unpipe(parser)
      payload.resume()
      tooLarge()
    })
    parser.on('field', (name: string, value: string, _nameTruncated: boolean, valueTruncated: boolean) =>
      valueTruncated ? tooLarge() : entries.push([name, value]),
    )
    parser.on('error', malformed)
    parser.on('finish', () => resolve(fromEntries(entries)))
    payload.on('error', malformed)
    payload.pipe(parser)
  })
}

export function bodyTooLarge(): Refusal {
  return new Refusal('The request is too large', { code: 'too_large', status: 413 })
}
