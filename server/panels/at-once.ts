import type { IncomingMessage, ServerResponse } from 'node:http'

/** So many requests of one child are worked on at once: what they take of the event loop, the requests of the others wait for. */
const MOST_AT_ONCE = 100

/** Lets so many requests in at a time. */
export interface AtOnce {
  /** False when so many are worked on already: it is to be answered at once that it may come again. */
  enter(request: IncomingMessage, response: ServerResponse): boolean
}

/** A flood at one panel is refused beyond this, before anything is read of it, so that it does not take the event loop from the others. */
export function openAtOnce(most: number = MOST_AT_ONCE): AtOnce {
  const inside = new Set<Inside>()
  return {
    enter(request, response) {
      if (inside.size >= most && countWorked(inside) >= most) return false
      const entered = { request, response }
      inside.add(entered)
      response.once('close', () => inside.delete(entered))
      return true
    },
  }
}

interface Inside {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** Without those whose answer has begun, like a stream of changes, and those that are still being received: neither is work. */
function countWorked(inside: Set<Inside>): number {
  let count = 0
  for (const each of inside) {
    if (each.response.headersSent) inside.delete(each)
    else if (each.request.complete) count += 1
  }
  return count
}
