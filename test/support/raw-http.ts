import { createConnection } from 'node:net'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'

export interface RawAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>
  readonly text: string
}

/** Sends exactly these bytes and reads one answer, on a connection that the server may keep open. */
export function exchangeBytes(url: string, bytes: Buffer): Promise<RawAnswer> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0)
    const socket = createConnection({ host: hostname, port: Number(port) }, () => socket.write(bytes))
    const look = (hasEnded: boolean) => {
      const answer = answerIn(received)
      if (answer) {
        socket.destroy()
        resolve(answer)
      } else if (hasEnded) reject(new Error(`No whole answer: ${received.toString()}`))
    }
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk])
      look(false)
    })
    socket.on('end', () => look(true))
    socket.on('error', reject)
  })
}

/** The answer, once all of it is there. Docket's answers say their length. */
function answerIn(received: Buffer): RawAnswer | undefined {
  const end = received.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const [first = '', ...lines] = received.toString('latin1', 0, end).split('\r\n')
  const headers = new Map(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]))
  const body = received.subarray(end + 4)
  if (body.length < Number(headers.get('content-length'))) return undefined
  return { status: Number(first.split(' ')[1]), headers, text: unpacked(body, headers.get('content-encoding')).toString() }
}

function unpacked(body: Buffer, encoding: string | undefined): Buffer {
  if (encoding === undefined) return body
  return encoding === 'br' ? brotliDecompressSync(body) : gunzipSync(body)
}
