import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { databaseAway, notKnownWhetherDone } from '../deadline.ts'

/** As far as an edge needs it: see db/confirming.ts. */
export interface Confirms {
  isAsked(): boolean
  isStalled(): boolean
  confirmed(since: number): Promise<void>
}

/** Where commits wait for a standby: an answer that was made from the database leaves when all that it was made from is confirmed, and a request is
 * refused at once while nothing is. For every route but the calls of the customers' API and its streams, which send their answers by themselves. */
export function confirmAnswers(app: FastifyInstance, confirming: () => Confirms | undefined, isApart: (url: string) => boolean) {
  const arrivals = new WeakMap<FastifyRequest, number>()
  app.addHook('onRequest', (request, _, done) => {
    const confirms = confirming()
    if (!confirms?.isAsked()) return done()
    arrivals.set(request, performance.now())
    done(confirms.isStalled() && !isApart(request.url) ? databaseAway() : undefined)
  })
  app.addHook('onSend', async (request, reply, payload) => {
    if (reply.statusCode >= 500 || isApart(request.url)) return payload
    const confirms = confirming()
    if (!confirms?.isAsked()) return payload
    if (payload instanceof Readable) return Readable.from(confirmedPieces(payload, confirms), { objectMode: false })
    try {
      await confirms.confirmed(arrivals.get(request) ?? performance.now())
      return payload
    } catch {
      throw refusalFor(request, reply)
    }
  })
}

/** A long answer is read while it is sent. */
async function* confirmedPieces(payload: Readable, confirms: Confirms): AsyncGenerator {
  const since = performance.now()
  for await (const piece of payload) {
    await confirms.confirmed(since)
    yield piece
  }
}

function refusalFor({ method }: FastifyRequest, reply: FastifyReply) {
  void reply.removeHeader('set-cookie')
  return method === 'GET' || method === 'HEAD' ? databaseAway() : notKnownWhetherDone()
}
