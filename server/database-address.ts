import { accessSync, constants } from 'node:fs'
import { isIPv6 } from 'node:net'

/** The servers of DATABASE_URL or DATABASE_READ_URL, and which of them will do. */
export interface DatabaseAddress {
  /** In the order in which they are tried. */
  readonly hosts: readonly Host[]
  readonly wanted: Wanted
  /** The longest time for one host; undefined: its share of the time that the connection may take. */
  readonly hostWithinMs: number | undefined
  readonly user: string
  readonly database: string
}

export interface Host {
  /** How people are told of it: `db1.internal:5432`, or the directory of a socket. */
  readonly name: string
  /** An address of this host alone, which the driver reads. */
  readonly connectionString: string
}

const WANTED = ['any', 'read-write', 'read-only', 'primary', 'standby', 'prefer-standby'] as const
export type Wanted = (typeof WANTED)[number]

/** Read here, not by the driver. */
const OURS = ['host', 'port', 'target_session_attrs', 'load_balance_hosts', 'connect_timeout']
/** Read by the driver, with the meaning that it gives them. */
const DRIVERS = ['user', 'password', 'ssl', 'sslmode', 'sslcert', 'sslkey', 'sslrootcert', 'sslnegotiation', 'uselibpqcompat', 'options']
/** What other programs write into such an address and is without effect here: Docket names its connections, keeps them alive and limits its
 * statements itself, its texts are UTF-8, and the driver knows no GSSAPI. */
const WITHOUT_EFFECT = [
  'application_name',
  'fallback_application_name',
  'client_encoding',
  'channel_binding',
  'gssencmode',
  'keepalives',
  'keepalives_idle',
  'keepalives_interval',
  'keepalives_count',
  'tcp_user_timeout',
  'statement_timeout',
  'lock_timeout',
  'idle_in_transaction_session_timeout',
]
const SSL_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify']

const SCHEME = /^postgres(?:ql)?:\/\//
const DEFAULT_PORT = '5432'
const MOST_HOSTS = 16

/** Reads an address as libpq does, with one host or several: `postgres://user:password@a:5432,b/docket?target_session_attrs=read-write`. Throws one
 * error whose message names every fault in words that follow the name of the setting, without the password. */
export function readDatabaseAddress(text: string): DatabaseAddress {
  const faults: string[] = []
  const parts = split(text)
  if (!parts) throw new Error('must start with postgres://')
  const userInfo = readUserInfo(parts.userInfo, faults)
  const parameters = new URLSearchParams(parts.query)
  checkParameters(parameters, faults)
  const places = parts.isCutShort ? cutShort(faults) : placesOf(parts.hosts, parameters, faults)
  const hostWithinMs = readTimeout(parameters, faults)
  const wanted = readWanted(parameters, places.length, faults)
  if (faults.length > 0) throw new Error(faults.join(', and '))

  const isShuffled = parameters.get('load_balance_hosts') === 'random'
  for (const name of [...OURS, ...WITHOUT_EFFECT]) parameters.delete(name)
  // The driver knows no such file; its own list of authorities is the one that is meant.
  if (parameters.get('sslrootcert') === 'system') parameters.delete('sslrootcert')
  const hosts = places.map((place) => ({ name: place.name, connectionString: connectionString(place, userInfo, parts.path, parameters) }))
  const user = parameters.get('user') ?? userInfo.user
  const database = decodedLeniently(parts.path.slice(1)) || user
  return { hosts: isShuffled ? shuffled(hosts) : hosts, wanted, hostWithinMs, user, database }
}

/** The same servers with another database, and, if given, as another user. */
export function addressBeside(text: string, { database, user, password }: { database: string; user?: string; password?: string }): string {
  const { userInfo, hosts, query } = split(text)!
  const parameters = new URLSearchParams(query)
  if (user !== undefined) {
    parameters.delete('user')
    parameters.delete('password')
  }
  const who = user === undefined ? userInfo : `${encodeURIComponent(user)}:${encodeURIComponent(password ?? '')}`
  const rest = parameters.size > 0 ? `?${parameters.toString()}` : ''
  return `postgres://${who === '' ? '' : `${who}@`}${hosts}/${encodeURIComponent(database)}${rest}`
}

