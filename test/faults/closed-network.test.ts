import { execFile, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { cleanUp, makeDirectory, processesIn } from '../../packages/embedded-postgres/test/support/users.ts'
import { commandEnvironment, docket } from '../support/server-process.ts'

const run = promisify(execFile)
const support = (name: string) => fileURLToPath(new URL(`../support/${name}`, import.meta.url))

const hasNamespaces = process.platform === 'linux' && spawnSync('unshare', ['-rn', 'ip', 'link', 'set', 'lo', 'up']).status === 0

/** Runs the demo with an order, as the arguments say, and answers what came of it and whom it turned to. */
async function order(directory: string, through: readonly string[]) {
  const targetsFile = join(directory, 'targets')
  const data = join(directory, 'data')
  const command = [
    process.execPath,
    support('closed-network.mjs'),
    '--import',
    support('targets.mjs'),
    docket,
    'demo',
    '--without-history',
    '--port',
    '0',
  ]
  const [program, ...rest] = [...through, ...command]
  const { stdout } = await run(program!, rest, {
    env: { ...commandEnvironment(), DOCKET_DATA: data, DOCKET_SIMULATED_SPEED: '20', TARGETS_FILE: targetsFile },
  })
  const targets = readFileSync(targetsFile, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind: string; target: string })
  return { came: JSON.parse(stdout) as unknown, targets, data }
}

const ORDERED = {
  placed: { order: expect.any(Number) as number },
  status: {
    charge: '0.45000',
    start_count: expect.any(String) as string,
    status: expect.stringMatching(/Processing|In progress|Completed/) as string,
    remains: expect.any(String) as string,
    currency: 'USD',
  },
  balance: '99.55000',
  code: 0,
}

describe.skipIf(process.platform !== 'linux')('a server that nobody configured to call anyone', () => {
  afterEach(cleanUp)

  test('S5 it calls nobody but its own database', async () => {
    const { came, targets, data } = await order(await makeDirectory(), [])

    expect(came).toEqual(ORDERED)
    expect(targets.filter(({ kind }) => kind === 'watching')).toHaveLength(1)
    expect(targets.filter(({ kind, target }) => kind === 'connect' && target.startsWith(data)).length).toBeGreaterThan(0)
    const others = targets.filter(({ kind, target }) => kind !== 'watching' && !isOnThisMachine(target))
    expect(others).toEqual([])
    expect(processesIn(data)).toEqual([])
  })

  test.skipIf(!hasNamespaces)('S5 it serves in a network of its own', async () => {
    const { came, data } = await order(await makeDirectory(), ['unshare', '-rn', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'])

    expect(came).toEqual(ORDERED)
    expect(processesIn(data)).toEqual([])
  })
})

/** A unix socket (the database's, and the one of tsx), or loopback. */
function isOnThisMachine(target: string): boolean {
  return target.startsWith('/') || ['127.0.0.1', '::1', 'localhost'].includes(target)
}
