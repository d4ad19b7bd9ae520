import { Client } from 'undici'

export interface Answer {
  readonly status: number
  readonly body: any
}

/** A client's kept connection to one node. Times out by nothing but its own bound, so that a hang is seen. */
export interface Line {
  /** Rejects when the connection breaks, and with `Hung` when no answer came within the bound. `leaveAfter`: the client leaves then. */
  ask(parameters: Readonly<Record<string, string>>, boundMs: number, leaveAfter?: number): Promise<Answer>
  close(): Promise<void>
}

export class Hung extends Error {}

export function openLine(url: string, localAddress: string): Line {
  const client = new Client(url, {
    localAddress,
    headersTimeout: 0,
    bodyTimeout: 0,
    connectTimeout: 10_000,
    keepAliveTimeout: 60_000,
    pipelining: 1,
  })
  client.on('connectionError', () => {})
  return {
    async ask(parameters, boundMs, leaveAfter) {
      const leaving = new AbortController()
      let hung = false
      const timer = setTimeout(() => {
        hung = leaveAfter === undefined
        leaving.abort()
      }, leaveAfter ?? boundMs)
      try {
        const response = await client.request({
          method: 'POST',
          path: '/api/v2',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams(parameters).toString(),
          signal: leaving.signal,
        })
        const text = await response.body.text()
        return { status: response.statusCode, body: JSON.parse(text) }
      } catch (error) {
        if (hung) throw new Hung(`no answer within ${boundMs} ms`, { cause: error })
        throw error
      } finally {
        clearTimeout(timer)
      }
    },
    close: () => client.destroy().catch(() => {}),
  }
}

/** A status of one of the node's own pages; undefined when nobody answers in time. */
export async function pageStatus(url: string, withinMs: number): Promise<number | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(withinMs) })
    await response.text()
    return response.status
  } catch {
    return undefined
  }
}
