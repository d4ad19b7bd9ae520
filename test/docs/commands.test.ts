import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addAllCommands } from '../../cli/commands/all.ts'
import { eventually } from '../support/clients.ts'
import { freshDatabase, send } from '../support/docket.ts'
import { blocksOf, callsOf, decisionRecords, docsPages, faultOf, readPage } from '../support/docs-pages.ts'
import { cleanUp, makeDirectory } from '../support/embedded-users.ts'
import { FAKE_KEY, type FakeSupplier, openFakeSupplier } from '../support/fake-supplier.ts'
import { commandEnvironment, docket, endServers, serve, type ServerProcess } from '../support/server-process.ts'

/** Blocks marked `sh` are run as they stand, a page after the other in this order. A `json` block right behind one is what it prints. */
interface Page {
  /** Runs beside `docket demo`, or beside `docket serve` on an empty database of its own. */
  readonly beside: 'demo' | 'serve'
  /** Blocks that are not run, by their first line, and why. */
  readonly notRun?: Readonly<Record<string, string>>
  /** Brings about what the page speaks of. Answers texts of the page and what stands for them here. */
  readonly prepare?: (house: House) => Promise<Record<string, string>>
}

const pages: Readonly<Record<string, Page>> = {
  'README.md': {
    beside: 'demo',
    notRun: {
      'npm ci && npm run demo': 'installs packages; the test starts the same demo',
      'npm ci && npm test': 'is what runs this test',
    },
  },
  'docs/getting-started.md': {
    beside: 'serve',
    notRun: { 'npx docket serve': 'ends only when it is stopped; the test has started it' },
  },
  'docs/services.md': { beside: 'demo' },
  'docs/keys.md': { beside: 'demo' },
  'docs/sign-in.md': { beside: 'demo' },
  'docs/webhooks.md': { beside: 'demo', prepare: async () => ({ 'shop.example': '93.184.216.34' }) },
  'docs/promises.md': { beside: 'demo' },
  'docs/suppliers.md': { beside: 'demo', prepare: panelExample },
  'docs/work-by-hand.md': { beside: 'demo' },
  'docs/hand-offs.md': { beside: 'demo', prepare: ordersThatWait },
  'docs/subscriptions.md': { beside: 'demo', prepare: subscriptionsOfBothKinds },
  'docs/database.md': {
    beside: 'demo',
    prepare: async () => ({ 'postgres://docket:secret@db.internal/docket': await freshDatabase() }),
  },
  'docs/operating.md': { beside: 'demo' },
}

/** A running server, and the place in which commands are typed beside it. */
interface House {
  readonly server: ServerProcess
  readonly directory: string
  /** Variables that the pages name. */
  readonly variables: Record<string, string>
}

let panel: FakeSupplier

