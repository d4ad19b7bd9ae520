import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FakeRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface FakeReply {
  readonly status?: number
  /** Sent as JSON; a text is sent as it stands. */
  readonly body: unknown
}

/** The HTTP part of a fake: what a gateway's case answers with is up to its `reply`. */
export interface FakeServer {
  readonly url: string
  isAway: boolean
  loseNextAnswer(): void
  readonly calls: readonly string[]
  close(): Promise<void>
}

export async function openFakeServer(reply: (request: FakeRequest) => FakeReply): Promise<FakeServer> {
  const calls: string[] = []
  const state = { isAway: false, losesNext: false }
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://fake')
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    if (state.isAway) return request.socket.destroy()
    calls.push(`${request.method} ${url.pathname}`)
    const body = Buffer.concat(chunks).toString('utf8')
    const told = reply({ method: request.method ?? '', path: url.pathname, query: url.searchParams, headers: request.headers, body })
    if (state.losesNext) {
      state.losesNext = false
      return request.socket.destroy()
    }
    response.writeHead(told.status ?? 200, { 'content-type': 'application/json' })
    return response.end(typeof told.body === 'string' ? told.body : JSON.stringify(told.body))
  }
  const server = createServer((request, response) => {
    answer(request, response).catch(() => request.socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get isAway() {
      return state.isAway
    },
    set isAway(away) {
      state.isAway = away
    },
    loseNextAnswer() {
      state.losesNext = true
    },
    calls,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
