import fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import { acceptEveryBody, parametersOf } from '../../server/api/body.ts'
import type { UncheckedParameters } from '../../server/ordering/call.ts'
import { sendJson } from '../../server/api/send.ts'

const BODY_LIMIT = 1_048_576

/** The HTTP stack of server/http.ts without the application: the same framework, body parsing and headers. */
export async function listen(
  port: number,
  answer: (parameters: UncheckedParameters, reply: FastifyReply, headers: Readonly<Record<string, unknown>>) => unknown,
): Promise<FastifyInstance> {
  let count = 0
  const app = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT,
    keepAliveTimeout: 75_000,
    genReqId: () => `bench-${(count += 1).toString(36)}`,
  })
  acceptEveryBody(app, BODY_LIMIT)
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    done()
  })
  app.get('/readyz', (_, reply) => sendJson(reply, '{"status":"ready"}'))
  app.post('/api/v2', async (request, reply) => answer(parametersOf(request), reply, request.headers))
  process.once('SIGTERM', () => void app.close().then(() => process.exit()))
  await app.listen({ host: '127.0.0.1', port, backlog: 2048 })
  return app
}
