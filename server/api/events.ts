import { MOST_STREAMS_OF_A_KEY } from '../../contract/extensions.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Caller } from '../customers/callers.ts'
import { isAnswer, type Refusal, refuse } from '../refusal.ts'
import { headsOf } from './book-heads.ts'
import type { ApiContext } from './context.ts'
import { expiryOf, newStream, type Page, readPage, sendBeat, sendEnd, sendHead, sendPage, type Stream } from './stream.ts'

/** The streams of a node send the answers of `action=changes` at once, as Server-Sent Events. The id of an event is the cursor after it, so a
 * client that reconnects with Last-Event-ID continues where it stopped, on any node. */
export interface Streams {
  /** Answers with a stream that stays open. Throws a Refusal before the first byte, and never after it. */
  open(caller: Caller, lastEventId: string | undefined, reply: FastifyReply): Promise<void>
  /** Something may have changed: checks soon, once for all streams. Costs nothing while there are no streams. */
  wake(): void
  /** Closes the streams whose keys were revoked since. */
  checkKeys(): void
  /** Ends all streams; the clients reconnect to another node. */
  end(): void
}

export interface StreamBounds {
  readonly perKey: number
  readonly perNode: number
  /** How often each stream gets a comment that keeps it open, and is checked for changes whose notification was missed. */
  readonly beatMs: number
}

const BOUNDS: StreamBounds = { perKey: MOST_STREAMS_OF_A_KEY, perNode: 2000, beatMs: 10_000 }

export function openStreams(context: ApiContext, bounds: StreamBounds = BOUNDS): Streams {
  const streams = new Set<Stream>()
  const { push, look } = openPushing(context, streams, close)
  let beat: NodeJS.Timeout | undefined
  let ended = false

  async function open(caller: Caller, lastEventId: string | undefined, reply: FastifyReply): Promise<void> {
    if (ended) throw stopping()
    checkBounds(streams, caller, bounds)
    const { raw: response } = reply
    // The stream counts from here on, so that many at once cannot exceed the limit together.
    const stream = newStream(caller, response)
    streams.add(stream)
    let first: Page
    try {
      first = await readFirst(context, stream, lastEventId)
      if (ended) throw stopping()
    } catch (error) {
      streams.delete(stream)
      throw error
    }
    reply.hijack()
    // The client left while we read: no later event would tell us.
    if (response.destroyed) return forget(stream)
    response.on('close', () => forget(stream))
    response.on('error', () => forget(stream))
    response.on('drain', () => void push(stream))
    sendHead(stream, reply.request.id)
    sendPage(stream, first)
    beat ??= setInterval(onBeat, bounds.beatMs).unref()
    stream.pushing = false
    if (first.more || stream.again) await push(stream)
  }

  function onBeat() {
    for (const stream of streams) {
      if (!stream.response.headersSent) continue
      const expiry = expiryOf(stream, context.now())
      if (expiry) close(stream, expiry)
      else sendBeat(stream)
    }
    wake()
  }

  const wake = () => void (streams.size > 0 && look())

  function checkKeys() {
    for (const stream of streams) context.checkKey(stream.caller).catch((error: unknown) => isAnswer(error) && close(stream, error))
  }

  function end() {
    ended = true
    for (const stream of streams) close(stream)
  }

  function close(stream: Stream, error?: unknown) {
    forget(stream)
    sendEnd(stream, error)
  }

  function forget(stream: Stream) {
    streams.delete(stream)
    if (streams.size > 0) return
    clearInterval(beat)
    beat = undefined
  }

  return { open, wake, checkKeys, end }
}

/** Without a cursor the stream begins now; with one it begins there. A malformed cursor is refused. */
async function readFirst(context: ApiContext, stream: Stream, lastEventId: string | undefined): Promise<Page> {
  const { bookId } = stream.caller
  const since = performance.now()
  stream.cursor = lastEventId ?? (await headsOf(context.db, [bookId])).get(bookId)!
  return confirmedPage(context, stream, since)
}

/** What an event tells may not be lost by a fail-over afterwards. */
async function confirmedPage(context: ApiContext, stream: Stream, since = performance.now()): Promise<Page> {
  const page = await readPage(context, stream)
  if (context.confirming.isAsked()) await context.confirming.confirmed(since)
  return page
}

function checkBounds(streams: ReadonlySet<Stream>, { keyId }: Caller, { perNode, perKey }: StreamBounds) {
  if (streams.size >= perNode) throw refuse('overloaded', 'Too many streams are open')
  let own = 0
  for (const stream of streams) if (stream.caller.keyId === keyId) own += 1
  if (own >= perKey) throw refuse('too_many_streams')
}

/** Sends new changes to the streams whose book moved. `close` is called with a stream that failed. */
function openPushing(context: ApiContext, streams: ReadonlySet<Stream>, close: (stream: Stream, error: unknown) => void) {
  let looking = false
  let lookAgain = false

  /** One statement for all streams, and pages only for those whose book moved. */
  async function look(): Promise<void> {
    if (looking) return void (lookAgain = true)
    looking = true
    try {
      do {
        lookAgain = false
        await lookOnce()
      } while (lookAgain)
    } catch {
      // The database is away: the next beat checks again.
    } finally {
      looking = false
    }
  }

  async function lookOnce(): Promise<void> {
    const all = [...streams]
    const heads = await headsOf(context.db, [...new Set(all.map((stream) => stream.caller.bookId))])
    for (const stream of all) {
      const head = heads.get(stream.caller.bookId)
      if (head === undefined || head === stream.head) continue
      stream.head = head
      void push(stream)
    }
  }

  /** Sends page by page, no faster than the client reads. */
  async function push(stream: Stream): Promise<void> {
    if (stream.pushing) return void (stream.again = true)
    stream.pushing = true
    try {
      do {
        stream.again = false
        // When the client's buffer is full, the rest is sent after the client has read: nothing is stored here.
        if (stream.response.writableNeedDrain) break
        const page = await confirmedPage(context, stream)
        if (!streams.has(stream)) break
        sendPage(stream, page)
        stream.again ||= page.more
      } while (stream.again)
    } catch (error) {
      close(stream, error)
    } finally {
      stream.pushing = false
    }
  }

  return { look, push }
}

function stopping(): Refusal {
  return refuse('draining')
}

/** The key in `Authorization: Bearer …`. A key in the address is never accepted, because every proxy on the way logs it. */
export function bearerKey(request: FastifyRequest): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
}

export function lastEventId(request: FastifyRequest): string | undefined {
  const value = request.headers['last-event-id']
  return typeof value === 'string' && value !== '' ? value : undefined
}
