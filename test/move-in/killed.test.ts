import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Report } from '../../server/move-in/report.ts'
import { eventually } from '../support/clients.ts'
import { openDocket } from '../support/docket.ts'
import { FAKE_KEY, openFakeSupplier } from '../support/fake-supplier.ts'
import { commandEnvironment, docket as command } from '../support/server-process.ts'
import { glyconTables, keyOf, SMALL, writeDump } from './dumps.ts'
import { openDumpDirectory, SECRET, timesOf } from './moved.ts'

const docket = openDocket({ DOCKET_SECRET: SECRET })
const inDirectory = openDumpDirectory()
const size = { ...SMALL, orders: 60_000 }
let file: string

beforeAll(async () => {
  file = await inDirectory('glycon.sql')
  const supplier = await openFakeSupplier()
  await writeDump(file, glyconTables(size, supplier.url))
  await supplier.close()
})

function start(...options: string[]) {
  const env = { ...commandEnvironment(), DATABASE_URL: docket.databaseUrl, DOCKET_SECRET: SECRET }
  return spawn(process.execPath, [command, 'move-in', 'glycon', file, ...options, '--json'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
}

async function run(...options: string[]): Promise<Report> {
  const child = start(...options)
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  return JSON.parse(out) as Report
}

const orders = async () => (await docket.db.query<{ count: number }>('select count(*)::int as count from orders')).rows[0]!.count

describe('docket move-in', () => {
  test('tells by default, and tries the suppliers when it is asked to', async () => {
    const report = await run('--try', '--private-network')
    expect(report.dryRun).toBe(true)
    expect(report.suppliers).toEqual([
      { name: 'acme', kind: 'no answer', words: expect.any(String), answer: expect.stringContaining('no answer') },
      { name: 'gone', kind: 'no access', words: '', answer: 'it has no usable address and key' },
    ])
    expect(JSON.stringify(report)).not.toContain(FAKE_KEY)
    expect(await orders()).toBe(0)
  })

  test('that is killed in the middle is run again, and has brought everything once', async () => {
    const child = start('--run')
    await eventually('some orders came', async () => (await orders()) >= 5000 || undefined)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(await docket.call({ key: keyOf(8), action: 'balance' })).toMatchObject({ error: 'Invalid API key' })
    const report = await run('--run')
    expect(report.counts['ended orders'].here).toBeGreaterThanOrEqual(5000)
    expect(timesOf(report, 'is taken here')).toBe(0)
    // All but one without a positive number, one of nobody, and a subscription.
    expect(await orders()).toBe(size.orders - 3)
    expect(await docket.balance(keyOf(8))).toBe('8.30000')
  })
})
