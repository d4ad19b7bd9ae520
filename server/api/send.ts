import type { ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Refusal } from '../refusal.ts'

const ANSWER_HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store' }
const JSON_HEADERS = Object.entries(ANSWER_HEADERS).flat()

/** Sends bytes, because the framework adds a charset to the type of a text, which breaks an existing client. */
export function sendJson(reply: FastifyReply, json: string, status = 200): FastifyReply {
  return reply.code(status).headers(ANSWER_HEADERS).send(Buffer.from(json))
}

/** Sends the code beside the text, the form for limits and failures. */
export function sendRefusal(reply: FastifyReply, { message, code, status: own }: Refusal, status = own): FastifyReply {
  return sendJson(reply, JSON.stringify({ error: message, code }), status)
}

/** An answer that is the same for many requests, including its headers. */
export interface ReadyAnswer {
  readonly status: number
  /** Names and values alternate; node:http writes this form without checking it again. */
  readonly headers: readonly string[]
  readonly bytes: Buffer | undefined
}

export function readyAnswer(status: number, headers: Readonly<Record<string, string>>, bytes?: Buffer): ReadyAnswer {
  const all = bytes ? { ...headers, 'content-length': String(bytes.length) } : headers
  return { status, headers: Object.entries({ ...ANSWER_HEADERS, ...all }).flat(), bytes }
}

/** Writes without the framework's reply, whose work on headers and hooks costs more than the rest of such an answer. */
export function sendReady(request: FastifyRequest, reply: FastifyReply, { status, headers, bytes }: ReadyAnswer): FastifyReply {
  reply.hijack()
  reply.raw.writeHead(status, ['x-request-id', request.id, ...headers])
  endTogether(reply.raw, bytes)
  return reply
}

/** Sends an answer for one customer without the framework's reply. */
export function sendAnswer(request: FastifyRequest, reply: FastifyReply, json: string): FastifyReply {
  reply.hijack()
  reply.raw.writeHead(200, ['x-request-id', request.id, ...JSON_HEADERS, 'content-length', String(Buffer.byteLength(json))])
  endTogether(reply.raw, json)
  return reply
}

let leaving: [response: ServerResponse, body: Buffer | string | undefined][] = []

/** Answers that are ready in the same turn of the event loop are written together at its end. A single write wakes the reading process, which
 * costs more than making the answer; several writes in a row wake it once (docs/decisions/0015). */
function endTogether(response: ServerResponse, body: Buffer | string | undefined) {
  if (leaving.push([response, body]) === 1) setImmediate(leave)
}

function leave() {
  const row = leaving
  leaving = []
  for (const [response, body] of row) {
    if (typeof body === 'string') {
      // Headers and body are written in one piece: `end(body)` would make two pieces, for which the system has a more expensive call.
      response.write(body)
      response.socket?.uncork()
      response.end()
    } else response.end(body)
  }
}
