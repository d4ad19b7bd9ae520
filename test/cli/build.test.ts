import { execFile } from 'node:child_process'
import { appendFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { linkPackages } from '../support/linked-packages.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)

describe('the command, built from its sources', () => {
  let copy: string

  beforeEach(async () => {
    copy = await mkdtemp(path.join(os.tmpdir(), 'docket-build-'))
    for (const part of ['cli', 'server', 'packages', 'contract', 'locales', 'package.json', 'package-lock.json', 'tsconfig.json']) {
      await cp(path.join(root, part), path.join(copy, part), { recursive: true })
    }
    linkPackages(copy)
  })
  afterEach(() => rm(copy, { recursive: true, force: true }))

  const docket = async (...words: string[]) => (await run(process.execPath, [path.join(copy, 'cli/docket.mjs'), ...words])).stdout.trim()
  const builds = async () => (await readdir(path.join(copy, 'node_modules/.cache/docket'))).filter((name) => !name.endsWith('.json'))

  async function changeVersion(version: string) {
    const file = path.join(copy, 'package.json')
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.replace(/"version": "[^"]*"/, `"version": "${version}"`))
  }

  test('an old Node is told in one sentence which one is needed', async () => {
    const older = 'data:text/javascript,Object.defineProperty(process,"versions",{value:{node:"18.20.4"}})'
    const asked = run(process.execPath, ['--import', older, path.join(copy, 'cli/docket.mjs'), '--version'])
    await expect(asked).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'docket: Docket needs Node 20.19 or newer, 24 LTS is recommended; this is Node 18.20.4.\n',
    })
  })

  test('is built once, and anew when a source has changed', async () => {
    expect(await docket('--version')).toBe('0.1.0')
    expect(await docket('--version')).toBe('0.1.0')
    expect(await builds()).toHaveLength(1)
    await changeVersion('7.7.7')
    expect(await docket('--version')).toBe('7.7.7')
    expect(await docket('--version')).toBe('7.7.7')
    expect(await builds()).toHaveLength(2)
  })

  test('is built anew when a source of a package of its own has changed', async () => {
    expect(await docket('--version')).toBe('0.1.0')
    await appendFile(path.join(copy, 'packages/embedded-postgres/src/start.ts'), '// changed\n')
    expect(await docket('--version')).toBe('0.1.0')
    expect(await builds()).toHaveLength(2)
  })

  test('is built by two at once, and whole for both', async () => {
    expect(await Promise.all([docket('--version'), docket('--version'), docket('--version')])).toEqual(['0.1.0', '0.1.0', '0.1.0'])
    const before = await builds()
    expect(await docket('--version')).toBe('0.1.0')
    expect(await builds()).toEqual(before)
  })

  test('is built again when the build is gone', async () => {
    await docket('--version')
    for (const name of await builds()) await rm(path.join(copy, 'node_modules/.cache/docket', name), { recursive: true })
    expect(await docket('--version')).toBe('0.1.0')
  })

  test('starts from the sources as they stand where no build can be kept', async () => {
    await writeFile(path.join(copy, 'node_modules/.cache'), 'in the way')
    expect(await docket('--version')).toBe('0.1.0')
    expect(await docket('audit', '--help')).toContain('Usage: docket audit')
  })
})
