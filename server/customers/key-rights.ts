import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { EVERYTHING, scopes as knownScopes } from '../../contract/scopes.ts'
import { type Refusal, refuse } from '../refusal.ts'

/** The rights of a limited key, in a form that is quick to check. A key without limits has none of this. */
export interface KeyRights {
  /** Null: every action. */
  readonly actions: ReadonlySet<string> | null
  /** Null: every service. */
  readonly services: ReadonlySet<number> | null
  /** Null: from anywhere. */
  readonly networks: readonly Network[] | null
  /** Milliseconds; null: it does not expire. */
  readonly expiresAt: number | null
  /** The orders of the key count against a daily cap, in the transaction that places them. */
  readonly capped: boolean
}

type Network = [ipaddr.IPv4 | ipaddr.IPv6, number]

/** The columns of api_keys that hold the limits. */
export interface RightsRow {
  readonly scopes: readonly string[] | null
  readonly serviceIds: readonly number[] | null
  readonly addresses: readonly string[] | null
  readonly expiresAt: Date | null
  readonly capped: boolean
}

/** Null when the key has no limit, so that most calls cost one comparison. */
export function rightsOf(row: RightsRow): KeyRights | null {
  if (!row.scopes && !row.serviceIds && !row.addresses && !row.expiresAt && !row.capped) return null
  return {
    actions: row.scopes && new Set(row.scopes.flatMap((scope) => knownScopes[scope] ?? [])),
    services: row.serviceIds && new Set(row.serviceIds),
    networks: row.addresses && row.addresses.map(networkOf),
    expiresAt: row.expiresAt?.getTime() ?? null,
    capped: row.capped,
  }
}

/** Throws a Refusal when the key has expired, or may not be used from this address or for this action. */
export function checkRights(rights: KeyRights, action: string, address: string, now: Date): void {
  checkExpiry(rights, now)
  if (rights.networks && !isWithin(rights.networks, address)) throw refuse('address_not_allowed')
  if (rights.actions && !rights.actions.has(action)) throw refuse('action_not_allowed')
}

export function checkExpiry(rights: KeyRights, now: Date): void {
  if (rights.expiresAt !== null && now.getTime() >= rights.expiresAt) throw refuse('key_expired')
}

/** The code of the refusal that an order of this key gets; undefined when it is allowed. */
export function whyNotAllowed(
  rights: KeyRights,
  order: { serviceId: number; isSubscription: boolean },
): 'service_not_allowed' | 'subscription_not_allowed' | undefined {
  if (rights.services && !rights.services.has(order.serviceId)) return 'service_not_allowed'
  // A subscription is charged later, for posts that nobody can count against today's cap.
  return rights.capped && order.isSubscription ? 'subscription_not_allowed' : undefined
}

function isWithin(networks: readonly Network[], address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const asked = ipaddr.process(address)
  return networks.some(([network, bits]) => network.kind() === asked.kind() && asked.match(network, bits))
}

function networkOf(text: string): Network {
  const [address, bits] = ipaddr.parseCIDR(text)
  return [address, bits]
}

/** The limits of a key as a person enters them; null: no limits. */
export interface KeyLimits {
  readonly scopes: readonly string[] | null
  /** Units per day. */
  readonly dailyCap: bigint | null
  readonly serviceIds: readonly number[] | null
  readonly addresses: readonly string[] | null
  readonly expiresAt: Date | null
}

export const NO_LIMITS: KeyLimits = { scopes: null, dailyCap: null, serviceIds: null, addresses: null, expiresAt: null }

const MOST_SERVICES = 2000
const MOST_NETWORKS = 100

/** The limits in the form in which they are stored. Throws a Refusal for limits that cannot be meant. */
export function checkLimits(limits: KeyLimits, now: Date): KeyLimits {
  if (limits.dailyCap !== null && limits.dailyCap <= 0n) throw refuse('incorrect_daily_cap')
  if (limits.expiresAt !== null && !(limits.expiresAt > now)) throw refuse('expiry_is_past')
  return {
    ...limits,
    scopes: limits.scopes && storedScopes(limits.scopes),
    serviceIds: limits.serviceIds && storedServices(limits.serviceIds),
    addresses: limits.addresses && storedNetworks(limits.addresses),
  }
}

function storedScopes(names: readonly string[]): readonly string[] | null {
  const unknown = names.find((name) => name !== EVERYTHING && !Object.hasOwn(knownScopes, name))
  if (unknown !== undefined || names.length === 0) {
    throw refuse('unknown_scope', unknown ?? '', [EVERYTHING, ...Object.keys(knownScopes)].join(', '))
  }
  return names.includes(EVERYTHING) ? null : [...new Set(names)]
}

function storedServices(ids: readonly number[]): readonly number[] {
  if (ids.length === 0 || ids.length > MOST_SERVICES) throw refuse('incorrect_services', MOST_SERVICES)
  return [...new Set(ids)].toSorted((a, b) => a - b)
}

function storedNetworks(texts: readonly string[]): readonly string[] {
  if (texts.length === 0 || texts.length > MOST_NETWORKS) throw refuse('incorrect_networks', MOST_NETWORKS)
  return [...new Set(texts.map(storedNetwork))]
}

/** A single address is a network of one. */
function storedNetwork(text: string): string {
  const [address = '', bits, ...more] = text.trim().split('/')
  if (more.length > 0 || !isAddress(address) || (bits !== undefined && !/^\d{1,3}$/.test(bits))) throw noNetwork(text)
  const parsed = ipaddr.process(address)
  const isMapped = parsed.kind() === 'ipv4' && address.includes(':')
  const most = parsed.kind() === 'ipv4' ? 32 : 128
  const length = bits === undefined ? most : Number(bits) - (isMapped ? 96 : 0)
  if (length < 0 || length > most) throw noNetwork(text)
  const kind = parsed.kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6
  return `${kind.networkAddressFromCIDR(`${parsed.toString()}/${length}`).toString()}/${length}`
}

/** Only four plain numbers or IPv6: programs read the older spellings (0x7f.1, 010.0.0.1) differently. */
function isAddress(text: string): boolean {
  return isIP(text) !== 0 && !text.includes('%')
}

function noNetwork(text: string): Refusal {
  return refuse('incorrect_network', text)
}