interface Parts {
  readonly userInfo: string
  readonly hosts: string
  /** With its slash; may be empty. */
  readonly path: string
  readonly query: string
  /** An @ stands behind the first slash, question mark or hash: one of these is in the password. */
  readonly isCutShort: boolean
}

function split(text: string): Parts | undefined {
  const scheme = SCHEME.exec(text)
  if (!scheme) return undefined
  const rest = text.slice(scheme[0].length).split('#', 1)[0]!
  const hash = text.length - scheme[0].length > rest.length ? text.slice(scheme[0].length + rest.length) : ''
  const end = rest.search(/[/?]/)
  const authority = end === -1 ? rest : rest.slice(0, end)
  const behind = end === -1 ? '' : rest.slice(end)
  const question = behind.indexOf('?')
  const at = authority.lastIndexOf('@')
  const path = question === -1 ? behind : behind.slice(0, question)
  return {
    userInfo: at === -1 ? '' : authority.slice(0, at),
    hosts: authority.slice(at + 1),
    path,
    query: question === -1 ? '' : behind.slice(question + 1),
    isCutShort: at === -1 && (path.includes('@') || hash.includes('@')),
  }
}

function cutShort(faults: string[]): Place[] {
  faults.push('has a / ? or # in its user or password, which must be written %2F, %3F or %23')
  return []
}

interface UserInfo {
  readonly user: string
  readonly password: string | undefined
}

function readUserInfo(text: string, faults: string[]): UserInfo {
  const colon = text.indexOf(':')
  const user = decodedLeniently(colon === -1 ? text : text.slice(0, colon))
  const password = colon === -1 ? undefined : decodedLeniently(text.slice(colon + 1))
  if (user === undefined || (colon !== -1 && password === undefined)) {
    faults.push('has a user or password whose % signs do not stand for letters: write a % as %25')
  }
  return { user: user ?? '', password }
}

/** A % that begins no code stands for itself, as passwords were always read here. Undefined: the codes are no UTF-8. */
function decodedLeniently(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replace(/%(?![0-9a-f]{2})/gi, '%25'))
  } catch {
    return undefined
  }
}

interface Place {
  readonly name: string
  readonly host: string
  readonly port: string | undefined
}

/** The hosts between the commas, or those of the parameter `host`, which comes first for libpq and the driver too. */
function placesOf(hosts: string, parameters: URLSearchParams, faults: string[]): Place[] {
  const listed = parameters.get('host')
  const written = hosts.split(',')
  const places = listed === null ? written.map((each) => readPlace(each, written.length, faults)) : listedPlaces(listed, hosts, parameters)
  if (places.length > MOST_HOSTS) faults.push(`names ${places.length} hosts, more than ${MOST_HOSTS}`)
  const ports = parameters.get('port')?.split(',')
  if (ports && ports.length !== 1 && ports.length !== places.length) {
    faults.push(`names ${ports.length} ports for ${places.length} hosts: give one port, or one for each host`)
    return places
  }
  const withPorts = ports ? places.map((place, index) => named(place.host, ports[index] ?? ports[0])) : places
  for (const { name, port } of withPorts) {
    if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535))
      faults.push(`names a port that is no number from 1 to 65535: ${name}`)
  }
  return withPorts
}

function listedPlaces(listed: string, hosts: string, parameters: URLSearchParams): Place[] {
  const port = parameters.has('port') ? undefined : /:(\d+)$/.exec(hosts)?.[1]
  return listed.split(',').map((host) => named(host.replace(/^\[(.+)\]$/, '$1'), port))
}

