import type { Encoded } from './encode.ts'
import { type Connection, openConnection } from './connection.ts'
import type { Chance } from './random.ts'
import { anyRequest, hostOf, type Mix } from './requests.ts'

/** What came of what was sent. */
export interface Found {
  /** How often each status was answered; 0: the connection was cut instead. */
  readonly statuses: Map<number, number>
  /** Requests that got a 5xx other than 503. */
  readonly failed: string[]
}

export interface Sending {
  readonly port: number
  readonly chance: Chance
  /** What is asked now; it may change while requests are sent. */
  readonly mix: () => Mix
  readonly most: number
  readonly connections: number
  readonly pipelined: number
  /** Ends the sending before all was sent. */
  readonly isOver: () => boolean
  readonly onFailed: (text: string) => void
}

/** How often a client goes away in the middle of a request. */
const LEAVING = 0.002

/** As many as may be under way together. */
const MOST_KEPT = 128

export interface Sender {
  readonly found: Found
  readonly sent: () => number
  /** What waits for an answer, and behind it what was cut off last without one. */
  readonly unanswered: () => Encoded[]
  /** Settles when all is answered, or the sending is over. */
  readonly done: Promise<unknown>
  readonly isDone: () => boolean
}

export function startSending(sending: Sending): Sender {
  const found: Found = { statuses: new Map(), failed: [] }
  const cutOff: Encoded[] = []
  const connections = Array.from({ length: sending.connections }, () => openConnection(sending.port))
  let sent = 0
  let busy = connections.length
  const done = Promise.all(connections.map((connection) => keepBusy(connection)))
  return {
    found,
    sent: () => sent,
    isDone: () => busy === 0,
    unanswered: () => [...connections.flatMap((connection) => connection.waiting()), ...cutOff.toReversed()],
    done,
  }

  /** Sends as many as may be under way, and one more for each answer. */
  function keepBusy(connection: Connection): Promise<void> {
    let isClosed = false
    return new Promise((resolve) => {
      const more = () => {
        while (mayGoOn() && connection.waiting().length < sending.pipelined) sendOne(connection, more)
        if (mayGoOn() || (!sending.isOver() && connection.waiting().length > 0) || isClosed) return
        isClosed = true
        busy -= 1
        connection.close()
        resolve()
      }
      more()
    })
  }

  function mayGoOn(): boolean {
    return sent < sending.most && !sending.isOver()
  }

  function sendOne(connection: Connection, more: () => void) {
    sent += 1
    const request = anyRequest(sending.chance, sending.mix())
    const take = (status: number) => {
      found.statuses.set(status, (found.statuses.get(status) ?? 0) + 1)
      if (status === 0 && cutOff.push(request) > MOST_KEPT) cutOff.shift()
      if (status >= 500 && status !== 503) {
        const text = `${status} ${textOf(request)}`
        found.failed.push(text)
        sending.onFailed(text)
      }
      setImmediate(more)
    }
    const host = hostOf(sending.chance)
    if (sending.chance.often(LEAVING)) connection.leaveWithin(request, host, sending.chance.next(), take)
    else connection.send(request, host, take)
  }
}

/** A request in one line. */
export function textOf({ method, path, body }: Encoded): string {
  return `${method} ${path.slice(0, 500)} ${body?.toString('utf8').slice(0, 1000) ?? ''}`.replaceAll(/\s+/g, ' ')
}
