import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Resolves a name to all of its addresses, as the system does. */
export type Resolve = (hostname: string) => Promise<readonly string[]>

/**
 * Why nothing was sent. The message is our own, for people to read. It holds no key, no query and no resolved address, because a customer who
 * registers a webhook must not learn the network behind this server from it.
 */
export class NotReachable extends Error {
  override readonly name = 'NotReachable'
  readonly reason: 'address' | 'dns'

  constructor(reason: 'address' | 'dns', message: string) {
    super(message)
    this.reason = reason
  }
}

/**
 * At every cloud these addresses give out the credentials of the machine, or control it, so they are never a supplier, whatever is allowed.
 * 168.63.129.16 is a public address by number.
 */
const METADATA = new Set(['169.254.169.254', '168.63.129.16', '100.100.100.200', '192.0.0.192', 'fd00:ec2::254'])
const NOBODY = new Set(['multicast', 'broadcast', 'unspecified'])

export const systemResolve: Resolve = async (hostname) => (await lookup(hostname, { all: true })).map(({ address }) => address)

/** Whether we may open a connection to this address. A text that is not an address is refused. */
export function mayConnect(address: string, allowPrivate: boolean): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  if (METADATA.has(parsed.toString())) return false
  if (allowPrivate) return !NOBODY.has(parsed.range())
  // Only 2000::/3 of IPv6 is assigned to the public; elsewhere are the old ways to write an IPv4 address (::7f00:1), which no list of ranges has.
  // NAT64, 6to4 and Teredo, which carry an IPv4 address inside, have ranges of their own and so are not unicast either.
  if (parsed instanceof ipaddr.IPv6 && parsed.parts[0]! >> 13 !== 1) return false
  return parsed.range() === 'unicast'
}

/**
 * The addresses of a host, all of them checked. One private address is enough to refuse the name, since no honest name mixes the two. A literal is
 * its own address; `127.1`, `0x7f.1` and `2130706433` became 127.0.0.1 when the URL was parsed.
 */
export async function checkedAddresses(hostname: string, resolve: Resolve, allowPrivate: boolean): Promise<readonly string[]> {
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  const addresses = isIP(host) ? [host] : await resolved(host, resolve)
  if (!addresses.every((address) => mayConnect(address, allowPrivate))) {
    throw new NotReachable('address', `${hostname} is not on the public internet`)
  }
  return addresses
}

async function resolved(host: string, resolve: Resolve): Promise<readonly string[]> {
  const addresses = await resolve(host).catch(() => [])
  if (addresses.length === 0) throw new NotReachable('dns', `The name ${host} does not resolve`)
  return addresses
}