function readPlace(text: string, of: number, faults: string[]): Place {
  if (text === '' && of > 1) faults.push('has a comma with no host beside it')
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text)
  if (bracketed) {
    if (!isIPv6(bracketed[1]!)) faults.push(`has an address in brackets that is no IPv6 address: ${text}`)
    return named(bracketed[1]!, bracketed[2] || undefined)
  }
  const colon = text.indexOf(':')
  if (colon !== text.lastIndexOf(':')) {
    faults.push(`has an IPv6 address without brackets, which must be written like [2001:db8::1]:5432: ${text}`)
    return named(text, undefined)
  }
  const host = decodedLeniently(colon === -1 ? text : text.slice(0, colon))
  if (host === undefined || /[[\]\s]/.test(host)) faults.push(`has a host that cannot be read: ${text}`)
  return named(host ?? '', colon === -1 ? undefined : text.slice(colon + 1) || undefined)
}

function named(host: string, port: string | undefined): Place {
  if (host.startsWith('/')) return { name: host, host, port }
  const shown = host.includes(':') ? `[${host}]` : host || 'localhost'
  return { name: `${shown}:${port ?? DEFAULT_PORT}`, host, port }
}

function connectionString(place: Place, { user, password }: UserInfo, path: string, parameters: URLSearchParams): string {
  const own = new URLSearchParams(parameters)
  const who = password === undefined ? encodeURIComponent(user) : `${encodeURIComponent(user)}:${encodeURIComponent(password)}`
  const isSocket = place.host.startsWith('/')
  if (isSocket) own.set('host', place.host)
  // Without a host and a port the driver takes its own defaults.
  const port = place.port === undefined ? '' : `:${place.port}`
  const plain = (isSocket || place.host === '') && port !== '' ? 'localhost' : isSocket ? '' : place.host
  const host = plain.includes(':') ? `[${plain}]` : encodeURIComponent(plain)
  const query = own.size > 0 ? `?${own.toString()}` : ''
  return `postgres://${who === '' ? '' : `${who}@`}${host}${port}${path}${query}`
}

function checkParameters(parameters: URLSearchParams, faults: string[]) {
  const known = new Set([...OURS, ...DRIVERS, ...WITHOUT_EFFECT])
  const unknown = [...new Set(parameters.keys())].filter((name) => !known.has(name))
  if (unknown.length > 0) faults.push(`has a parameter that Docket does not know: ${unknown.join(', ')}`)
  const mode = parameters.get('sslmode')
  if (mode !== null && !SSL_MODES.includes(mode)) faults.push(`has sslmode=${mode}, which must be one of ${SSL_MODES.join(', ')}`)
  const balance = parameters.get('load_balance_hosts')
  if (balance !== null && !['disable', 'random'].includes(balance))
    faults.push(`has load_balance_hosts=${balance}, which must be disable or random`)
  for (const name of ['sslrootcert', 'sslcert', 'sslkey']) {
    const file = parameters.get(name)
    if (file !== null && file !== 'system' && !canRead(file)) faults.push(`names a file in ${name} that cannot be read: ${file}`)
  }
}

function canRead(file: string): boolean {
  try {
    accessSync(file, constants.R_OK)
    return true
  } catch {
    return false
  }
}

function readTimeout(parameters: URLSearchParams, faults: string[]): number | undefined {
  const text = parameters.get('connect_timeout')
  if (text === null || text === '0') return undefined
  if (!/^\d{1,3}$/.test(text)) faults.push(`has connect_timeout=${text}, which must be a whole number of seconds`)
  return Number(text) * 1000
}

/** One host may be whatever it is. Of several, one that can be written is meant unless the address says otherwise. */
function readWanted(parameters: URLSearchParams, hosts: number, faults: string[]): Wanted {
  const text = parameters.get('target_session_attrs') ?? (hosts > 1 ? 'read-write' : 'any')
  const wanted = WANTED.find((each) => each === text)
  if (wanted === undefined) faults.push(`has target_session_attrs=${text}, which must be one of ${WANTED.join(', ')}`)
  return wanted ?? 'any'
}

function shuffled<T>(list: readonly T[]): T[] {
  return list
    .map((item) => ({ item, place: Math.random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item)
}
