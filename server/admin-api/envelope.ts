import type { FastifyReply } from 'fastify'
import type { Refusal } from '../refusal.ts'
import { plainJson } from '../text.ts'

/**
 * The envelope of every answer: `data`, `error_message`, `error_code` are the published Admin API's names, and 0 is its "no error". It publishes no
 * list of codes, and clients only compare with 0; our codes follow HTTP's numbers. As in the published API, a refusal is HTTP 200 (clients drop the
 * text of a 4xx), except for keys, limits, bodies and failures.
 */
export function sendData(reply: FastifyReply, data: unknown): FastifyReply {
  return send(reply, { data, error_message: '', error_code: 0 }, 200)
}

export function sendFailure(reply: FastifyReply, { message, status, staffNumber }: Refusal): FastifyReply {
  return send(reply, { data: null, error_message: message, error_code: staffNumber }, status)
}

function send(reply: FastifyReply, body: unknown, status: number): FastifyReply {
  const json = Buffer.from(plainJson(body))
  return reply.code(status).headers({ 'content-type': 'application/json', 'cache-control': 'no-store' }).send(json)
}
