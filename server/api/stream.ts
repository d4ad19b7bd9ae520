import type { FastifyReply } from 'fastify'
import type { Caller } from '../customers/callers.ts'
import { checkExpiry } from '../customers/key-rights.ts'
import { isAnswer } from '../refusal.ts'
import { changes } from './changes.ts'
import type { ApiContext } from './context.ts'

/** One stream: its caller, its connection, and the cursor up to which changes were sent. */
export interface Stream {
  readonly caller: Caller
  readonly response: FastifyReply['raw']
  cursor: string
  /** Lines and changes of the book at the last check: if they are equal, nothing is new. */
  head: string
  pushing: boolean
  /** It was woken while it was pushing. */
  again: boolean
  beatsUnread: number
}

/** An answer of `action=changes`. */
export interface Page {
  readonly cursor: string
  readonly more: boolean
  readonly json: string
}

/** A client that has read nothing for this number of beats counts as gone. */
const MOST_BEATS_UNREAD = 6
/** After this time the client of a lost stream reconnects. */
const RECONNECT_MS = 2000

// The connection is not used for anything else afterwards, and no proxy may buffer it.
const HEADERS = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no', connection: 'close' }

/** A stream that is still being opened: if something wakes it, it is checked once it is open. */
export function newStream(caller: Caller, response: FastifyReply['raw']): Stream {
  return { caller, response, cursor: '', head: '', pushing: true, again: false, beatsUnread: 0 }
}

export async function readPage(context: ApiContext, { caller, cursor }: Stream): Promise<Page> {
  const json = await changes(context, { caller, parameters: { since: cursor } })
  return { ...(JSON.parse(json) as { cursor: string; more: boolean }), json }
}

export function sendHead({ response, cursor }: Stream, requestId: string): void {
  response.writeHead(200, { ...HEADERS, 'x-request-id': requestId })
  response.write(`retry: ${RECONNECT_MS}\n\n${eventText('ready', cursor, `{"cursor":"${cursor}"}`)}`)
}

export function sendPage(stream: Stream, { cursor, json }: Page): void {
  if (cursor === stream.cursor) return
  stream.cursor = cursor
  stream.response.write(eventText('changes', cursor, json))
}

/** Sends a comment that keeps the connection open; cuts off a client that has read nothing for long. */
export function sendBeat(stream: Stream): void {
  stream.beatsUnread = stream.response.writableNeedDrain ? stream.beatsUnread + 1 : 0
  if (stream.beatsUnread > MOST_BEATS_UNREAD) stream.response.destroy()
  else if (stream.beatsUnread === 0) stream.response.write(':\n\n')
}

/** The last event says why the stream ended; a fault of ours sends no reason, and the client reconnects. */
export function sendEnd({ response }: Stream, error: unknown): void {
  if (!response.headersSent) return
  if (isAnswer(error)) response.write(`event: closed\ndata: ${JSON.stringify({ error: error.message })}\n\n`)
  // A client that does not read, or leaves its half of the connection open, would keep the server from closing.
  if (response.writableNeedDrain) response.destroy()
  else response.end(() => response.destroy())
}

/** The refusal of a key that has expired since the stream began; undefined while it is valid. */
export function expiryOf({ caller }: Stream, now: Date): unknown {
  try {
    if (caller.rights) checkExpiry(caller.rights, now)
    return undefined
  } catch (error) {
    return error
  }
}

/** JSON text has no line breaks, so an event's data is one text line. */
function eventText(name: string, id: string, data: string): string {
  return `id: ${id}\nevent: ${name}\ndata: ${data}\n\n`
}
