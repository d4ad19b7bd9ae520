import { connect, type Socket } from 'node:net'
import type { Encoded } from './encode.ts'

/** What came of a request: its status; 0 when the connection was cut before the answer. */
export type Outcome = (status: number) => void

/** A kept connection that sends without waiting for answers, as pipelining clients do. Opens itself again when it was cut. */
export interface Connection {
  readonly waiting: () => number
  send(request: Encoded, host: string, onOutcome: Outcome): void
  close(): void
}

export function openConnection(port: number): Connection {
  let socket: Socket | undefined
  let outcomes: Outcome[] = []
  let read: Buffer = Buffer.alloc(0)

  function cut(gone: Socket) {
    if (gone !== socket) return
    const lost = outcomes
    outcomes = []
    read = Buffer.alloc(0)
    socket = undefined
    gone.destroy()
    for (const onOutcome of lost) onOutcome(0)
  }

  function open(): Socket {
    const own = connect(port, '127.0.0.1').setNoDelay()
    own.on('data', (chunk) => take(own, chunk))
    own.on('error', () => cut(own))
    own.on('close', () => cut(own))
    return own
  }

  function take(own: Socket, chunk: Buffer) {
    if (own !== socket) return
    read = read.length === 0 ? chunk : Buffer.concat([read, chunk])
    for (;;) {
      const answer = answerIn(read)
      if (!answer) return
      read = read.subarray(answer.length)
      outcomes.shift()?.(answer.status)
      if (answer.isLast) return cut(own)
      if (own !== socket) return
    }
  }

  return {
    waiting: () => outcomes.length,
    send({ method, path, headers, body }, host, onOutcome) {
      socket ??= open()
      outcomes.push(onOutcome)
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
      const length = body ? `content-length: ${body.length}\r\n` : ''
      const head = Buffer.from(`${method} ${path} HTTP/1.1\r\nhost: ${host}\r\n${lines.join('')}${length}\r\n`, 'latin1')
      socket.write(body ? Buffer.concat([head, body]) : head)
    },
    close() {
      socket?.destroy()
      socket = undefined
    },
  }
}

/** The first whole answer of what was read; undefined when it has not all arrived. */
function answerIn(read: Buffer): { readonly status: number; readonly length: number; readonly isLast: boolean } | undefined {
  const end = read.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const head = read.toString('latin1', 0, end).toLowerCase()
  const status = Number(head.slice(9, 12))
  const isLast = head.includes('\r\nconnection: close')
  const body = end + 4
  if (status === 304 || status === 204) return { status, length: body, isLast }
  if (head.includes('\r\ntransfer-encoding: chunked')) {
    const length = endOfChunks(read, body)
    return length === undefined ? undefined : { status, length, isLast }
  }
  const declared = Number(/\r\ncontent-length: (\d+)/.exec(head)?.[1] ?? 0)
  return read.length < body + declared ? undefined : { status, length: body + declared, isLast }
}

function endOfChunks(read: Buffer, start: number): number | undefined {
  for (let at = start; ;) {
    const line = read.indexOf('\r\n', at)
    if (line === -1) return undefined
    const size = Number.parseInt(read.toString('latin1', at, line), 16)
    const next = line + 2 + size + 2
    if (read.length < next) return undefined
    if (size === 0) return next
    at = next
  }
}
