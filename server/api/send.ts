import type { FastifyReply, FastifyRequest } from 'fastify'

const ANSWER_HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store' }
const JSON_HEADERS = Object.entries(ANSWER_HEADERS).flat()

/** Bytes, because the framework appends a charset to the type of a text, and that breaks a client in use. */
export function sendJson(reply: FastifyReply, json: string, status = 200): FastifyReply {
  return reply.code(status).headers(ANSWER_HEADERS).send(Buffer.from(json))
}

/** An answer that is the same for many requests, down to its headers. */
export interface ReadyAnswer {
  readonly status: number
  /** Names and values in turn, as node:http writes them without looking again. */
  readonly headers: readonly string[]
  readonly bytes: Buffer | undefined
}

export function readyAnswer(status: number, headers: Readonly<Record<string, string>>, bytes?: Buffer): ReadyAnswer {
  const all = bytes ? { ...headers, 'content-length': String(bytes.length) } : headers
  return { status, headers: Object.entries({ ...ANSWER_HEADERS, ...all }).flat(), bytes }
}

/** Past the framework's reply, whose work on headers and hooks costs more than all else that such an answer needs. */
export function sendReady(request: FastifyRequest, reply: FastifyReply, { status, headers, bytes }: ReadyAnswer): FastifyReply {
  reply.hijack()
  reply.raw.writeHead(status, ['x-request-id', request.id, ...headers])
  reply.raw.end(bytes)
  return reply
}

/** One customer's answer, the same way. */
export function sendAnswer(request: FastifyRequest, reply: FastifyReply, json: string): FastifyReply {
  reply.hijack()
  reply.raw.writeHead(200, ['x-request-id', request.id, ...JSON_HEADERS, 'content-length', String(Buffer.byteLength(json))])
  reply.raw.end(json)
  return reply
}
