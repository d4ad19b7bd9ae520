import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request as plainRequest, type IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { eventually } from '../support/clients.ts'
import { deployPath, readDeploy, run } from './tools.ts'

/** The name under which customers reach the shop in the examples. */
export const SITE = 'panel.example'

interface Ports {
  readonly http: number
  readonly https: number
}

export interface Example {
  readonly program: string
  readonly version: string
  /** Writes the example, changed for this machine only in ports, certificate and the address of Docket, and answers the command that serves it. */
  prepare(folder: string, ports: Ports, docket: string): Promise<{ words: readonly string[]; env?: Record<string, string> }>
}

export const nginx: Example = {
  program: 'nginx',
  version: '-v',
  async prepare(folder, { http, https }, docket) {
    const [certificate, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')]
    const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', `/CN=${SITE}`]
    await run('openssl', [...made, '-keyout', key, '-out', certificate])
    const example = (await readDeploy('nginx.conf'))
      .replaceAll(/^ *listen \[::\].*\n/gm, '')
      .replace('listen 80;', `listen 127.0.0.1:${http};`)
      .replace('listen 443 ', `listen 127.0.0.1:${https} `)
      .replace('server 127.0.0.1:8080;', `server ${docket};`)
      .replace(/ssl_certificate .*;/, `ssl_certificate ${certificate};`)
      .replace(/ssl_certificate_key .*;/, `ssl_certificate_key ${key};`)
    await writeFile(path.join(folder, 'docket.conf'), example)
    const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join('\n')
    const user = process.getuid?.() === 0 ? 'user root;\n' : ''
    const frame = `${user}daemon off;\npid ${folder}/pid;\nerror_log stderr;\nevents {}\nhttp {\n${places}\ninclude ${folder}/docket.conf;\n}\n`
    await writeFile(path.join(folder, 'nginx.conf'), frame)
    const words = ['-e', 'stderr', '-p', folder, '-c', path.join(folder, 'nginx.conf')]
    await run('nginx', ['-t', ...words])
    return { words }
  },
}

export const caddy: Example = {
  program: 'caddy',
  version: 'version',
  async prepare(folder, { http, https }, docket) {
    await run('caddy', ['validate', '--adapter', 'caddyfile', '--config', deployPath('Caddyfile')])
    // A certificate of its own authority, for the name cannot be proved here.
    const options = `{\nadmin off\nlocal_certs\nskip_install_trust\nhttp_port ${http}\nhttps_port ${https}\n}\n`
    await writeFile(path.join(folder, 'Caddyfile'), options + (await readDeploy('Caddyfile')))
    const env = { SITE, UPSTREAM: docket, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
    return { words: ['run', '--adapter', 'caddyfile', '--config', path.join(folder, 'Caddyfile')], env }
  },
}

interface Sent {
  readonly body?: string
  readonly headers?: Record<string, string>
}

/** An example that serves. */
export interface Served {
  open(address: string, sent?: Sent): Promise<IncomingMessage>
  ask(address: string, sent?: Sent): Promise<{ status: number; body: string; cookies: readonly string[] }>
  /** The status of the answer to a body of that size which is announced and never sent. */
  refuses(address: string, bytes: number): Promise<number>
  askPlain(address: string): Promise<{ status: number; location: string | undefined }>
  stop(): Promise<void>
}

/** Serves an example in front of the Docket at an address. */
export async function serveExample(example: Example, docket: string): Promise<Served> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'docket-proxy-'))
  const ports = { http: await freePort(), https: await freePort() }
  const { words, env } = await example.prepare(folder, ports, new URL(docket).host)
  const child = spawn(example.program, words, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (part: Buffer) => void (said += part.toString()))

  const to = { host: '127.0.0.1', port: ports.https, servername: SITE, rejectUnauthorized: false, agent: false } as const
  const open = (address: string, { body, headers = {} }: Sent = {}) => {
    const type = body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(body.length) }
    const asked = request({
      ...to,
      path: address,
      method: body === undefined ? 'GET' : 'POST',
      headers: { host: SITE, ...type, ...headers },
    })
    asked.end(body)
    return answerOf(asked)
  }
  const ask: Served['ask'] = async (address, sent) => {
    const answer = await open(address, sent)
    return { status: answer.statusCode!, body: await text(answer), cookies: answer.headers['set-cookie'] ?? [] }
  }
  const refuses: Served['refuses'] = async (address, bytes) => {
    const asked = request({ ...to, method: 'POST', path: address, headers: { host: SITE, 'content-length': String(bytes) } })
    asked.flushHeaders()
    const { statusCode } = await answerOf(asked)
    asked.destroy()
    return statusCode!
  }
  const askPlain: Served['askPlain'] = async (address) => {
    const asked = plainRequest({ host: '127.0.0.1', port: ports.http, path: address, agent: false, headers: { host: SITE } })
    asked.end()
    const answer = await answerOf(asked)
    answer.resume()
    // Caddy names its port, which is not 443 here.
    return { status: answer.statusCode!, location: answer.headers.location?.replace(`:${ports.https}`, '') }
  }
  const stop = async () => {
    await ended(child)
    await rm(folder, { recursive: true, force: true })
  }
  await eventually(`${example.program} serves`, () => {
    if (child.exitCode !== null) throw new Error(`${example.program} ended with ${child.exitCode}:\n${said}`)
    return ask('/').then(
      ({ status }) => status < 500 || undefined,
      () => undefined,
    )
  })
  return { open, ask, refuses, askPlain, stop }
}

function answerOf(asked: ReturnType<typeof request>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    asked.once('response', resolve)
    asked.on('error', reject)
  })
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await exited
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
