import type { FastifyReply } from 'fastify'
import type { Refusal } from '../refusal.ts'

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
  const json = Buffer.from(JSON.stringify(body, plain))
  return reply.code(status).headers({ 'content-type': 'application/json', 'cache-control': 'no-store' }).send(json)
}

/** Ids and counts become numbers as long as a JSON number holds them exactly. */
function plain(_: string, value: unknown): unknown {
  if (typeof value !== 'bigint') return value
  return value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER ? Number(value) : value.toString()
}