describe.skipIf(process.platform !== 'linux')('the documents', () => {
  const houses: Partial<Record<Page['beside'], House>> = {}
  let commands: string

  beforeAll(async () => {
    panel = await openFakeSupplier()
    panel.answer('services', [
      {
        service: 77,
        name: 'Views',
        type: 'Default',
        category: 'Ads',
        rate: '0.60',
        min: '100',
        max: '100000',
        refill: false,
        cancel: true,
      },
      {
        service: 91,
        name: 'Posts',
        type: 'Subscriptions',
        category: 'Ads',
        rate: '400',
        min: '1',
        max: '20',
        refill: false,
        cancel: false,
      },
    ])
    commands = await makeDirectory()
    // What npm links is asked for below; npx itself looks for it for half a second each time.
    const npx = `#!/bin/sh\n[ "$1" = docket ] && shift && exec "${process.execPath}" "${docket}" "$@"\n`
    await writeFile(join(commands, 'npx'), npx, { mode: 0o755 })
  })
  afterAll(async () => {
    await endServers()
    await panel.close()
    await cleanUp()
  })

  async function house(beside: Page['beside']): Promise<House> {
    return (houses[beside] ??= await open(beside))
  }

  async function run(block: string, { directory, variables }: House): Promise<string> {
    const env = { ...commandEnvironment(), ...variables, PATH: `${commands}:${process.env['PATH']}` }
    const child = spawn('bash', ['-euo', 'pipefail', '-c', block], { cwd: directory, env })
    child.stdin.end()
    const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
    expect({ block, code, err: code === 0 ? '' : err + out }).toEqual({ block, code: 0, err: '' })
    return out
  }

  test.each(Object.entries(pages))('the commands of %s work as they stand there', async (name, { beside, notRun = {}, prepare }) => {
    const here = await house(beside)
    const meant = { '127.0.0.1:8080': new URL(here.server.url).host, ...(await prepare?.(here)) }
    const left = new Set(Object.keys(notRun))
    let printed: string | undefined
    for (const { language, text: block, follows } of blocksOf(await readPage(name))) {
      if (language === 'json' && follows && printed !== undefined) expect(JSON.parse(printed)).toEqual(JSON.parse(block))
      printed = undefined
      if (language !== 'sh' || left.delete(block.split('\n')[0]!)) continue
      printed = await run(
        block.replaceAll(anyOf(meant), (written) => meant[written]!),
        here,
      )
      noteKeys(printed, here)
    }
    expect([...left]).toEqual([])
  })

  test('every page with commands is run', async () => {
    const withCommands: string[] = []
    for (const page of await docsPages()) {
      if (blocksOf(await readPage(page)).some(({ language }) => language === 'sh')) withCommands.push(page)
    }
    expect(withCommands.toSorted()).toEqual(Object.keys(pages).toSorted())
  })

  test('every command and option that a document names exists', async () => {
    const program = new Command('docket')
    addAllCommands(program)
    const named = [
      'ARCHITECTURE.md',
      'CHANGELOG.md',
      'CONTRIBUTING.md',
      '.env.example',
      ...(await docsPages()),
      ...(await decisionRecords()),
    ]
    const faults: string[] = []
    for (const page of named) {
      const calls = callsOf(await readPage(page)).filter((call) => call !== HASHED_FIRST)
      faults.push(...calls.flatMap((call) => faultOf(call, program) ?? []).map((fault) => `${page}: ${fault}`))
    }
    expect(faults).toEqual([])
  })

  test('every page and picture that a document links to exists', async () => {
    const dead: string[] = []
    for (const page of ['ARCHITECTURE.md', 'CONTRIBUTING.md', ...(await docsPages()), ...(await decisionRecords())]) {
      const targets = [...(await readPage(page)).matchAll(/\]\(([^)\s#]+)/g)].map(([, target]) => target!)
      for (const target of targets.filter((each) => !/^https?:/.test(each))) {
        const file = new URL(target, new URL(`../../${page}`, import.meta.url))
        await access(file).catch(() => dead.push(`${page}: ${target}`))
      }
    }
    expect(dead).toEqual([])
  })

  test('npm has the commands that the README begins with', async () => {
    const root = fileURLToPath(new URL('../../', import.meta.url))
    const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
    expect(scripts).toMatchObject({ demo: 'docket demo', test: 'vitest run' })
    await access(join(root, 'node_modules/.bin/docket'))
  })
})

/** Not a command, but the text that a statement's first hash is made of (docs/statement.md). */
const HASHED_FIRST = 'book N CUR'

async function open(beside: Page['beside']): Promise<House> {
  const directory = await makeDirectory()
  const data = join(directory, 'data')
  const server = await serve({ DOCKET_DATA: data, DOCKET_RATE_LIMIT: 'on' }, [beside])
  const variables: Record<string, string> = { DOCKET_DATA: data }
  if (beside === 'demo') {
    const written = await eventually('the demo has told its key', () => /Key +(dk_live_\S+)/.exec(server.written()) ?? undefined)
    variables['KEY'] = written[1]!
  }
  await writeFile(join(directory, 'acme.key'), FAKE_KEY)
  const list = blocksOf(await readPage('docs/getting-started.md')).find(({ language }) => language === 'json')!
  await writeFile(join(directory, 'services.json'), list.text)
  await mkdir(join(directory, 'restored'))
  return { server, directory, variables }
}

/** In one go, so that what stands for one text is not taken for another. */
function anyOf(meant: Record<string, string>): RegExp {
  return new RegExp(
    Object.keys(meant)
      .map((written) => written.replaceAll(/[.?/]/g, String.raw`\$&`))
      .join('|'),
    'g',
  )
}

/** A reader keeps the keys that are shown once. */
function noteKeys(printed: string, { variables }: House): void {
  const [, key] = /^Key +(dk_live_\S+)/m.exec(printed) ?? []
  const [, staffKey] = /^Staff key \d+ +(\S+)/m.exec(printed) ?? []
  if (key !== undefined) variables['KEY'] ??= key
  if (staffKey !== undefined) variables['STAFF_KEY'] = staffKey
}

async function panelExample(): Promise<Record<string, string>> {
  return { 'https://panel.example/api/v2': `${panel.url} --private-network` }
}

/** Three orders whose answers were lost, one whose end cannot be believed, and an alert. */
async function ordersThatWait(house: House): Promise<Record<string, string>> {
  for (let time = 0; time < 3; time += 1) panel.fail('lost reply', 'add')
  const lost: number[] = []
  for (const post of [1, 2, 3]) {
    lost.push(await order(house, { service: 101, link: `https://example.com/lost/${post}`, quantity: 500 }))
    await eventually(`order ${post} waits for a person`, async () => (await waiting(house)).includes(lost.at(-1)!))
  }
  const partial = await order(house, { service: 101, link: 'https://example.com/partial', quantity: 500 })
  const theirs = await eventually('the panel has it', () => theirsFor('https://example.com/partial'))
  Object.assign(theirs, { status: 'Partial', remains: 1000 })
  await eventually('its end is not believed', async () => (await waiting(house)).includes(partial))
  const [alert] = await json<{ id: number; order: number | null }[]>(house, 'alerts')
  return {
    'acknowledge 7': `acknowledge ${alert!.id}`,
    23501: String(lost[0]),
    23502: String(lost[1]),
    23503: String(lost[2]),
    23504: String(partial),
    8812: String(theirsFor('https://example.com/lost/2')!.id),
  }
}

/** One that its supplier watches, of which two orders came without a quantity that could be known, and one that is told of posts. */
async function subscriptionsOfBothKinds(house: House): Promise<Record<string, string>> {
  const ofPosts = [{ service: 209, name: 'Posts', type: 'Subscriptions', rate: '900', min: 1, max: 20 }]
  await writeFile(join(house.directory, 'posts.json'), JSON.stringify(ofPosts))
  await json(house, 'service', 'import', 'posts.json')
  await json(house, 'service', 'set', '209', '--supplier', 'simulated')
  const fields = { min: 1, max: 5, posts: 5, delay: 0 }
  const fed = await order(house, { ...fields, service: 209, username: 'fed' })
  await json(
    house,
    'service',
    'bind',
    '202',
    '--supplier',
    'acme',
    '--their-service',
    '91',
    '--their-type',
    'Subscriptions',
    '--position',
    '1',
  )
  const watched = await order(house, { ...fields, service: 202, username: 'watched' })
  const theirs = await eventually('the panel watches', () => panel.orders.find(({ fields: { username } }) => username === 'watched'))
  const children = [0, 1].map(() => panel.findPost(theirs.id, { quantity: 1, charge: '0.33333' }).id)
  await eventually('staff are asked', async () => {
    const asked = (await json<{ words: string }[]>(house, 'alerts')).map(({ words }) => words).join('\n')
    return children.every((child) => asked.includes(String(child)))
  })
  return { 'child 12': `child ${watched}`, 8813: String(children[0]), 8814: String(children[1]), 'post 13': `post ${fed}` }
}

async function order(house: House, fields: Record<string, string | number>): Promise<number> {
  const answer = (await (await send(house.server.url, { key: house.variables['KEY'], action: 'add', ...fields })).json()) as {
    order: number
  }
  expect(answer).toEqual({ order: expect.any(Number) })
  return answer.order
}

function theirsFor(link: string) {
  return panel.orders.find(({ fields }) => fields['link'] === link)
}

async function waiting(house: House): Promise<number[]> {
  return (await json<{ order: number }[]>(house, 'hand-off', 'list')).map((row) => Number(row.order))
}

async function json<T>({ directory, variables }: House, ...args: string[]): Promise<T> {
  const child = spawn(process.execPath, [docket, ...args, '--json'], { cwd: directory, env: { ...commandEnvironment(), ...variables } })
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  expect({ args, err }).toEqual({ args, err: '' })
  return JSON.parse(out) as T
}
