import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, readdir } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import packageLock from '../../package-lock.json' with { type: 'json' }
import { cleanUp } from '../../packages/embedded-postgres/test/support/users.ts'
import { eventually } from '../support/clients.ts'
import { send } from '../support/docket.ts'
import { commandEnvironment, endServers, watch } from '../support/server-process.ts'
import { install, installedPackages, packCommand, type PackedCommand, unlessOffline } from './packed-command.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))

/** What a module imports, at its start or later: built ones with one kind of quotes, our own with the other. */
const IMPORTS = {
  '.js': /^(?:import|export)\b[^"'\n]*"([^"\n]+)";?$|\bimport\("([^"]+)"\)/gm,
  '.mjs': /^(?:import|export)\b[^"'\n]*'([^'\n]+)'$|\bimport\('([^']+)'\)/gm,
}
const packageOf = (name: string) => /^(?:@[^/]+\/)?[^/]+/.exec(name)![0]

let packed: PackedCommand
beforeAll(async () => {
  packed = await packCommand()
})
afterAll(async () => {
  await endServers()
  await cleanUp()
})

describe('the package docket', () => {
  const json = async (file: string) => JSON.parse(await readFile(path.join(packed.folder, file), 'utf8'))

  test('is built JavaScript with the files that it reads, and no source or test', async () => {
    const kinds = new Set(packed.files.map((file) => file.replace(/^(cli|dist|locales|server)\/.*(\.\w+)$/, '$1/…$2')))
    expect([...kinds].toSorted()).toEqual([
      '.env.example',
      'LICENSE',
      'README.md',
      'cli/….mjs',
      'dist/….js',
      'dist/….txt',
      'locales/….json',
      'npm-shrinkwrap.json',
      'package.json',
      'server/….mjs',
      'server/….py',
      'server/….sql',
    ])
  })

  test('names every package that its programs load, and keeps the licences of those that are in them', async () => {
    const { dependencies, optionalDependencies } = await json('package.json')
    const loaded = new Set<string>()
    for (const file of packed.files.filter((each) => /^(dist|server)\/.*\.m?js$/.test(each))) {
      const text = await readFile(path.join(packed.folder, file), 'utf8')
      for (const [, fixed, late] of text.matchAll(IMPORTS[path.extname(file) as keyof typeof IMPORTS])) loaded.add((fixed ?? late)!)
    }
    const foreign = [...loaded].filter((name) => !/^(node:|\.\.?\/)/.test(name) && !builtinModules.includes(name)).map(packageOf)
    expect([...new Set(foreign)].toSorted()).toEqual([
      '@jsquash/jpeg',
      '@jsquash/png',
      '@jsquash/webp',
      '@node-rs/argon2',
      'node-pg-migrate',
    ])
    expect(Object.keys(dependencies)).toEqual(expect.arrayContaining(foreign))
    expect(Object.keys(optionalDependencies).every((name) => name.startsWith('@embedded-postgres/'))).toBe(true)
    const licences = await readFile(path.join(packed.folder, 'dist/LICENCES.txt'), 'utf8')
    for (const name of ['fastify', 'pino', 'preact', 'commander', 'zod'])
      expect(licences).toMatch(new RegExp(`^${name} \\d.* \\(MIT\\)$`, 'm'))
  })

  test('has every file that its programs look for beside their sources', async () => {
    const sought: string[] = []
    for (const file of await readdir(path.join(root, 'server'), { recursive: true })) {
      if (!/\.tsx?$/.test(file)) continue
      const text = await readFile(path.join(root, 'server', file), 'utf8')
      const names = [...text.matchAll(/new URL\('(\.[^']*\.\w+)', import\.meta\.url\)/g)].map(([, name]) => name!)
      sought.push(...names.map((name) => path.join('server', path.dirname(file), name)))
    }
    expect(sought.length).toBeGreaterThan(1)
    expect(packed.files).toEqual(expect.arrayContaining(sought))
  })

  test('pins the packages that it needs to the versions that are tested here', async () => {
    const { packages } = (await json('npm-shrinkwrap.json')) as { packages: Record<string, { version: string }> }
    const ours = packageLock.packages as unknown as Record<string, { version?: string } | undefined>
    const pinned = Object.entries(packages).filter(([place]) => place !== '')
    expect(pinned.length).toBeGreaterThan(10)
    for (const [place, { version }] of pinned) expect({ place, version }).toEqual({ place, version: ours[place]?.version })
  })

  test('installed elsewhere by npm, its demo takes an order', async ({ skip }) => {
    const shop = path.join(packed.directory, 'shop')
    await mkdir(shop)
    skip(!(await unlessOffline(() => install(shop, packed))), 'npm reaches no registry here')
    const packages = await installedPackages(shop)
    expect(packages.filter((name) => /esbuild|tsx|typescript/.test(name))).toEqual([])
    expect(packages.length).toBeLessThan(60)

    const command = path.join(shop, 'node_modules/.bin/docket')
    const env = { ...commandEnvironment(), DOCKET_PORT: '0' }
    const demo = await watch(spawn(command, ['demo', '--without-history'], { cwd: shop, env, stdio: ['ignore', 'pipe', 'pipe'] }))
    const [, key] = await eventually('it tells its key', () => /Key +(dk_live_\S+)/.exec(demo.written()) ?? undefined)
    const placed = await send(demo.url, { key, action: 'add', service: 101, link: 'https://example.com/packed', quantity: 500 })
    expect(await placed.json()).toEqual({ order: expect.any(Number) })

    const page = await (await fetch(`${demo.url}/en`)).text()
    const assets = [...page.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, address]) => address!)
    expect(assets.some((address) => address.endsWith('.css')) && assets.some((address) => address.endsWith('.js'))).toBe(true)
    for (const address of assets) expect({ address, status: (await fetch(demo.url + address)).status }).toEqual({ address, status: 200 })

    expect(await redrawnIn(path.join(shop, 'node_modules/docket'))).toMatch(/^ffd8ff/)
    expect((await run(command, ['audit'], { cwd: shop, env })).stdout).toContain('The books are clean.')
    expect(await demo.stop()).toBe(0)
    expect(await readdir(shop)).toEqual(['.docket', 'node_modules', 'package-lock.json', 'package.json'])
  })
})

/** The first bytes of what the package's worker makes of a picture of one pixel. */
async function redrawnIn(folder: string): Promise<string> {
  const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
  const workerData = { kind: 'png', width: 1, height: 1, bytes: Buffer.from(pixel, 'base64') }
  const worker = new Worker(path.join(folder, 'server/payments/picture-worker.mjs'), { workerData, execArgv: [] })
  const [made] = (await once(worker, 'message')) as [Uint8Array]
  await worker.terminate()
  return Buffer.from(made).toString('hex')
}
