import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hearCall } from '../payments/hear.ts'
import type { PaymentContext } from '../payments/payments.ts'

/** Where gateways call: the last part of the address is a secret of each way to pay. */
export const PAYMENT_HOOKS = '/hooks/payments'

/** Far above what any gateway sends. */
const MOST_BYTES = 262_144
const A_TOKEN = /^[A-Za-z0-9_-]{32}$/

/** Adds the route. A call without a token that is one, and a forged call, leave no row and no memory. */
export function routePaymentHooks(app: FastifyInstance, payments: () => PaymentContext) {
  void app.register(async (hooks) => {
    hooks.removeAllContentTypeParsers()
    hooks.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MOST_BYTES }, (_, body, done) => done(null, body))
    hooks.route({
      method: ['GET', 'POST'],
      url: `${PAYMENT_HOOKS}/:token`,
      bodyLimit: MOST_BYTES,
      handler: (request, reply) => answer(request, reply, payments()),
    })
  })
}

async function answer(request: FastifyRequest, reply: FastifyReply, payments: PaymentContext): Promise<FastifyReply> {
  void reply.header('cache-control', 'no-store')
  const { token } = request.params as { token: string }
  if (!A_TOKEN.test(token)) return reply.code(404).send()
  const at = request.url.indexOf('?')
  const outcome = await hearCall(payments, token, {
    method: request.method,
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
    ),
    query: new URLSearchParams(at === -1 ? '' : request.url.slice(at + 1)),
    address: request.ip,
  })
  if (outcome.kind === 'unknown') return reply.code(404).send()
  if (outcome.kind === 'forged') return reply.code(401).send()
  if (outcome.answer === null) return reply.code(200).send()
  return reply.code(200).header('content-type', outcome.answer.contentType).send(outcome.answer.text)
}
