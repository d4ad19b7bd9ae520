import { isIPv6 } from 'node:net'

/** The subject that attempts from an address are counted by: an IPv6 customer has a whole /64. */
export function addressSubject(address: string): string {
  const plain = address.startsWith('::ffff:') ? address.slice(7) : address
  if (!isIPv6(plain)) return plain
  const [head = '', tail] = plain.split('::')
  const groups = head.split(':').filter(Boolean)
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').filter(Boolean).length
  return `${[...groups, ...Array<string>(missing).fill('0')].slice(0, 4).join(':')}::/64`
}
