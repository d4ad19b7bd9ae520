import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** What to do with a piece of what a client says: hand it on, cut before the server has it, or cut once the server has
 * answered it, with the answer kept back. */
export type Verdict = 'pass' | 'cut before' | 'cut after'

/** A line between a node and PostgreSQL that can be cut, frozen and taken away at chosen moments. */
export interface Proxy {
  /** The address of the database through this line. */
  readonly url: string
  /** Asked for each piece that a client sends. */
  judge: (piece: Buffer) => Verdict
  /** How often judge() has cut. */
  readonly cuts: () => number
  /** Nothing passes on the connections that exist, and on new ones as well unless told otherwise: in both directions, or in one, when half of
   * the connection is cut. */
  freeze(options?: { newOnes: boolean; direction?: Direction }): void
  /** Nothing passes any more on the connections of that application name; new ones pass. */
  freezeThoseOf(applicationName: string): void
  /** Swallows what the server sends by itself, as a pooler does that hands each statement to another of its connections. */
  withholdNotifications: boolean
  /** What was kept back passes now. */
  thaw(): void
  /** Cuts every connection and refuses new ones. */
  goAway(): void
  comeBack(): void
  close(): Promise<void>
}

export type Direction = 'both' | 'to server' | 'to client'

interface Line {
  readonly client: Socket
  readonly server: Socket
  frozen: Direction | undefined
  /** Its first words: who it is. */
  introduction: string
  readonly kept: (() => void)[]
}

/** ReadyForQuery, in no transaction: the last that PostgreSQL says to a statement, after the commit. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49])

/** NotificationResponse; told to an idle listener it comes in a piece of its own. */
const NOTIFICATION = 'A'.charCodeAt(0)

export async function openProxy(databaseUrl: string): Promise<Proxy> {
  const target = targetOf(databaseUrl)
  const lines = new Set<Line>()
  let away = false
  let freezeNew: Direction | undefined
  let cuts = 0

  const listener = createServer((client) => {
    client.on('error', () => {})
    if (away) {
      client.destroy()
      return
    }
    const server = connect(target)
    server.on('error', () => client.destroy())
    const line: Line = { client, server, frozen: freezeNew, introduction: '', kept: [] }
    lines.add(line)
    let keepBack = false
    const cut = () => {
      cuts += 1
      end(line)
    }
    const whenOpen = (way: Direction, act: () => void) => (line.frozen === 'both' || line.frozen === way ? void line.kept.push(act) : act())
    client.on('data', (piece: Buffer) => {
      line.introduction ||= piece.toString('latin1')
      whenOpen('to server', () => {
        const verdict = keepBack ? 'cut after' : proxy.judge(piece)
        keepBack = verdict === 'cut after'
        if (verdict === 'cut before') cut()
        else server.write(piece)
      })
    })
    server.on('data', (piece: Buffer) =>
      whenOpen('to client', () => {
        if (proxy.withholdNotifications && piece[0] === NOTIFICATION) return
        if (!keepBack) client.write(piece)
        else if (piece.subarray(-READY.length).equals(READY)) cut()
      }),
    )
    for (const [socket, other, way] of [
      [client, server, 'to server'],
      [server, client, 'to client'],
    ] as const) {
      socket.on('close', () => {
        whenOpen(way, () => {
          lines.delete(line)
          other.destroy()
        })
      })
    }
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))

  const end = (line: Line) => {
    line.frozen = undefined
    line.client.destroy()
    line.server.destroy()
    lines.delete(line)
  }
  const proxy: Proxy = {
    url: throughPort(databaseUrl, (listener.address() as AddressInfo).port),
    judge: () => 'pass',
    cuts: () => cuts,
    freeze({ newOnes, direction = 'both' } = { newOnes: true }) {
      freezeNew = newOnes ? direction : undefined
      for (const line of lines) line.frozen = direction
    },
    freezeThoseOf(applicationName) {
      for (const line of lines) if (line.introduction.includes(applicationName)) line.frozen = 'both'
    },
    withholdNotifications: false,
    thaw() {
      freezeNew = undefined
      for (const line of lines) {
        line.frozen = undefined
        for (const act of line.kept.splice(0)) act()
      }
    },
    goAway() {
      away = true
      for (const line of lines) end(line)
    },
    comeBack() {
      away = false
    },
    async close() {
      for (const line of lines) end(line)
      await new Promise((resolve) => listener.close(resolve))
    },
  }
  return proxy
}

/** A socket's path where the address names a directory, else host and port. */
function targetOf(databaseUrl: string): { path: string } | { host: string; port: number } {
  const url = new URL(databaseUrl)
  const host = url.searchParams.get('host') ?? url.hostname
  const port = Number(url.searchParams.get('port') ?? (url.port || 5432))
  return host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port }
}

function throughPort(databaseUrl: string, port: number): string {
  const url = new URL(databaseUrl)
  url.searchParams.delete('host')
  url.searchParams.delete('port')
  url.hostname = '127.0.0.1'
  url.port = String(port)
  return url.toString()
}
