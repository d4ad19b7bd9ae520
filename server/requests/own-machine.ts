import type { FastifyRequest } from 'fastify'

const OWN_ADDRESSES = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])
const OWN_NAMES = new Set(['localhost', '127.0.0.1', '[::1]'])
/** Proxies add at least one of these headers to the requests that they pass on. */
const SENT_BY_PROXIES = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'via', 'cf-connecting-ip']

/**
 * Whether a request was sent on purpose from this machine: it came through no proxy, and its host is not a foreign name that was made to point here.
 */
export function isFromThisMachine({ headers, socket }: FastifyRequest): boolean {
  if (SENT_BY_PROXIES.some((name) => headers[name] !== undefined)) return false
  return OWN_ADDRESSES.has(socket.remoteAddress ?? '') && OWN_NAMES.has((headers.host ?? '').toLowerCase().replace(/:\d{1,5}$/, ''))
}
