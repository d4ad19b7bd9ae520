import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect } from 'vitest'
import { eventually } from '../support/clients.ts'
import { makeDirectory } from '../../packages/embedded-postgres/test/support/users.ts'
import { FAKE_KEY, type FakeSupplier, openFakeSupplier } from '../support/fake-supplier.ts'
import { commandEnvironment, docket, serve, type ServerProcess } from '../support/server-process.ts'
import { blocksOf, readPage } from './markdown.ts'

/** A running server, and the directory in which commands are typed beside it. */
export interface Shop {
  readonly server: ServerProcess
  readonly directory: string
  /** Variables that the pages name. */
  readonly variables: Record<string, string>
  /** The panel of the pages' supplier acme. */
  readonly panel: FakeSupplier
}

const THEIR_SERVICES = [
  { service: 77, name: 'Views', type: 'Default', category: 'Ads', rate: '0.60', min: '100', max: '100000', cancel: true },
  { service: 91, name: 'Posts', type: 'Subscriptions', category: 'Ads', rate: '400', min: '1', max: '20', cancel: false },
]

/** `demo` is `docket demo`; `serve` is `docket serve` on an empty database. */
export async function openShop(kind: 'demo' | 'serve'): Promise<Shop> {
  const directory = await makeDirectory()
  const data = join(directory, 'data')
  const panel = await openFakeSupplier()
  panel.answer('services', THEIR_SERVICES)
  const server = await serve({ DOCKET_DATA: data }, kind === 'demo' ? ['demo', '--without-history'] : ['serve'])
  const variables: Record<string, string> = { DOCKET_DATA: data, PATH: `${directory}:${process.env['PATH']}` }
  if (kind === 'demo') {
    const written = await eventually('the demo has told its key', () => /Key +(dk_live_\S+)/.exec(server.written()) ?? undefined)
    variables['KEY'] = written[1]!
  }
  // npx itself takes half a second to find the command; that npm has linked it is a test of its own.
  const npx = `#!/bin/sh\n[ "$1" = docket ] && shift && exec "${process.execPath}" "${docket}" "$@"\n`
  await writeFile(join(directory, 'npx'), npx, { mode: 0o755 })
  await writeFile(join(directory, 'acme.key'), FAKE_KEY)
  const list = blocksOf(await readPage('docs/getting-started.md')).find(({ language }) => language === 'json')!
  await writeFile(join(directory, 'services.json'), list.text)
  return { server, directory, variables, panel }
}

/** Runs a block of a page in a shell; what it prints. Keys that are shown once are kept, as a reader would. */
export async function runBlock({ directory, variables }: Shop, block: string): Promise<string> {
  const env = { ...commandEnvironment(), ...variables }
  const child = spawn('bash', ['-euo', 'pipefail', '-c', block], { cwd: directory, env })
  child.stdin.end()
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  expect({ block, code, err: code === 0 ? '' : err + out }).toEqual({ block, code: 0, err: '' })
  const [, key] = /^Key +(dk_live_\S+)/m.exec(out) ?? []
  const [, staffKey] = /^Staff key \d+ +(\S+)/m.exec(out) ?? []
  const [, token] = /^Token \d+ +(\S+)/m.exec(out) ?? []
  if (token !== undefined) variables['STAFF_TOKEN'] = token
  if (key !== undefined) variables['KEY'] ??= key
  if (staffKey !== undefined) variables['STAFF_KEY'] = staffKey
  return out
}

/** The JSON of a command that must succeed. */
export async function askShop<T>(shop: Shop, command: string): Promise<T> {
  return JSON.parse(await runBlock(shop, `npx docket ${command} --json`)) as T
}
