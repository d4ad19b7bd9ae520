import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { formRefused, SAFE_METHODS } from './session.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Takes forms of people who are not signed in. */
    forStrangers?: true
  }
}

/** Strangers whose form is no longer than this are heard to the end, so that they see why it is refused. */
const LONGEST_HEARD = 65_536

/** A form of somebody who is not signed in, for a page that is only for those who are: it is refused before a byte of it is read.
 * Register it behind what tells who is signed in. */
export function refuseStrangers(pages: FastifyInstance): void {
  pages.addHook('onRequest', async (request, reply) => checkStranger(request, reply))
}

function checkStranger(request: FastifyRequest, reply: FastifyReply) {
  if (request.session || SAFE_METHODS.has(request.method)) return
  const { config, url } = request.routeOptions
  if (url === undefined || config.forStrangers) return
  const isShort = Number(request.headers['content-length'] ?? Infinity) <= LONGEST_HEARD
  if (!isShort) void reply.header('connection', 'close')
  throw formRefused()
}
