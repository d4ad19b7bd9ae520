import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../../server/config.ts'
import { patroni, patroniIsMissing, POSTGRESQL } from '../cluster/packages.ts'
import { envOf } from './env-file.ts'
import { readDeploy, run, tool } from './tools.ts'

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'docket-ha-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Names that nobody knows here. The network is the one that is set aside for tests; nothing is sent there. */
const addressed = (text: string) => text.replaceAll(/\b(?:db|node)(\d)\.internal/g, '198.18.0.$1')

const haproxy = tool('haproxy', '-v')
test.skipIf(haproxy.isMissing)(`HAProxy reads its file without a warning${haproxy.note}`, () =>
  inFolder(async (folder) => {
    const file = path.join(folder, 'haproxy.cfg')
    await writeFile(file, addressed(await readDeploy('ha/haproxy.cfg')))
    const { stdout, stderr } = await run('haproxy', ['-c', '-f', file])
    expect(stdout + stderr).not.toMatch(/WARNING|ALERT/)
    expect(stdout).toContain('Configuration file is valid')
  }),
)

/** What the check says of a file that is right: nobody runs etcd here, and Patroni 4.0 checks `quorum` by the list of the version before. */
const SAID_ANYWAY = /^etcd3\.hosts .* is not reachable$|^bootstrap\.dcs\.synchronous_mode quorum is not a boolean$/

const noPatroni = patroniIsMissing()
test.skipIf(noPatroni !== undefined)(`Patroni finds nothing wrong with its files${noPatroni === undefined ? '' : ` (${noPatroni})`}`, () =>
  inFolder(async (folder) => {
    const file = path.join(folder, 'patroni.yml')
    const [python, ...words] = patroni.words
    const check = async (text: string) => {
      await writeFile(file, text)
      const env = { ...process.env, ...patroni.env, ...envOf(addressed(await readDeploy('ha/patroni.env'))) }
      const { stdout, stderr } = await run(python!, [...words, '--validate-config', '--ignore-listen-port', file], { env }).catch(
        (error: { stdout: string; stderr: string }) => error,
      )
      return (stdout + stderr).split('\n').filter((line) => line !== '' && !SAID_ANYWAY.test(line))
    }
    const text = addressed(await readDeploy('ha/patroni.yml')).replace('/usr/lib/postgresql/15/bin', POSTGRESQL)
    expect(await check(text)).toEqual([])
    // The check does look.
    expect(await check(text.replace('ttl: 20', 'ttl: twenty'))).not.toEqual([])
  }),
)

test('a leader has time to ask twice before it loses its place, and a fail-over is over within the time that is documented', async () => {
  const text = await readDeploy('ha/patroni.yml')
  const [ttl, loop, retry] = ['ttl', 'loop_wait', 'retry_timeout'].map((name) =>
    Number(new RegExp(`^ *${name}: (\\d+)$`, 'm').exec(text)![1]),
  )
  expect(ttl).toBeGreaterThanOrEqual(loop! + 2 * retry!)
  expect([ttl, loop, retry]).toEqual([20, 5, 5])
  expect(text).toMatch(/synchronous_mode: quorum\n +synchronous_mode_strict: true\n/)
})

const etcd = tool('etcd')
test.skipIf(etcd.isMissing)(`etcd starts by its file and knows every setting in it${etcd.note}`, () =>
  inFolder(async (folder) => {
    const text = (await readDeploy('ha/etcd.env')).replaceAll(
      /db(\d)\.internal:23(79|80)/g,
      (_, machine: string, port: string) => `127.0.0.${machine}:2${machine}${port}`,
    )
    const child = spawn('etcd', [], {
      env: { PATH: process.env['PATH'], ...envOf(text), ETCD_DATA_DIR: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const exited = once(child, 'exit')
    let said = ''
    try {
      await new Promise<void>((resolve, reject) => {
        for (const stream of [child.stdout, child.stderr]) {
          stream.on('data', (part: Buffer) => {
            said += part.toString()
            // Alone of three, it cannot do more than ask to be elected.
            if (/is starting a new election/.test(said)) resolve()
          })
        }
        void exited.then(() => reject(new Error(said)))
      })
    } finally {
      child.kill('SIGKILL')
      await exited
    }
    expect(said).not.toMatch(/unrecognized|conflict/)
  }),
)

test('what the nodes are told are settings of Docket that hold, and lead to the HAProxy beside them', async () => {
  const given = envOf(await readDeploy('ha/docket.env'))
  const config = readConfig({}, given)
  expect(config.given).toHaveLength(Object.keys(given).length)
  const bound = /listen database\n[^]*?bind (\S+)/.exec(await readDeploy('ha/haproxy.cfg'))![1]
  expect(new URL(given['DATABASE_URL']!).host).toBe(bound)
})
