import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { readDeploy, run } from '../deploy/tools.ts'
import { until } from '../nemesis/wait.ts'

export interface Haproxy {
  /** A word to its admin socket; answers what it says. */
  tell(words: string): Promise<string>
  close(): Promise<void>
}

interface Places {
  readonly database: number
  readonly panel: number
  /** By the names in the file. */
  readonly addresses: Readonly<Record<string, string>>
}

/** The file of deploy/ha, with the addresses and ports of this place. */
export async function openHaproxy(directory: string, { database, panel, addresses }: Places): Promise<Haproxy> {
  const socket = path.join(directory, 'haproxy.sock')
  const config = path.join(directory, 'haproxy.cfg')
  const written = (await readDeploy('ha/haproxy.cfg'))
    .replace('/run/haproxy/admin.sock', socket)
    .replace('bind 127.0.0.1:5000', `bind 127.0.0.1:${database}`)
    .replace('bind 127.0.0.1:8000', `bind 127.0.0.1:${panel}`)
  // A server whose address is not known here stays out of service.
  const known = written.replaceAll(/ (\w+)\.internal(:\d+)/g, (_, name: string, port: string) => {
    const address = addresses[name]
    return address === undefined ? ` 127.0.0.1:9 disabled` : ` ${address.includes(':') ? address : address + port}`
  })
  await writeFile(config, known)
  await run('haproxy', ['-c', '-f', config])
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', 'haproxy', '-db', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (part: Buffer) => void (said = (said + part.toString()).slice(-4000)))
  const exited = once(child, 'exit')
  const haproxy: Haproxy = {
    async tell(words) {
      if (child.exitCode !== null) throw new Error(`HAProxy ended with ${child.exitCode}: ${said}`)
      const line = connect(socket)
      line.end(`${words}\n`)
      return text(line)
    },
    async close() {
      child.kill('SIGKILL')
      await exited
    },
  }
  const answers = () =>
    haproxy.tell('show info').then(
      () => true,
      () => false,
    )
  if (await until(answers, 20_000)) return haproxy
  await haproxy.close()
  throw new Error(`HAProxy did not start: ${said}`)
}
