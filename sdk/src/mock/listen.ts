import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

type Answer = (url: string, init: RequestInit) => Promise<Response>

/** The mock at a real address. */
export async function listenOn(answer: Answer, port: number): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const server = createServer((request, response) => void serve(answer, request, response))
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v2`,
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

async function serve(answer: Answer, request: IncomingMessage, response: ServerResponse) {
  const chunks: Uint8Array[] = []
  for await (const chunk of request) chunks.push(chunk as Uint8Array)
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[name, value]] : [],
  )
  const body = chunks.length > 0 ? { body: Buffer.concat(chunks).toString('utf8') } : {}
  try {
    const answered = await answer(`http://${request.headers.host}${request.url}`, {
      method: request.method ?? 'GET',
      headers,
      signal: gone.signal,
      ...body,
    })
    response.writeHead(answered.status, Object.fromEntries(answered.headers)).end(await answered.text())
  } catch {
    // A lost reply, at a real address: the connection breaks.
    request.socket.destroy()
  }
}
