import type { FastifyReply, FastifyRequest } from 'fastify'
import { ANSWER_WITHIN_MS, databaseAway, LOOK_EVERY_MS, notKnownWhetherDone } from '../deadline.ts'

export interface RequestsUnderWay {
  begin(request: FastifyRequest, reply: FastifyReply): void
  readonly count: () => number
  /** The callback runs each time the last request under way was answered, or its connection closed. */
  onNone(callback: () => void): void
  stop(): void
}

interface UnderWay {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  /** The number of checks made before the request arrived: cheaper than reading a clock. */
  arrivedAtLook: number
}

/** Queues and statements have shorter limits of their own, and their refusals say more. */
const LOOKS_ALLOWED = Math.ceil((ANSWER_WITHIN_MS + 500) / LOOK_EVERY_MS)

/** Counts the requests under way, and answers 503 to those whose time is over, whatever they wait for. */
export function openRequestsUnderWay(): RequestsUnderWay {
  // The places of the list are reused: a list that grows and shrinks with each request would keep finished requests in memory (docs/decisions/0021).
  const places: (UnderWay | undefined)[] = []
  const free: number[] = []
  let count = 0
  let looks = 0
  let whenNone = () => {}
  let timer: NodeJS.Timeout | undefined

  function begin(request: FastifyRequest, reply: FastifyReply) {
    const place = free.pop() ?? places.length
    places[place] = { request, reply, arrivedAtLook: looks }
    count += 1
    timer ??= setInterval(look, LOOK_EVERY_MS).unref()
    reply.raw.once('close', () => {
      places[place] = undefined
      free.push(place)
      count -= 1
      if (count === 0) whenNone()
    })
  }

  function look() {
    looks += 1
    if (count === 0) return stop()
    for (const underWay of places) {
      if (!underWay || looks - underWay.arrivedAtLook < LOOKS_ALLOWED) continue
      // A request that is still being received has not arrived, and has a time limit of its own.
      if (!underWay.request.raw.complete) underWay.arrivedAtLook = looks
      else {
        underWay.arrivedAtLook = Infinity
        answerOverdue(underWay)
      }
    }
  }

  function stop() {
    clearInterval(timer)
    timer = undefined
  }

  return { begin, count: () => count, onNone: (callback) => (whenNone = callback), stop }
}

/** A stream sent its headers long ago; it is not a request that waits for an answer. */
function answerOverdue({ request, reply }: UnderWay) {
  if (reply.sent || reply.raw.headersSent) return
  void reply.send(onlyReads(request) ? databaseAway() : notKnownWhetherDone())
}

/** The customers' API takes orders by GET too, so a GET there is not only a read. */
function onlyReads({ method, url }: FastifyRequest): boolean {
  return (method === 'GET' || method === 'HEAD') && !/^\/api2?\/v2/.test(url)
}
