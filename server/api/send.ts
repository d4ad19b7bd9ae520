import type { ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Refusal } from '../refusal.ts'

const ANSWER_HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store' }
const JSON_HEADERS = Object.entries(ANSWER_HEADERS).flat()

/** Bytes, because the framework appends a charset to the type of a text, and that breaks a client in use. */
export function sendJson(reply: FastifyReply, json: string, status = 200): FastifyReply {
  return reply.code(status).headers(ANSWER_HEADERS).send(Buffer.from(json))
}

/** With its code beside the text, as limits and failures are told. */
export function sendRefusal(reply: FastifyReply, { message, code, status: own }: Refusal, status = own): FastifyReply {
  return sendJson(reply, JSON.stringify({ error: message, code }), status)
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
  endTogether(reply.raw, bytes)
  return reply
}

/** One customer's answer, the same way. */
export function sendAnswer(request: FastifyRequest, reply: FastifyReply, json: string): FastifyReply {
  reply.hijack()
  reply.raw.writeHead(200, ['x-request-id', request.id, ...JSON_HEADERS, 'content-length', String(Buffer.byteLength(json))])
  endTogether(reply.raw, json)
  return reply
}

let leaving: [response: ServerResponse, body: Buffer | string | undefined][] = []

/** Answers that are ready in one turn of the event loop are written one after the other at its end. A lone write wakes whoever reads,
 * which costs more than all that made the answer; a row of them wakes it once (docs/decisions/0015). */
function endTogether(response: ServerResponse, body: Buffer | string | undefined) {
  if (leaving.push([response, body]) === 1) setImmediate(leave)
}

function leave() {
  const row = leaving
  leaving = []
  for (const [response, body] of row) {
    if (typeof body === 'string') {
      // In one piece with its headers: ended with its body, an answer is two pieces, for which the system has a costlier call.
      response.write(body)
      response.socket?.uncork()
      response.end()
    } else response.end(body)
  }
}
