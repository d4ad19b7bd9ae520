import { execFile, spawn, spawnSync } from 'node:child_process'
import { access } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { cleanUp, makeDirectory } from '../../packages/embedded-postgres/test/support/users.ts'
import { endServers, type ServerProcess, watch } from '../support/server-process.ts'
import { npmEnvironment, unlessOffline } from '../cli/packed-command.ts'
import { buildImage, type Image, readContext, readStages, wordsOf } from './dockerfile.ts'

const run = promisify(execFile)

describe('the Dockerfile', () => {
  test('begins with a version of a small image, and takes only what exists', async () => {
    const stages = await readStages()
    expect(stages.length).toBeGreaterThan(1)
    for (const { image } of stages) expect(image).toMatch(/^node:24\.\d+\.\d+-\w+-slim$/)
    expect(new Set(stages.map(({ image }) => image)).size).toBe(1)
    const { top } = await readContext()
    for (const name of top) await expect(access(fileURLToPath(new URL(`../../${name}`, import.meta.url)))).resolves.toBeUndefined()
    const named = stages.flatMap(({ name }) => name ?? [])
    const copies = stages.flatMap(({ steps }) => steps.filter(({ name }) => name === 'COPY').map(({ rest }) => rest))
    for (const [, from] of copies.join('\n').matchAll(/--from=(\S+)/g)) expect(named).toContain(from)
    expect(stages.flatMap(({ steps }) => steps.filter(({ name }) => name === 'ADD'))).toEqual([])
  })

  test('runs no shell, and ends as a user who is not root, with its health asked for', async () => {
    const stages = await readStages()
    for (const { name, rest } of stages.flatMap(({ steps }) => steps)) {
      if (['RUN', 'CMD', 'ENTRYPOINT'].includes(name)) expect({ rest, words: wordsOf(rest) }).toMatchObject({ words: expect.any(Array) })
    }
    const last = stages.at(-1)!.steps
    const of = (name: string) => last.filter((step) => step.name === name).map(({ rest }) => rest)
    expect(of('USER')).toEqual(['1000:1000'])
    expect(last.findIndex(({ name }) => name === 'USER')).toBeGreaterThan(last.findLastIndex(({ name }) => name === 'RUN'))
    expect(of('HEALTHCHECK')[0]).toMatch(/ CMD \["node", .*\/readyz/)
    expect(of('ENV')[0]).toContain(`DOCKET_PORT=${of('EXPOSE')[0]}`)
    expect(of('ENV')[0]).toContain(`DOCKET_DATA=${of('VOLUME')[0]}`)
  })
})

/** In a view of the file system of its own, where `$1` alone can be written, as a user without any right. */
const CONFINED = `
  mount --bind "$1" "$1" && mount -o remount,bind,ro / || exit 99
  data="$1"; uid="$2"; gid="$3"; shift 3
  touch "$data/../written" /tmp/written /var/tmp/written 2>/dev/null && exit 98
  exec setpriv --reuid="$uid" --regid="$gid" --clear-groups --no-new-privs --bounding-set=-all -- "$@"`

const canConfine = process.getuid?.() === 0 && spawnSync('unshare', ['--mount', 'setpriv', '--version']).status === 0
describe.skipIf(!canConfine)(`the image, built without a daemon${canConfine ? '' : ' (needs root, unshare and setpriv)'}`, () => {
  afterAll(async () => {
    await endServers()
    await cleanUp()
  })

  function start({ env, entry, user }: Image): Promise<ServerProcess> {
    const words = ['--mount', 'sh', '-c', CONFINED, 'confined', env['DOCKET_DATA']!, user.uid, user.gid, ...entry]
    const environment = { PATH: process.env['PATH']!, ...env, DOCKET_PORT: '0' }
    return watch(spawn('unshare', words, { cwd: env['DOCKET_DATA'], env: environment, stdio: ['ignore', 'pipe', 'pipe'] }))
  }

  const health = async ({ health: [program, ...words] }: Image, port: string) =>
    run(
      program!,
      words.map((word) => word.replace(':8080', `:${port}`)),
    ).then(
      () => 0,
      ({ code }: { code: number }) => code,
    )

  test('starts where nothing but /data can be written, as a user without rights, and comes back', async ({ skip }) => {
    const directory = await makeDirectory()
    const environment = { ...npmEnvironment(), npm_config_prefer_offline: 'true', npm_config_audit: 'false' }
    const image = await unlessOffline(() => buildImage(directory, environment))
    skip(image === undefined, 'npm reaches no registry here')
    for (const name of ['server/main.ts', 'node_modules/typescript', 'node_modules/esbuild']) {
      await expect(access(path.join(image!.root, 'app', name))).rejects.toThrow('ENOENT')
    }

    for (const time of ['the first time', 'again']) {
      const server = await start(image!)
      const { port } = new URL(server.url)
      expect({ time, health: await health(image!, port) }).toEqual({ time, health: 0 })
      expect((await fetch(`http://127.0.0.1:${port}/en`)).status).toBe(200)
      expect(await server.stop()).toBe(0)
      expect(await health(image!, port)).toBe(1)
    }
  })
})
