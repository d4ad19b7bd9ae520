import { execFile, spawn } from 'node:child_process'
import { mkdir, readFile, readdir } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import packageLock from '../../package-lock.json' with { type: 'json' }
import { cleanUp } from '../../packages/embedded-postgres/test/support/users.ts'
import { eventually } from '../support/clients.ts'
import { send } from '../support/docket.ts'
import { commandEnvironment, endServers, watch } from '../support/server-process.ts'
import { install, installedPackages, packCommand, type PackedCommand, unlessOffline } from './packed-command.ts'

const run = promisify(execFile)

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
      'server/….py',
      'server/….sql',
    ])
  })

  test('names every package that its programs load, and keeps the licences of those that are in them', async () => {
    const { dependencies, optionalDependencies } = await json('package.json')
    const loaded = new Set<string>()
    for (const file of packed.files.filter((each) => /^dist\/.*\.js$/.test(each))) {
      const text = await readFile(path.join(packed.folder, file), 'utf8')
      for (const [, fixed, late] of text.matchAll(/^(?:import|export)\b[^"'\n]*"([^"\n]+)";?$|\bimport\("([^"]+)"\)/gm))
        loaded.add((fixed ?? late)!)
    }
    const foreign = [...loaded].filter((name) => !/^(node:|\.\/)/.test(name) && !builtinModules.includes(name))
    expect(foreign.toSorted()).toEqual(['@node-rs/argon2', 'node-pg-migrate'])
    expect(Object.keys(dependencies)).toEqual(expect.arrayContaining(foreign))
    expect(Object.keys(optionalDependencies).every((name) => name.startsWith('@embedded-postgres/'))).toBe(true)
    const licences = await readFile(path.join(packed.folder, 'dist/LICENCES.txt'), 'utf8')
    for (const name of ['fastify', 'pino', 'preact', 'commander', 'zod'])
      expect(licences).toMatch(new RegExp(`^${name} \\d.* \\(MIT\\)$`, 'm'))
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

    expect((await run(command, ['audit'], { cwd: shop, env })).stdout).toContain('The books are clean.')
    expect(await demo.stop()).toBe(0)
    expect(await readdir(shop)).toEqual(['.docket', 'node_modules', 'package-lock.json', 'package.json'])
  })
})
