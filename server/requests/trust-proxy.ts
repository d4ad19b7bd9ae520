import ipaddr from 'ipaddr.js'

/** Whether the machine at an address is one of our proxies; `hop` 0 is the one that connected to us, 1 the one before it. */
export type TrustProxy = (address: string, hop: number) => boolean

const MOST_HOPS = 10

/**
 * Reads `off`, a number of proxies, or the addresses and networks of proxies. Addresses are counted from the right of X-Forwarded-For, because the
 * client can write everything to the left of our own proxies' entries. Throws an Error that says how to write it.
 */
export function readTrustProxy(text: string): TrustProxy | false {
  const wanted = text.trim()
  if (wanted === 'off') return false
  if (wanted === 'on') {
    throw new Error(
      'on would believe an address that a client chooses: write how many proxies stand in front (1), or their networks (10.0.0.0/8, 127.0.0.1), or off',
    )
  }
  if (/^\d+$/.test(wanted)) {
    const hops = Number(wanted)
    if (hops < 1 || hops > MOST_HOPS) throw new Error(`must be 1 to ${MOST_HOPS} proxies, or off`)
    // Given a number, Fastify trusts nobody, so the counting is done here.
    return (_, hop) => hop < hops
  }
  const networks = wanted.split(',').map((entry) => networkOf(entry.trim()))
  return (address) => isWithin(networks, address)
}

type Network = [ipaddr.IPv4 | ipaddr.IPv6, number]

function networkOf(text: string): Network {
  const [address = '', bits, ...more] = text.split('/')
  const isWritten = more.length === 0 && ipaddr.isValid(address) && (address.includes(':') || ipaddr.IPv4.isValidFourPartDecimal(address))
  if (isWritten && (bits === undefined || /^\d{1,3}$/.test(bits))) {
    const given = ipaddr.parse(address)
    const network = ipaddr.process(address)
    // ::ffff:10.0.0.0/104 is 10.0.0.0/8.
    const written = given.kind() === 'ipv6' ? 128 : 32
    const most = network.kind() === 'ipv6' ? 128 : 32
    const length = bits === undefined ? most : Number(bits) - (written - most)
    // A network of 0 bits would be every address.
    if (length > 0 && length <= most) return [network, length]
  }
  throw new Error(`must be off, a number of proxies (1), or networks (10.0.0.0/8, 127.0.0.1); "${text}" is none of them`)
}

function isWithin(networks: readonly Network[], address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const asked = ipaddr.process(address)
  return networks.some(([network, bits]) => network.kind() === asked.kind() && asked.match(network, bits))
}
