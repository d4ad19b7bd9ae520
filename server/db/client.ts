import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import pg from 'pg'
import { type DatabaseAddress, type Host, readDatabaseAddress, type Wanted } from '../database-address.ts'
import { openLimit } from './limit.ts'
import { prepareSession, type ServerKind } from './session.ts'

export interface ClientOptions extends pg.ClientConfig {
  readonly connectionString: string
  readonly pipeline?: boolean
  /** Connects also while the others are held back. */
  readonly isForConfirming?: boolean
}

/** None of the servers that the address names can be used now: nothing was sent to any. */
export class NoServerError extends Error {
  readonly code = 'NO_SERVER'
  readonly refusals: readonly HostRefusal[]

  constructor(refusals: readonly HostRefusal[]) {
    super(`no database server can be used: ${refusals.map(({ host, error }) => `${host}: ${error.message}`).join('; ')}`)
    this.refusals = refusals
  }
}

export interface HostRefusal {
  readonly host: string
  readonly error: Error
}

/** The server answers, and is not of the kind that the address asks for. */
export class WrongServerError extends Error {
  readonly code = 'WRONG_SERVER'
}

/** The server warns with a notice of this routine that somebody ended a commit's wait for its standby: it was committed here, and a fail-over may
 * lose it. To the driver it looks like any other commit. */
const UNCONFIRMED = 'SyncRepWaitForLSN'

/** Nobody knows whether the transaction will last: SQLSTATE 08007, transaction_resolution_unknown. */
class UnconfirmedError extends Error {
  readonly severity = 'ERROR'
  readonly code = '08007'

  constructor(words: string | undefined) {
    super(`a commit was not confirmed by the standby: ${words}`)
  }
}

function wrongKind(wanted: Wanted, { standby, readOnly }: ServerKind): WrongServerError {
  return new WrongServerError(`it is ${standby ? 'a standby' : readOnly ? 'set to read-only' : 'a primary'}, and ${wanted} is asked for`)
}

/** How long a connection may take when its maker does not say. */
const CONNECT_WITHIN_MS = 10_000
/** The longest time that a server may take to answer the first statements of a new connection. */
const SETTLE_WITHIN_MS = 5000
/** Even with many hosts each gets this long, if there is that much time: a busy machine answers late. */
const LEAST_FOR_A_HOST_MS = 500

/** A connection to the first server of the address that can be used, with our session settings. To a pool it is a client like the driver's, which
 * knows one host only. The server that was good last in this process is tried first. */
