import type { FastifyReply } from 'fastify'
import type { Refusal } from '../refusal.ts'

export function send(reply: FastifyReply, body: object, status = 200): FastifyReply {
  const json = Buffer.from(JSON.stringify(body, plain))
  return reply.code(status).headers({ 'content-type': 'application/json', 'cache-control': 'no-store' }).send(json)
}

/** `{"error": {"code", "message"}}`: programs look at the code and at the status, people read the message. */
export function sendFailure(reply: FastifyReply, refusal: Refusal): FastifyReply {
  return send(reply, { error: { code: refusal.code, message: refusal.message } }, statusOf(refusal))
}

/** The published API answers a refusal with 200, because its clients lose the text of a 4xx; clients of this API do not. */
function statusOf({ isAnswer, staffNumber, status }: Refusal): number {
  return isAnswer ? staffNumber : status
}

/** Ids become numbers as long as a JSON number holds them exactly. Money is formatted before. */
function plain(_: string, value: unknown): unknown {
  if (typeof value !== 'bigint') return value
  return value <= Number.MAX_SAFE_INTEGER ? Number(value) : value.toString()
}
