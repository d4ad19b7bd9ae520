import pg from 'pg'

export interface News {
  /** False while nobody listens: what is remembered may be out of date, so nothing may be answered from memory. */
  readonly isHeard: () => boolean
  stop(): Promise<void>
}

const RETRY_MS = 250
const CONNECT_WITHIN_MS = 5000

/** Listens for changes that other nodes and the command line make. `changed` is called with the channel of each, and with
 * every channel whenever the connection was lost and found again: what was said meanwhile is not known. */
export async function listen(connectionString: string, channels: readonly string[], changed: (channel: string) => void): Promise<News> {
  let heard = false
  let stopped = false
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined

  async function connect(): Promise<void> {
    const fresh = new pg.Client({
      connectionString,
      application_name: 'docket listen',
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_WITHIN_MS,
    })
    client = fresh
    let lost = false
    const lose = () => {
      if (lost) return
      lost = true
      heard = false
      if (stopped) return
      channels.forEach(changed)
      timer = setTimeout(() => void connect().catch(() => {}), RETRY_MS)
    }
    fresh.on('error', lose)
    fresh.on('end', lose)
    fresh.on('notification', (message) => changed(message.channel))
    try {
      await fresh.connect()
      for (const channel of channels) await fresh.query(`listen ${channel}`)
      heard = !lost
      channels.forEach(changed)
    } catch (error) {
      lose()
      await fresh.end().catch(() => {})
      throw error
    }
  }

  await connect().catch((error: unknown) => {
    stopped = true
    clearTimeout(timer)
    throw error
  })
  return {
    isHeard: () => heard,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await client?.end().catch(() => {})
    },
  }
}
