import { execFile, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { STREAM } from '../../contract/extensions.ts'
import { stream, unchangedList } from '../../server/web/ui/program-samples.ts'
import type { CodeLanguage } from '../../server/web/ui/samples.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { programs } from './programs.ts'

const run = promisify(execFile)

/** The programs of the SDK run in test/sdk/package.test.ts, where it is packed. */
type Language = Exclude<CodeLanguage, 'sdk'>

/** How a sample is started, in a folder that may hold its file. */
const started: Readonly<Record<Language, (code: string) => readonly [string, ...string[]]>> = {
  curl: (code) => ['sh', '-c', `exec ${code} --silent --show-error`],
  php: (code) => ['php', '-r', code.replace('<?php', '')],
  python: (code) => ['python3', '-c', code],
  node: (code) => [process.execPath, '--input-type=module', '-e', code],
  go: () => ['go', 'run', 'main.go'],
}

describe('programs of the documents that are more than one call', () => {
  const docket = openDocket()
  let service: number
  let directory: string
  beforeAll(async () => {
    service = await onSale(docket, { rate: '1' })
    directory = await mkdtemp(path.join(os.tmpdir(), 'docket-programs-'))
  })
  afterAll(() => rm(directory, { recursive: true, force: true }))

  async function words(language: Language, code: string) {
    await writeFile(path.join(directory, 'main.go'), code)
    return started[language](code)
  }

  for (const { language: name, isHere, missing } of programs) {
    const language = name as Language
    const where = isHere ? '' : ` (not on this machine: ${missing})`

    test.skipIf(!isHere)(`${name}: keeps the list of services that it has while it is the newest${where}`, async () => {
      const { key } = await docket.account()
      const [program, ...rest] = await words(language, unchangedList[language](`${docket.node.url}/api/v2`).replaceAll('YOUR_KEY', key))
      const list = path.join(directory, 'services.json')
      await Promise.all(['services.json', 'services.etag'].map((file) => rm(path.join(directory, file), { force: true })))

      await run(program, rest, { cwd: directory })
      expect(JSON.parse(await readFile(list, 'utf8'))).toContainEqual(expect.objectContaining({ service }))
      await writeFile(list, 'kept')
      await run(program, rest, { cwd: directory })
      expect(await readFile(list, 'utf8')).toBe('kept')
    })

    test.skipIf(!isHere)(`${name}: hears of an order the moment it is placed${where}`, async () => {
      const { key } = await docket.account()
      const [program, ...rest] = await words(language, stream[language](`${docket.node.url}/api/v2${STREAM}`).replaceAll('YOUR_KEY', key))
      const child = spawn(program, rest, { cwd: directory, detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
      let heard = ''
      const hears = (text: string) =>
        new Promise<void>((resolve) => {
          const look = () => heard.includes(text) && resolve()
          child.stdout.on('data', look)
          look()
        })
      child.stdout.on('data', (chunk: Buffer) => (heard += chunk.toString()))
      try {
        await hears('event: ready')
        const { order } = await docket.call({ key, action: 'add', service, link: 'https://example.com/p', quantity: 1000 })
        await hears(`"${order}":`)
        expect(heard).toContain('event: changes')
      } finally {
        process.kill(-child.pid!)
      }
    })
  }
})
