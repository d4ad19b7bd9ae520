import { access, readFile } from 'node:fs/promises'
import { Command } from 'commander'
import { expect, test } from 'vitest'
import { addAllCommands } from '../../cli/commands/all.ts'
import { callsOf, decisionRecords, docsPages, faultOf, readPage } from './markdown.ts'

const documents = async () => ['ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...(await docsPages()), ...(await decisionRecords())]

/** Not a command, but the text that a statement's first hash is made of (docs/statement.md). */
const HASHED_FIRST = 'book N CUR'

test('every command and option that a document names exists', async () => {
  const program = new Command('docket')
  await addAllCommands(program)
  const faults: string[] = []
  for (const page of await documents()) {
    const calls = callsOf(await readPage(page)).filter((call) => call !== HASHED_FIRST)
    faults.push(...calls.flatMap((call) => faultOf(call, program) ?? []).map((fault) => `${page}: ${fault}`))
  }
  expect(faults).toEqual([])
})

test('every command explains itself, its arguments and its options', async () => {
  const program = new Command('docket')
  await addAllCommands(program)
  const silent: string[] = []
  const look = (command: Command, words: string) => {
    const parts = [
      ...command.registeredArguments.map((each) => [each.name(), each.description]),
      ...command.options.map((each) => [each.flags, each.description]),
    ]
    if (command.description() === '') silent.push(words)
    silent.push(...parts.filter(([, description]) => description === '').map(([name]) => `${words} ${name}`))
    for (const each of command.commands) look(each, `${words} ${each.name()}`)
  }
  for (const each of program.commands) look(each, each.name())
  expect(silent).toEqual([])
})

test('every page and picture that a document links to exists', async () => {
  const dead: string[] = []
  for (const page of await documents()) {
    const targets = [...(await readPage(page)).matchAll(/\]\(([^)\s#]+)/g)].map(([, target]) => target!)
    for (const target of targets.filter((each) => !/^https?:/.test(each))) {
      await access(new URL(target, new URL(`../../${page}`, import.meta.url))).catch(() => dead.push(`${page}: ${target}`))
    }
  }
  expect(dead).toEqual([])
})

test('npm has the commands that the README begins with, and links docket', async () => {
  const root = new URL('../../', import.meta.url)
  const { scripts } = JSON.parse(await readFile(new URL('package.json', root), 'utf8'))
  expect(scripts).toMatchObject({ demo: 'docket demo', test: 'vitest run' })
  await expect(access(new URL('node_modules/.bin/docket', root))).resolves.toBeUndefined()
})

test('every setting of the example file and of the server is in the other', async () => {
  const read = async (file: string) => new Set((await readPage(file)).match(/\b(?:DOCKET_[A-Z_]+|DATABASE_URL)\b/g))
  const [example, server] = [await read('.env.example'), await read('server/config.ts')]
  expect([...example].toSorted()).toEqual([...server].toSorted())
  for (const page of await docsPages()) {
    const unknown = [...(await read(page))].filter((name) => !server.has(name))
    expect({ page, unknown }).toEqual({ page, unknown: [] })
  }
})
