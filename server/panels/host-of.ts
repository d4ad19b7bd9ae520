import type { IncomingMessage } from 'node:http'
import { hostName } from '../children/host.ts'
import type { TrustProxy } from '../requests/trust-proxy.ts'

/**
 * The name of the panel that a request is for: its Host header, or what a trusted proxy says it was. Undefined when there is not exactly one name.
 * Of several values of X-Forwarded-Host the last one is that of the nearest proxy, as the pages read it too.
 */
export function hostOf({ headers, headersDistinct, socket }: IncomingMessage, trustProxy: TrustProxy | false): string | undefined {
  const forwarded = headers['x-forwarded-host']
  const isForwarded = forwarded !== undefined && trustProxy !== false && trustProxy(socket.remoteAddress ?? '', 0)
  if (isForwarded) return hostName(String(forwarded).split(',').at(-1)!)
  const given = headersDistinct['host'] ?? []
  return given.length === 1 ? hostName(given[0]!) : undefined
}

/** A request with several Host headers could be read as one for either of them. */
export function isOneHost({ headersDistinct }: IncomingMessage): boolean {
  return (headersDistinct['host'] ?? []).length < 2
}
