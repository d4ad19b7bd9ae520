import { MOST_STREAMS_OF_A_KEY } from '../../contract/extensions.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Caller } from '../customers/callers.ts'
import { checkExpiry } from '../customers/key-rights.ts'
import type { Queryable } from '../db/pool.ts'
import { isAnswer, type Refusal, refuse } from '../refusal.ts'
import { changes } from './changes.ts'
import type { ApiContext } from './context.ts'

/** The streams of a node: what `action=changes` tells, told at once, as Server-Sent Events. An event's id is the cursor behind
 * it, so whoever reconnects with Last-Event-ID goes on where it stopped, on any node. */
export interface Streams {
  /** Answers with a stream that stays open. Throws a Refusal before the first byte, and never after it. */
  open(caller: Caller, lastEventId: string | undefined, reply: FastifyReply): Promise<void>
  /** Something may have changed: looks once for all streams, soon. Costs nothing while there are none. */
  wake(): void
  /** Closes the streams whose keys were revoked since. */
  checkKeys(): void
  /** Ends all; they reconnect elsewhere. */
  end(): void
}

export interface StreamBounds {
  readonly perKey: number
  readonly perNode: number
  /** How often a stream is looked after: a comment keeps it open, and a missed notification is made up for. */
  readonly beatMs: number
}

const BOUNDS: StreamBounds = { perKey: MOST_STREAMS_OF_A_KEY, perNode: 2000, beatMs: 10_000 }
/** A client that has read nothing for so many beats is gone. */
const MOST_BEATS_UNREAD = 6
/** After this the client of a lost stream comes back. */
const RECONNECT_MS = 2000

interface Stream {
  readonly caller: Caller
  readonly response: FastifyReply['raw']
  cursor: string
  /** Lines and changes of the book when last looked at: equal means nothing new. */
  head: string
  pushing: boolean
  /** Woken while it was pushing. */
  again: boolean
  beatsUnread: number
}

/** An answer of `action=changes`. */
interface Page {
  readonly cursor: string
  readonly more: boolean
  readonly json: string
}

// Nothing else follows on its connection, and no proxy may hold it back.
const HEADERS = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no', connection: 'close' }

const HEADS = `
  select b.id, b.lines || '-' || coalesce(f.changes, 0) as head from books b left join feeds f on f.book_id = b.id
  where b.id = any($1::int[])`

