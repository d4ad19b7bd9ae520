import { connect, type Socket } from 'node:net'
import type { Encoded } from './encode.ts'

/** What came of a request: its status; 0 when the connection was cut before the answer. */
export type Outcome = (status: number) => void

/** A kept connection that sends without waiting for answers, as pipelining clients do. Opens itself again when it was cut. */
export interface Connection {
  /** The requests that wait for an answer, oldest first. */
  readonly waiting: () => readonly Encoded[]
  send(request: Encoded, host: string, onOutcome: Outcome): void
  /** Sends a part of a request and leaves, as a client does whose line goes dead; nobody takes the answers that were on their way. */
  leaveWithin(request: Encoded, host: string, part: number, onOutcome: Outcome): void
  close(): void
}

interface Sent {
  readonly request: Encoded
  readonly host: string
  readonly onOutcome: Outcome
  /** The node has ended its connection before: a request that is cut off twice is not sent again. */
  readonly isAgain: boolean
}

export function openConnection(port: number): Connection {
  let socket: Socket | undefined
  let sent: Sent[] = []
  let reader = openReader()

  /** The oldest request is what the connection was cut for, or was answered before; those behind it were not read, and are sent again. */
  function cut(gone: Socket) {
    if (gone !== socket) return
    const lost = sent
    sent = []
    reader = openReader()
    socket = undefined
    gone.destroy()
    const [blamed, ...behind] = lost
    blamed?.onOutcome(0)
    for (const each of behind) {
      if (each.isAgain) each.onOutcome(0)
      else push({ ...each, isAgain: true })
    }
  }

  function open(): Socket {
    const own = connect(port, '127.0.0.1').setNoDelay()
    own.on('data', (chunk) => own === socket && take(own, chunk))
    own.on('error', () => cut(own))
    own.on('close', () => cut(own))
    return own
  }

  function take(own: Socket, chunk: Buffer) {
    for (const { status, isLast } of reader.read(chunk)) {
      sent.shift()?.onOutcome(status)
      if (own !== socket) return
      if (isLast) return leave(own)
    }
  }

  /** The node said that it closes: what was not answered until then was not read. */
  function leave(own: Socket) {
    const unread = sent
    sent = []
    cut(own)
    for (const each of unread) push({ ...each, isAgain: true })
  }

  function push(each: Sent) {
    socket ??= open()
    sent.push(each)
    socket.write(bytesOf(each.request, each.host))
  }

  return {
    waiting: () => sent.map(({ request }) => request),
    send: (request, host, onOutcome) => push({ request, host, onOutcome, isAgain: false }),
    leaveWithin(request, host, part, onOutcome) {
      const own = socket ?? open()
      const left = [...sent, { onOutcome }]
      sent = []
      reader = openReader()
      socket = undefined
      const bytes = bytesOf(request, host)
      own.write(bytes.subarray(0, Math.floor(bytes.length * part)), () => {
        own.destroy()
        for (const each of left) each.onOutcome(0)
      })
    },
    close() {
      socket?.destroy()
      socket = undefined
    },
  }
}

function bytesOf({ method, path, headers, body }: Encoded, host: string): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const length = body ? `content-length: ${body.length}\r\n` : ''
  const head = Buffer.from(`${method} ${path} HTTP/1.1\r\nhost: ${host}\r\n${lines.join('')}${length}\r\n`, 'latin1')
  return body ? Buffer.concat([head, body]) : head
}

interface Answer {
  readonly status: number
  readonly isLast: boolean
}

/** Reads answers off a connection. Bodies are passed over and not kept: some have a megabyte. */
function openReader() {
  let head: Buffer = Buffer.alloc(0)
  let passing = 0
  /** Within a body in chunks: what follows is the line with the size of the next one. */
  let chunked: Answer | undefined
  let whole: Answer | undefined

  function read(chunk: Buffer): Answer[] {
    const answers: Answer[] = []
    let rest: Buffer = chunk
    for (;;) {
      if (passing > 0) {
        const passed = Math.min(passing, rest.length)
        passing -= passed
        rest = rest.subarray(passed)
        if (passing > 0) return answers
      }
      if (whole) {
        answers.push(whole)
        whole = undefined
      }
      head = head.length === 0 ? rest : Buffer.concat([head, rest])
      rest = Buffer.alloc(0)
      if (head.length === 0 || !(chunked ? readSize() : readHead())) return answers
      rest = head
      head = Buffer.alloc(0)
    }
  }

  function readHead(): boolean {
    const end = head.indexOf('\r\n\r\n')
    if (end === -1) return false
    const text = head.toString('latin1', 0, end).toLowerCase()
    head = head.subarray(end + 4)
    const answer = { status: Number(text.slice(9, 12)), isLast: text.includes('\r\nconnection: close') }
    const isEmpty = answer.status === 304 || answer.status === 204
    if (!isEmpty && text.includes('\r\ntransfer-encoding: chunked')) chunked = answer
    else {
      passing = isEmpty ? 0 : Number(/\r\ncontent-length: (\d+)/.exec(text)?.[1] ?? 0)
      whole = answer
    }
    return true
  }

  function readSize(): boolean {
    const end = head.indexOf('\r\n')
    if (end === -1) return false
    const size = Number.parseInt(head.toString('latin1', 0, end), 16)
    head = head.subarray(end + 2)
    passing = size + 2
    if (size > 0) return true
    whole = chunked
    chunked = undefined
    return true
  }

  return { read }
}
