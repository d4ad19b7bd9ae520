import { randomBytes } from 'node:crypto'
import { DatabaseClient } from './client.ts'
import { IS_ASKED } from './confirming.ts'
import type { Database } from './pool.ts'

export interface News {
  /** False while changes may be missed: data in memory may be outdated, so nothing may be answered from memory. */
  readonly isHeard: () => boolean
  /** Gives up the connection and makes it anew, because what it says may come from a server that was replaced. */
  reconnect(): void
  stop(): Promise<void>
}

interface Listening {
  readonly connectionString: string
  /** The name of its connection in pg_stat_activity. */
  readonly name: string
  /** Sends the heartbeats, on another connection than the one that listens. */
  readonly db: Database
  readonly channels: readonly string[]
  /** Called with the channel of each change, and with every channel whenever the connection was lost and made again, because changes may have
   * been missed meanwhile. */
  readonly changed: (channel: string) => void
  /** Called when the connection was lost: the next one may lead to another server, or to an older state of this one. */
  readonly lost: () => void
  /** Called with each heartbeat that was sent: whether commits wait for a standby. Asked in the same statement, so that it costs nothing. */
  readonly onBeat: (waitsForStandby: boolean) => void
  /** It was told already that nothing will be heard. */
  readonly isKnownDeaf: boolean
  /** Called with a sentence when the listener stops hearing its heartbeat, and when it hears it again, once each. */
  readonly onEvent: (message: string, level: 'warn' | 'info') => void
}

const RETRY_MS = 250
const CONNECT_WITHIN_MS = 5000
const BEAT_EVERY_MS = 5000
/** Three beats, because one may be late on a busy machine. */
const DEAF_AFTER_MS = 15_000
const GOODBYE_WITHIN_MS = 1000
/** How long a start waits for its first beat. */
const FIRST_BEAT_WITHIN_MS = 1000

export const HEARTBEAT = `select pg_notify($1, ''), ${IS_ASKED} as "waitsForStandby"`

/** Listens for changes made by other nodes and by commands. A connection that died silently, or a pooler that sends each statement over another
 * server connection, looks alive but delivers nothing. So the listener sends itself a heartbeat through the pool, and data in memory is trusted
 * only while the heartbeat arrives. */
export async function listen(listening: Listening): Promise<News> {
  const listener = openListener(listening)
  try {
    await listener.connect()
  } catch (error) {
    await listener.stop()
    throw error
  }
  return listener
}

function openListener(listening: Listening) {
  const { db, channels, changed, lost } = listening
  const ownChannel = `docket_heartbeat_${randomBytes(8).toString('hex')}`
  const hearing = openHearing(listening)
  let stopped = false
  let client: DatabaseClient | undefined
  let loseCurrent = () => {}
  let retry: NodeJS.Timeout | undefined

  const beat = () =>
    void db.query<{ waitsForStandby: boolean }>({ name: 'heartbeat', text: HEARTBEAT, values: [ownChannel] }).then(
      ({ rows }) => listening.onBeat(rows[0]!.waitsForStandby),
      () => {},
    )
  const beating = setInterval(beat, BEAT_EVERY_MS)

  async function connect(): Promise<void> {
    const fresh = (client = clientFor(listening))
    const lose = () => {
      if (client !== fresh) return
      client = undefined
      hearing.lose()
      fresh.destroy()
      if (stopped) return
      lost()
      channels.forEach(changed)
      retry = setTimeout(() => void connect().catch(() => {}), RETRY_MS)
    }
    loseCurrent = lose
    fresh.on('error', lose)
    fresh.on('end', lose)
    fresh.on('notification', ({ channel }: { channel: string }) => {
      if (client !== fresh) return
      if (channel === ownChannel) hearing.hear(lose)
      else changed(channel)
    })
    try {
      await fresh.connect()
      for (const channel of [...channels, ownChannel]) await fresh.query(`listen ${channel}`)
    } catch (error) {
      lose()
      throw error
    }
    const first = hearing.begin(lose)
    beat()
    await first
    // Changes before it began to listen may have been missed.
    if (client === fresh) channels.forEach(changed)
  }

  return {
    connect,
    isHeard: hearing.isHeard,
    reconnect: () => loseCurrent(),
    async stop() {
      stopped = true
      clearTimeout(retry)
      clearInterval(beating)
      hearing.stop()
      const last = client
      client = undefined
      const patience = setTimeout(() => last?.destroy(), GOODBYE_WITHIN_MS)
      await last?.end().catch(() => {})
      clearTimeout(patience)
    },
  }
}

function clientFor({ connectionString, name }: Listening): DatabaseClient {
  return new DatabaseClient({
    connectionString,
    application_name: name,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    query_timeout: CONNECT_WITHIN_MS,
  })
}

/** Whether the listener receives its own heartbeat. `lose` gives up a connection on which nothing is received. */
function openHearing({ onEvent, isKnownDeaf }: Pick<Listening, 'onEvent' | 'isKnownDeaf'>) {
  let heard = false
  let deaf = isKnownDeaf
  let silence: NodeJS.Timeout | undefined
  let firstBeat = () => {}

  function listenOn(lose: () => void) {
    clearTimeout(silence)
    silence = setTimeout(() => goDeaf(lose), DEAF_AFTER_MS)
  }

  function goDeaf(lose: () => void) {
    if (!deaf)
      onEvent(
        `this node has not heard its own heartbeat for ${DEAF_AFTER_MS / 1000} s and so would not hear changes of prices and keys: it asks the database each time, which is slower, and listens on a new connection. A PgBouncer between Docket and PostgreSQL must be in session mode.`,
        'warn',
      )
    deaf = true
    lose()
  }

  return {
    isHeard: () => heard,
    /** Settles at the first beat, or when a start has waited long enough for it. */
    begin(lose: () => void): Promise<void> {
      listenOn(lose)
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, FIRST_BEAT_WITHIN_MS)
        firstBeat = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    },
    hear(lose: () => void) {
      heard = true
      if (deaf) onEvent('changes of prices and keys are heard again', 'info')
      deaf = false
      firstBeat()
      listenOn(lose)
    },
    lose() {
      heard = false
      clearTimeout(silence)
    },
    stop() {
      clearTimeout(silence)
      firstBeat()
    },
  }
}
