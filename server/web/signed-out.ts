import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { formRefused, SAFE_METHODS } from './cookies.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** This route accepts forms of people who are not signed in. */
    forSignedOut?: true
  }
}

/** Up to this length the connection stays open until the form has been sent, so that its sender sees why it is refused. */
const LONGEST_READ = 65_536

/** Refuses the form of somebody who is not signed in, if its page is only for signed-in users, before a byte of the form is read. Register it
 * after the hook that finds the session. */
export function refuseSignedOut(pages: FastifyInstance): void {
  pages.addHook('onRequest', async (request, reply) => checkSignedIn(request, reply))
}

function checkSignedIn(request: FastifyRequest, reply: FastifyReply) {
  if (request.session || SAFE_METHODS.has(request.method)) return
  const { config, url } = request.routeOptions
  if (url === undefined || config.forSignedOut) return
  const isShort = Number(request.headers['content-length'] ?? Infinity) <= LONGEST_READ
  if (!isShort) void reply.header('connection', 'close')
  throw formRefused()
}