export function openStreams(context: ApiContext, bounds: StreamBounds = BOUNDS): Streams {
  const streams = new Set<Stream>()
  let looking = false
  let lookAgain = false
  let beat: NodeJS.Timeout | undefined
  let ended = false

  async function open(caller: Caller, lastEventId: string | undefined, reply: FastifyReply): Promise<void> {
    checkBounds(caller)
    const { raw: response } = reply
    // Counted from here on, so that many at once cannot pass the bound together.
    const stream: Stream = { caller, response, cursor: '', head: '', pushing: true, again: false, beatsUnread: 0 }
    streams.add(stream)
    let first: Page
    try {
      // Without a cursor it begins now; with one it begins there, and a malformed one is refused.
      stream.cursor = lastEventId ?? (await headsOf(context.db, [caller.bookId])).get(caller.bookId)!
      first = await readPage(stream)
      if (ended) throw stopping()
    } catch (error) {
      streams.delete(stream)
      throw error
    }
    reply.hijack()
    // It left while we read: nothing will ever tell us again.
    if (response.destroyed) return forget(stream)
    response.on('close', () => forget(stream))
    response.on('error', () => forget(stream))
    response.on('drain', () => void push(stream))
    response.writeHead(200, { ...HEADERS, 'x-request-id': reply.request.id })
    response.write(`retry: ${RECONNECT_MS}\n\n${eventText('ready', stream.cursor, `{"cursor":"${stream.cursor}"}`)}`)
    send(stream, first)
    beat ??= setInterval(onBeat, bounds.beatMs).unref()
    stream.pushing = false
    if (first.more || stream.again) await push(stream)
  }

  function checkBounds(caller: Caller) {
    if (ended) throw stopping()
    if (streams.size >= bounds.perNode) throw refuse('overloaded', 'Too many streams are open')
    let own = 0
    for (const stream of streams) if (stream.caller.keyId === caller.keyId) own += 1
    if (own >= bounds.perKey) throw refuse('too_many_streams')
  }

  /** Sends what is new, page by page, no faster than the client reads. */
  async function push(stream: Stream): Promise<void> {
    if (stream.pushing) return void (stream.again = true)
    stream.pushing = true
    try {
      do {
        stream.again = false
        // What does not fit now is pushed when the client has read: nothing gathers here.
        if (stream.response.writableNeedDrain) break
        const page = await readPage(stream)
        if (!streams.has(stream)) break
        send(stream, page)
        stream.again ||= page.more
      } while (stream.again)
    } catch (error) {
      close(stream, error)
    } finally {
      stream.pushing = false
    }
  }

  async function readPage({ caller, cursor }: Stream): Promise<Page> {
    const json = await changes(context, { caller, parameters: { since: cursor } })
    return { ...(JSON.parse(json) as { cursor: string; more: boolean }), json }
  }

  function send(stream: Stream, { cursor, json }: Page) {
    if (cursor === stream.cursor) return
    stream.cursor = cursor
    stream.response.write(eventText('changes', cursor, json))
  }

  /** One statement for all streams, and pages only for those whose book moved. */
  async function look(): Promise<void> {
    if (looking) return void (lookAgain = true)
    looking = true
    try {
      do {
        lookAgain = false
        const all = [...streams]
        const heads = await headsOf(context.db, [...new Set(all.map((stream) => stream.caller.bookId))])
        for (const stream of all) {
          const head = heads.get(stream.caller.bookId)
          if (head === undefined || head === stream.head) continue
          stream.head = head
          void push(stream)
        }
      } while (lookAgain)
    } catch {
      // The database is away: the next beat looks again.
    } finally {
      looking = false
    }
  }

  function onBeat() {
    for (const stream of streams) {
      if (!stream.response.headersSent || hasExpired(stream)) continue
      stream.beatsUnread = stream.response.writableNeedDrain ? stream.beatsUnread + 1 : 0
      if (stream.beatsUnread > MOST_BEATS_UNREAD) stream.response.destroy()
      else if (stream.beatsUnread === 0) stream.response.write(':\n\n')
    }
    wake()
  }

  function hasExpired(stream: Stream): boolean {
    try {
      if (stream.caller.rights) checkExpiry(stream.caller.rights, context.now())
      return false
    } catch (error) {
      close(stream, error)
      return true
    }
  }

  function wake() {
    if (streams.size > 0) void look()
  }

  /** The last event says why; a fault of ours says nothing, and the client comes back. */
  function close(stream: Stream, error?: unknown) {
    forget(stream)
    if (!stream.response.headersSent) return
    if (isAnswer(error)) stream.response.write(`event: closed\ndata: ${JSON.stringify({ error: error.message })}\n\n`)
    // Whoever does not read, or leaves its half of the connection open, would keep us from closing.
    if (stream.response.writableNeedDrain) stream.response.destroy()
    else stream.response.end(() => stream.response.destroy())
  }

  function forget(stream: Stream) {
    streams.delete(stream)
    if (streams.size > 0) return
    clearInterval(beat)
    beat = undefined
  }

  return {
    open,
    wake,
    checkKeys() {
      for (const stream of streams) {
        context.checkKey(stream.caller).catch((error: unknown) => {
          if (isAnswer(error)) close(stream, error)
        })
      }
    },
    end() {
      ended = true
      for (const stream of streams) close(stream)
    },
  }
}

async function headsOf(db: Queryable, bookIds: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const { rows } = await db.query<{ id: number; head: string }>({ name: 'heads of books', text: HEADS, values: [bookIds] })
  return new Map(rows.map((row) => [row.id, row.head]))
}

function stopping(): Refusal {
  return refuse('draining')
}

/** JSON has no line ends, so an event's data is one line. */
function eventText(name: string, id: string, data: string): string {
  return `id: ${id}\nevent: ${name}\ndata: ${data}\n\n`
}

/** The key of `Authorization: Bearer …`. Never one in the address, which every proxy on the way writes down. */
export function bearerKey(request: FastifyRequest): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
}

export function lastEventId(request: FastifyRequest): string | undefined {
  const value = request.headers['last-event-id']
  return typeof value === 'string' && value !== '' ? value : undefined
}
