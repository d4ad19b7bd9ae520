import type { FastifyReply } from 'fastify'
import type { Refusal } from '../refusal.ts'
import { plainJson } from '../text.ts'

export function send(reply: FastifyReply, body: object, status = 200): FastifyReply {
  const json = Buffer.from(plainJson(body))
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
