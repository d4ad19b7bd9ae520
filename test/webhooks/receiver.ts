import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Receiver {
  readonly url: string
  readonly port: number
  readonly received: Received[]
  /** What it answers from now on. `hold`: nothing, until it is released. */
  answer: { status: number; headers?: Record<string, string> } | 'hold'
  /** Settles when so many messages have come. */
  until(count: number): Promise<void>
  /** Answers everything that is held. */
  release(): void
  close(): Promise<void>
}

/** A customer's server. */
export async function openReceiver(): Promise<Receiver> {
  const waiting: { count: number; resolve: () => void }[] = []
  let held: (() => void)[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      receiver.received.push({ path: request.url!, headers: request.headers, body: Buffer.concat(chunks).toString('utf8') })
      const { answer } = receiver
      if (answer === 'hold') held.push(() => response.writeHead(204).end())
      else response.writeHead(answer.status, answer.headers).end()
      for (const { count, resolve } of waiting) if (receiver.received.length >= count) resolve()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/hook`,
    port,
    received: [],
    answer: { status: 204 },
    until: (count) => (receiver.received.length >= count ? Promise.resolve() : new Promise((resolve) => waiting.push({ count, resolve }))),
    release() {
      held.forEach((answer) => answer())
      held = []
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  return receiver
}
