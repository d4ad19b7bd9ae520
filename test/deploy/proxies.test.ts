import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request as plainRequest, type IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NO_LIMITS } from '../../server/customers/key-rights.ts'
import { addKey } from '../../server/customers/keys.ts'
import { eventually } from '../support/clients.ts'
import { type Docket, openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { deployPath, readDeploy, run, tool } from './tools.ts'

const SITE = 'panel.example'

interface Ports {
  readonly http: number
  readonly https: number
}

interface Example {
  readonly program: string
  readonly version: string
  /** Writes the example, changed for this machine only in ports, certificate and the address of Docket, and answers the command that serves it. */
  prepare(folder: string, ports: Ports, docket: string): Promise<{ words: readonly string[]; env?: Record<string, string> }>
}

const nginx: Example = {
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

const caddy: Example = {
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

for (const example of [nginx, caddy]) {
  const { isMissing, note } = tool(example.program, example.version)
  describe.skipIf(isMissing)(`behind the example of ${example.program}${note}`, () => {
    const docket = openDocket({ DOCKET_TRUST_PROXY: '1', DOCKET_PUBLIC_URL: `https://${SITE}` })
    let proxy: Served
    beforeAll(async () => {
      proxy = await serveExample(example, docket)
    })
    afterAll(() => proxy?.stop())

    test('the client’s address is the one that the proxy sees, whatever the client writes', async () => {
      const { account } = await docket.account()
      const keyFor = async (addresses: string[]) =>
        (await addKey(docket.db, account, { test: false, label: 'office', limits: { ...NO_LIMITS, addresses } }, docket.clock.now())).key
      const balance = async (key: string, headers: Record<string, string>) =>
        JSON.parse((await proxy.ask('/api/v2', { body: `key=${key}&action=balance`, headers })).body) as object
      const forged = { 'x-forwarded-for': '203.0.113.5', forwarded: 'for=203.0.113.5', 'x-real-ip': '203.0.113.5' }
      expect(await balance(await keyFor(['203.0.113.0/24']), forged)).toHaveProperty('error')
      expect(await balance(await keyFor(['127.0.0.1/32']), forged)).toHaveProperty('balance')
    })

    test('the figures are for nobody outside, and without TLS all are sent to it', async () => {
      for (const address of ['/metrics', '/metrics/', '/%6detrics', '/healthz', '/readyz']) {
        expect({ address, status: (await proxy.ask(address)).status }).toEqual({ address, status: 404 })
      }
      expect(await proxy.askPlain('/api/v2')).toEqual({ status: 308, location: `https://${SITE}/api/v2` })
      const page = await proxy.ask('/sign-in')
      expect(page.status).toBe(200)
      expect(page.cookies.length).toBeGreaterThan(0)
      expect(page.cookies.filter((cookie) => !/;\s*secure/i.test(cookie))).toEqual([])
    })

    test('events arrive while their stream is open', async () => {
      const { key } = await docket.account()
      const service = await onSale(docket)
      const stream = await proxy.open('/api/v2/events', { headers: { authorization: `Bearer ${key}` } })
      let heard = ''
      stream.on('data', (part: Buffer) => void (heard += part.toString()))
      await eventually('the stream is there', () => heard.includes('event: ready') || undefined)
      await docket.call({ key, action: 'add', service, link: 'https://example.com/streamed', quantity: 10 })
      await eventually('the order is told', () => heard.includes('event: changes') || undefined)
      expect(stream.readableEnded).toBe(false)
      stream.destroy()
    })

    test('the largest requests pass, and what is larger is refused', async () => {
      const { key } = await docket.account()
      const ids = Array.from({ length: 6000 }, (_, at) => 100_000_000 + at).join(',')
      const long = await proxy.ask(`/api/v2?key=${key}&action=status&orders=${ids}`)
      expect(Object.keys(JSON.parse(long.body) as object)).toHaveLength(6000)
      const tooLarge = await proxy.ask('/api/v2', { body: `key=${'k'.repeat(1_200_000)}` })
      expect(tooLarge.status).toBe(413)
      expect(JSON.parse(tooLarge.body)).toHaveProperty('error')
      const huge = await proxy.ask('/api/v2', { body: `key=${'k'.repeat(2_000_000)}` })
      expect(huge.status).toBe(413)
    })
  })
}

interface Sent {
  readonly body?: string
  readonly headers?: Record<string, string>
}

interface Served {
  open(address: string, sent?: Sent): Promise<IncomingMessage>
  ask(address: string, sent?: Sent): Promise<{ status: number; body: string; cookies: readonly string[] }>
  askPlain(address: string): Promise<{ status: number; location: string | undefined }>
  stop(): Promise<void>
}

async function serveExample(example: Example, docket: Docket): Promise<Served> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'docket-proxy-'))
  const ports = { http: await freePort(), https: await freePort() }
  const { words, env } = await example.prepare(folder, ports, new URL(docket.node.url!).host)
  const child = spawn(example.program, words, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (part: Buffer) => void (said += part.toString()))

  const open = (address: string, { body, headers = {} }: Sent = {}) => {
    const type = body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(body.length) }
    const options = { host: '127.0.0.1', port: ports.https, servername: SITE, rejectUnauthorized: false, path: address, agent: false } as const
    return answerOf(request({ ...options, method: body === undefined ? 'GET' : 'POST', headers: { host: SITE, ...type, ...headers } }), body)
  }
  const ask: Served['ask'] = async (address, sent) => {
    const answer = await open(address, sent)
    return { status: answer.statusCode!, body: await text(answer), cookies: answer.headers['set-cookie'] ?? [] }
  }
  const askPlain: Served['askPlain'] = async (address) => {
    const answer = await answerOf(plainRequest({ host: '127.0.0.1', port: ports.http, path: address, agent: false, headers: { host: SITE } }))
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
  return { open, ask, askPlain, stop }
}

function answerOf(asked: ReturnType<typeof request>, body?: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    asked.once('response', resolve)
    // A proxy that refuses a body may close while it is still being sent: its answer counts.
    asked.on('error', reject)
    asked.end(body)
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
