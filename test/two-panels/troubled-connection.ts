import http from 'node:http'

export interface Trouble {
  /** Shares of calls, 0 to 1. */
  readonly lostReplies: number
  readonly htmlErrors: number
  readonly slowAnswers: number
}

export interface TroubledLine {
  readonly url: string
  /** While cut, every call is reset before it arrives. */
  cut(isCut: boolean): void
  /** From now on it only passes on. */
  heal(): void
  readonly counts: { calls: number; lost: number; html: number; slow: number; reset: number }
  close(): Promise<void>
}

const SLOW_MS = 1500
const HTML = '<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>'

/** An HTTP connection between two panels that loses replies, answers error pages and is slow, by the dice of a seed. */
export async function openTroubledLine(target: () => string, trouble: Trouble, seed: number): Promise<TroubledLine> {
  const dice = seeded(seed)
  const counts = { calls: 0, lost: 0, html: 0, slow: 0, reset: 0 }
  let isCut = false
  let healed = false

  const server = http.createServer((request, response) => {
    counts.calls += 1
    if (isCut) {
      counts.reset += 1
      return void request.socket.destroy()
    }
    const fate = healed ? 1 : dice()
    const { lostReplies, htmlErrors, slowAnswers } = trouble
    if (fate < lostReplies) return forward(request, response, () => ((counts.lost += 1), response.destroy()))
    if (fate < lostReplies + htmlErrors) {
      counts.html += 1
      // Half of the error pages come from a proxy whose server did take the order.
      const answer = () => response.writeHead(502, { 'content-type': 'text/html' }).end(HTML)
      return dice() < 0.5 ? forward(request, response, answer) : void request.resume().on('end', answer)
    }
    if (fate < lostReplies + htmlErrors + slowAnswers) {
      counts.slow += 1
      return forward(request, response, (status, body) => setTimeout(() => pass(response, status, body), SLOW_MS))
    }
    return forward(request, response, (status, body) => pass(response, status, body))
  })

  function forward(request: http.IncomingMessage, response: http.ServerResponse, answer: (status: number, body: Buffer) => void) {
    const onward = http.request(`${target()}${request.url}`, { method: request.method, headers: request.headers }, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('end', () => answer(incoming.statusCode ?? 502, Buffer.concat(chunks)))
      incoming.on('error', () => response.destroy())
    })
    onward.on('error', () => response.destroy())
    request.pipe(onward)
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}`,
    cut: (value) => (isCut = value),
    heal: () => (healed = true),
    counts,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

function pass(response: http.ServerResponse, status: number, body: Buffer) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body)
}

/** mulberry32: the same seed throws the same dice. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
