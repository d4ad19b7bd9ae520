import { isUtf8 } from 'node:buffer'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { readMultipart } from '../requests/multipart.ts'
import { type Refusal, refuse } from '../refusal.ts'
import type { UncheckedParameters } from '../ordering/call.ts'
import { readAliases } from './aliases.ts'
import { fromEntries, fromForm, fromJson, merge, utf8Text } from './parameters.ts'

/** Accepts every kind of body that clients send and hands it to one handler as parameters: forms, JSON, multipart, and bodies without a content
 * type. Anything else is 415. */
export function acceptEveryBody(app: FastifyInstance, bodyLimit: number) {
  app.removeAllContentTypeParsers()
  const parse = { parseAs: 'buffer', bodyLimit } as const
  const add = (type: string, read: (request: FastifyRequest, body: Buffer) => UncheckedParameters | Promise<UncheckedParameters>) =>
    app.addContentTypeParser(type, parse, async (request: FastifyRequest, body: Buffer) =>
      // Existing clients send JSON under any content type, some with a byte order mark.
      looksLikeJson(body) ? fromJson(textOf(body)) : read(request, body),
    )
  add('application/x-www-form-urlencoded', (_, body) => fromForm(textOf(body)))
  add('application/json', (_, body) => fromJson(textOf(body)))
  add('multipart/form-data', fromMultipart)
  add('*', (request, body) => {
    if (request.headers['content-type'] !== undefined) throw refuse('unsupported_content_type')
    return fromForm(textOf(body))
  })
}

const MARK = Buffer.from('\uFEFF')

function behindMark(body: Buffer): Buffer {
  return body[0] === MARK[0] && body.subarray(0, MARK.length).equals(MARK) ? body.subarray(MARK.length) : body
}

function looksLikeJson(body: Buffer): boolean {
  const plain = behindMark(body)
  let at = 0
  while (plain[at] === 0x20 || plain[at] === 0x09 || plain[at] === 0x0a || plain[at] === 0x0d) at += 1
  return plain[at] === 0x7b
}

function textOf(body: Buffer): string {
  return utf8Text(behindMark(body))
}

/** A parameter in the body overrides the same one in the query string. */
export function parametersOf(request: FastifyRequest): UncheckedParameters {
  const at = request.url.indexOf('?')
  const query = at === -1 ? undefined : fromForm(bytesAsText(request.url.slice(at + 1)))
  const body = (request.body ?? undefined) as UncheckedParameters | undefined
  const parameters = readAliases(query && body ? merge(query, body) : (body ?? query ?? {}))
  const header = request.headers['idempotency-key']
  if (typeof header !== 'string' || parameters['idempotency_key'] || parameters['request_id'] || parameters['order_reference'])
    return parameters
  return merge(parameters, fromEntries([['idempotency_key', header]]))
}

/** Node reads an address byte by byte; older clients send UTF-8 in it without escapes. */
function bytesAsText(query: string): string {
  return /[\u0080-\u00FF]/.test(query) ? utf8Text(Buffer.from(query, 'latin1')) : query
}

async function fromMultipart(request: FastifyRequest, body: Buffer): Promise<UncheckedParameters> {
  const entries: [string, string][] = []
  const onField = (name: string, value: string) => void entries.push([name, value])
  try {
    await readMultipart(request.headers['content-type'], body, { limits: { fieldSize: body.length }, onField })
  } catch {
    throw refuse('malformed_body')
  }
  // The parser replaces bytes that are not UTF-8 by U+FFFD; a file among the fields may contain any bytes.
  const isReplaced = entries.some(([name, value]) => name.includes('\uFFFD') || value.includes('\uFFFD'))
  if (isReplaced && !isUtf8(body)) throw refuse('malformed_body')
  return fromEntries(entries)
}

export function bodyTooLarge(): Refusal {
  return refuse('too_large')
}
