import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../../server/config.ts'
import { deployPath, readDeploy, run, tool } from './tools.ts'

const settings = (unit: string, name: string) => [...unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value]) => value!)

test('the unit and the containers wait longer for the end of a node than it takes to finish its work', async () => {
  const drain = readConfig({}, {}).drainTimeoutSeconds
  expect(Number(settings(await readDeploy('docket.service'), 'TimeoutStopSec')[0])).toBeGreaterThan(drain)
  const grace = /docket:0[^]*?stop_grace_period: (\d+)s/.exec(await readDeploy('compose.yaml'))
  expect(Number(grace![1])).toBeGreaterThan(drain)
})

const systemd = tool('systemd-analyze')
test.skipIf(systemd.isMissing)(`systemd reads the unit without a complaint, and finds it confined${systemd.note}`, async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'docket-unit-'))
  try {
    // The same unit, with the programs of this machine.
    const program = path.join(folder, 'docket.mjs')
    await writeFile(program, '')
    const unit = (await readDeploy('docket.service'))
      .replace('/usr/bin/node ', `${process.execPath} `)
      .replaceAll(/\/opt\/docket\S*\.mjs/g, program)
    await mkdir(path.join(folder, 'units'))
    const file = path.join(folder, 'units/docket.service')
    await writeFile(file, unit)
    const { stdout, stderr } = await run('systemd-analyze', ['verify', '--man=no', file])
    expect((stdout + stderr).split('\n').filter((line) => line.includes('docket.service'))).toEqual([])
    // 10 is a service that may do everything, 2 one that may do what it needs. Fails above the threshold, which is in tenths.
    await run('systemd-analyze', ['security', '--offline=yes', '--threshold=20', '--no-pager', file])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

const compose = tool('docker-compose', 'version')
test.skipIf(compose.isMissing)(`compose reads its file, and asks for every secret${compose.note}`, async () => {
  const secrets = { SITE: 'panel.example', POSTGRES_PASSWORD: 'p', DOCKET_SECRET: 's'.repeat(32), DOCKET_METRICS_TOKEN: 't'.repeat(16) }
  const config = (env: Record<string, string>) =>
    run('docker-compose', ['-f', deployPath('compose.yaml'), 'config'], { env: { ...process.env, ...env } })
  const { stdout } = await config(secrets)
  expect(stdout).toContain('DATABASE_URL: postgres://docket:p@postgres/docket')
  for (const name of Object.keys(secrets)) {
    await expect(config({ ...secrets, [name]: '' })).rejects.toMatchObject({ stderr: expect.stringContaining(name) })
  }
})

test('what the containers are told are settings of Docket that hold, and their images have versions', async () => {
  const text = await readDeploy('compose.yaml')
  const given = [...text.matchAll(/^ {6}((?:DOCKET_\w+|DATABASE_URL): .*)$/gm)].map(([, line]) => line!.split(': ') as [string, string])
  const read = (value: string) =>
    value
      .replaceAll("'", '')
      .replace('https://${SITE:?}', 'https://panel.example')
      .replace(/\$\{\w+:\?\}/, 'x'.repeat(32))
  const config = readConfig({}, Object.fromEntries(given.map(([name, value]) => [name, read(value)])))
  expect(config.given).toHaveLength(given.length)
  expect(config.databaseUrl).toMatch(/^postgres:/)
  expect(config.trustProxy).toBeTypeOf('function')
  const images = [...text.matchAll(/image: (\S+)/g)].map(([, image]) => image!)
  expect(images.length).toBeGreaterThan(2)
  for (const image of images) expect(image).toMatch(/:\d+\.\d+/)
})
