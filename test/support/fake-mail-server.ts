import { createServer, type Socket } from 'node:net'

export interface TakenMail {
  readonly from: string
  readonly to: readonly string[]
  /** The whole message, headers and body, as it came. */
  readonly message: string
}

export interface FakeMailServer {
  readonly url: string
  readonly taken: TakenMail[]
  /** What it answers to a command (`RCPT`, `DATA` or `END`, the end of the message) instead of yes; `cut` closes the line. */
  readonly faults: Map<string, string>
  stop(): Promise<void>
}

/** A real SMTP server on a port of its own, which takes every mail unless it is told to fail. */
export async function openFakeMailServer(): Promise<FakeMailServer> {
  const taken: TakenMail[] = []
  const faults = new Map<string, string>()
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    converse(socket, taken, faults)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return {
    url: `smtp://127.0.0.1:${port}`,
    taken,
    faults,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function converse(socket: Socket, taken: TakenMail[], faults: ReadonlyMap<string, string>) {
  let from = ''
  let to: string[] = []
  let message: string[] | undefined
  let rest = ''
  const say = (command: string, yes: string) => {
    const answer = faults.get(command) ?? yes
    if (answer === 'cut') socket.destroy()
    else socket.write(`${answer}\r\n`)
    return answer === yes
  }
  socket.write('220 fake ready\r\n')
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\r\n')
    rest = lines.pop()!
    for (const line of lines) hear(line)
  })

  function hear(line: string) {
    if (message) {
      hearMessage(line)
      return
    }
    const command = line.slice(0, 4).toUpperCase()
    if (command === 'EHLO' || command === 'HELO') socket.write('250 fake\r\n')
    else if (command === 'MAIL') {
      from = /<(.*)>/.exec(line)![1]!
      to = []
      say('MAIL', '250 yes')
    } else if (command === 'RCPT') {
      if (say('RCPT', '250 yes')) to.push(/<(.*)>/.exec(line)![1]!)
    } else if (command === 'DATA') {
      if (say('DATA', '354 go on')) message = []
    } else if (command === 'QUIT') socket.end('221 bye\r\n')
    else socket.write('250 yes\r\n')
  }

  function hearMessage(line: string) {
    if (line !== '.') {
      message!.push(line)
      return
    }
    const whole = message!.join('\r\n')
    message = undefined
    // What is taken and then cut was taken all the same.
    if (faults.get('END') === undefined || faults.get('END') === 'cut') taken.push({ from, to, message: whole })
    say('END', '250 taken')
  }
}
