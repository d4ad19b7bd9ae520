import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll } from 'vitest'
import { run } from '../../reseller/src/program.ts'
import type { World } from '../../reseller/src/world.ts'

export interface Said {
  readonly code: number
  readonly out: string
  readonly err: string
}

export interface Typing {
  /** What is piped in. */
  readonly input?: string
  readonly env?: Record<string, string>
  /** Whether a person looks. */
  readonly isTTY?: boolean
  readonly columns?: number
  readonly signal?: AbortSignal
}

export interface CommandLine {
  /** A folder for its files, and for the user's settings in `config/`. */
  readonly folder: string
  type(words: readonly string[], typing?: Typing): Promise<Said>
  /** The JSON that it prints. */
  ask(words: readonly string[], typing?: Typing): Promise<any>
  file(name: string): string
  /** Everything that it has written in this file of tests. */
  readonly written: () => string
}

/** The command as a user has it who has a folder of their own; its calls go through `fetch`, where one is given. */
export function openCommandLine(calls: Pick<World, 'fetch' | 'wait' | 'now'> = {}): CommandLine {
  let written = ''
  const line = { folder: '' }

  beforeAll(async () => {
    line.folder = await mkdtemp(path.join(os.tmpdir(), 'docket-order-'))
  })
  afterAll(() => rm(line.folder, { recursive: true, force: true }))

  async function type(words: readonly string[], { input = '', env = {}, isTTY = false, columns = 80, signal }: Typing = {}): Promise<Said> {
    const said = { out: '', err: '' }
    const terminal = (name: 'out' | 'err') => ({
      isTTY,
      columns,
      write(text: string) {
        said[name] += text
        written += text
      },
    })
    const code = await run(words, {
      env: { XDG_CONFIG_HOME: path.join(line.folder, 'config'), ...env },
      home: line.folder,
      input: Object.assign(Readable.from([input]), { isTTY: false }),
      out: terminal('out'),
      err: terminal('err'),
      signal: signal ?? new AbortController().signal,
      ...calls,
    })
    return { code, ...said }
  }

  return Object.assign(line, {
    type,
    ask: async (words: readonly string[], typing?: Typing) => JSON.parse((await type([...words, '--json'], typing)).out),
    file: (name: string) => path.join(line.folder, name),
    written: () => written,
  })
}