export class DatabaseClient extends EventEmitter {
  readonly #options: ClientOptions
  /** The connection that was made, or the attempt under way. */
  #inner: pg.Client | undefined
  #isEnding = false
  #isBroken = false
  #query: pg.ClientBase['query'] = () => {
    throw new Error('Client is not connected')
  }

  constructor(options: ClientOptions) {
    super()
    this.#options = options
    // A connection that breaks fails what is under way on it. Without a listener its error would end the process too.
    this.on('error', () => {})
  }

  connect(callback: (error: Error | null, client?: DatabaseClient) => void): void
  connect(): Promise<DatabaseClient>
  connect(callback?: (error: Error | null, client?: DatabaseClient) => void): Promise<DatabaseClient> | void {
    const connecting = this.#connectToFirst()
    if (!callback) return connecting.then(() => this)
    void this.#tellWhenConnected(connecting, callback)
  }

  async #tellWhenConnected(connecting: Promise<void>, callback: (error: Error | null, client?: DatabaseClient) => void) {
    try {
      await connecting
    } catch (error) {
      return callback(error as Error)
    }
    callback(null, this)
  }

  async #connectToFirst(): Promise<void> {
    const known = rememberedOf(this.#options.connectionString)
    if (known.isHeldBack && !this.#options.isForConfirming) throw heldBack(known.address)
    const within = this.#options.connectionTimeoutMillis || CONNECT_WITHIN_MS
    const until = performance.now() + within
    await known.gate?.enter(within)
    try {
      await this.#connectToOneOf(known, until)
    } catch (error) {
      known.gate?.leave()
      throw error
    }
  }

  async #connectToOneOf(known: Remembered, until: number): Promise<void> {
    const { address, order } = known
    const refusals: HostRefusal[] = []
    let spare: { client: pg.Client; host: Host } | undefined
    const hosts = [...order]
    for (const [index, host] of hosts.entries()) {
      const left = until - performance.now()
      if (this.#isEnding || (index > 0 && left <= 0)) break
      const share = Math.max(LEAST_FOR_A_HOST_MS, left / (hosts.length - index))
      try {
        const { client, kind } = await this.#attempt(known, host, Math.max(1, Math.min(left, address.hostWithinMs ?? share)))
        if (suits(address.wanted, kind)) {
          if (spare) dropNow(spare.client)
          return this.#adopt(client, host, known)
        }
        if (address.wanted === 'prefer-standby' && !spare) spare = { client, host }
        else {
          dropNow(client)
          throw wrongKind(address.wanted, kind)
        }
      } catch (error) {
        refusals.push({ host: host.name, error: error as Error })
        putLast(order, host)
      }
    }
    if (this.#isEnding) throw new Error('Connection terminated')
    if (spare) return this.#adopt(spare.client, spare.host, known)
    if (hosts.length === 1 && !(refusals[0]!.error instanceof WrongServerError)) throw refusals[0]!.error
    throw new NoServerError(refusals)
  }

  async #attempt(known: Remembered, { connectionString }: Host, withinMs: number): Promise<{ client: pg.Client; kind: ServerKind }> {
    // The driver's own limit would count time in which we could not read.
    const client = new pg.Client({ ...this.#options, connectionString, connectionTimeoutMillis: 0 })
    client.on('error', () => {})
    this.#inner = client
    let isLate = false
    const giveUp = () => {
      isLate = true
      destroy(client)
    }
    const endLimits = [openLimit(withinMs, giveUp)]
    try {
      await client.connect()
      endLimits.push(openLimit(SETTLE_WITHIN_MS, giveUp))
      const kind = await prepareSession(client)
      if (isLate) throw new Error('Connection terminated: it did not answer in time')
      if (known.address.hosts.length > 1 && !kind.standby) await noteServer(known, client)
      return { client, kind }
    } catch (error) {
      dropNow(client)
      throw error
    } finally {
      for (const endLimit of endLimits) endLimit()
    }
  }

  #adopt(client: pg.Client, host: Host, { order, clients, gate }: Remembered) {
    putFirst(order, host)
    this.#inner = client
    if (this.#isEnding) {
      dropNow(client)
      throw new Error('Connection terminated')
    }
    client.on('error', () => (this.#isBroken = true))
    client.on('notice', ({ routine, message }) => {
      if (routine !== UNCONFIRMED) return
      // As if the connection had been lost before the answer came.
      connectionOf(client).emit('error', new UnconfirmedError(message))
      destroy(client)
    })
    for (const event of ['error', 'end', 'notification', 'notice', 'drain']) {
      client.on(event as 'end', (...told: unknown[]) => void this.emit(event, ...told))
    }
    clients.add(this)
    client.once('end', () => {
      clients.delete(this)
      gate?.leave()
    })
    this.#query = ((...asked: [string]) => client.query(...asked)) as pg.ClientBase['query']
  }

  get query(): pg.ClientBase['query'] {
    return this.#query
  }

  end(callback: () => void): void
  end(): Promise<void>
  end(callback?: () => void): Promise<void> | void {
    this.#isEnding = true
    const inner = this.#inner
    if (callback) return inner ? inner.end(callback) : callback()
    return inner ? inner.end() : Promise.resolve()
  }

  /** Closes the connection without a word, for when the server may not answer any more. */
  destroy() {
    this.#isEnding = true
    if (this.#inner) destroy(this.#inner)
  }

  ref() {
    ;(this.#inner as unknown as { ref(): void }).ref()
  }

  unref() {
    ;(this.#inner as unknown as { unref(): void }).unref()
  }

  get processID(): number | null {
    return (this.#inner as unknown as { processID: number | null } | undefined)?.processID ?? null
  }

  // The pool looks at these three of a client of the driver.
  get connection(): DriverConnection | undefined {
    return this.#inner && connectionOf(this.#inner)
  }

  get _queryable(): boolean {
    return !this.#isBroken
  }

  get _ending(): boolean {
    return this.#isEnding
  }
}

interface DriverConnection extends EventEmitter {
  readonly stream: Socket
}

function connectionOf(client: pg.Client): DriverConnection {
  return (client as unknown as { connection: DriverConnection }).connection
}

function destroy(client: pg.Client) {
  connectionOf(client).stream.destroy()
}

/** Says good-bye, and does not wait until the server has heard it. */
function dropNow(client: pg.Client) {
  client.end().catch(() => {})
  setImmediate(() => destroy(client))
}

function suits(wanted: Wanted, { standby, readOnly }: ServerKind): boolean {
  switch (wanted) {
    case 'any':
      return true
    case 'read-write':
      return !standby && !readOnly
    case 'read-only':
      return standby || readOnly
    case 'primary':
      return !standby
    case 'standby':
    case 'prefer-standby':
      return standby
    default:
      return wanted satisfies never
  }
}

/** What this process knows of the servers of an address. */
interface Remembered {
  readonly address: DatabaseAddress
  /** The hosts, the one that was good last first and the one that failed last at the end; changed in place. */
  readonly order: Host[]
  /** Its open connections. */
  readonly clients: Set<DatabaseClient>
  /** The primary that was found last. */
  primary: Primary | undefined
  /** No new connections are made for now. */
  isHeldBack: boolean
  /** Counts its connections together with those of other addresses. */
  gate: Gate | undefined
}

/** Lets so many through at a time; `enter` rejects when its time is over. */
export interface Gate {
  enter(withinMs: number): Promise<void>
  leave(): void
}

/** From now on the connections to this address are counted by the gate. Call it before the first one is made. */
export function countConnections(connectionString: string, gate: Gate) {
  rememberedOf(connectionString).gate = gate
}

/** While commits wait for a standby, a connection that is given up goes on waiting on the server. New ones are refused then, so that the server does not
 * run out of them. */
export function holdConnections(connectionString: string, isHeldBack: boolean) {
  rememberedOf(connectionString).isHeldBack = isHeldBack
}

function heldBack({ hosts }: DatabaseAddress): NoServerError {
  return new NoServerError([{ host: hosts[0]!.name, error: new Error('the standby that must confirm commits does not') }])
}

/** Which database it is, and which of its histories: a fail-over begins another, with a higher number. */
interface Primary {
  readonly system: string
  readonly timeline: string
}

const remembered = new Map<string, Remembered>()

/** Per address and process, so that after a fail-over all connections go where the first one found the new primary. */
function rememberedOf(connectionString: string): Remembered {
  let known = remembered.get(connectionString)
  if (!known) {
    const address = readDatabaseAddress(connectionString)
    remembered.set(
      connectionString,
      (known = { address, order: [...address.hosts], clients: new Set(), primary: undefined, isHeldBack: false, gate: undefined }),
    )
  }
  return known
}

const WHICH_PRIMARY = `
  select (select system_identifier::text from pg_control_system()) as system, left(pg_walfile_name(pg_current_wal_lsn()), 8) as timeline`

/** Connections to a primary that was replaced are closed when its successor is found: they would wait for a machine that is cut off, or read from
 * one that does not know yet that it was replaced. Such a one is not used again either. Where a role may not ask, each connection is believed. */
async function noteServer(known: Remembered, client: pg.Client): Promise<void> {
  const { rows } = await client.query<Primary>(WHICH_PRIMARY).catch(() => ({ rows: [] }))
  const found = rows[0]
  if (!found) return
  const { primary } = known
  if (primary?.system === found.system && found.timeline < primary.timeline)
    throw new WrongServerError('it is an old primary, which another has replaced')
  known.primary = found
  if (!primary || (primary.system === found.system && primary.timeline === found.timeline)) return
  for (const other of known.clients) other.destroy()
}

function putFirst(order: Host[], host: Host) {
  order.splice(order.indexOf(host), 1)
  order.unshift(host)
}

function putLast(order: Host[], host: Host) {
  order.splice(order.indexOf(host), 1)
  order.push(host)
}
