import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { findRunners, type Runner } from '@docket/embedded-postgres/runner'
import pg from 'pg'
import { findPostgresProgram } from '../load/programs.ts'

export interface DefaultPostgres {
  /** The URL of its database `postgres`. */
  readonly url: string
  /** 15.20 */
  readonly version: string
  stop(): Promise<void>
}

interface Options {
  /** A program with its words that starts the server. */
  readonly before?: readonly string[]
  /** Settings other than those that initdb writes. */
  readonly settings?: Readonly<Record<string, string>>
}

/** A distribution's PostgreSQL in its own directory, with every setting as initdb writes it unless told otherwise; undefined where none is installed. */
export async function startDefaultPostgres(
  directory: string,
  { before = [], settings = {} }: Options = {},
): Promise<DefaultPostgres | undefined> {
  const initdb = await findPostgresProgram('initdb')
  if (initdb === undefined) return undefined
  const data = path.join(directory, 'data')
  await mkdir(data, { recursive: true, mode: 0o700 })
  const runner = await runnerFor(initdb, data)
  const made = await runner.ask(initdb, ['--pgdata', data, '--username=docket', '--auth=trust', '--encoding=UTF8', '--locale=C'])
  if (!made.ok) throw new Error(`initdb failed: ${made.output}`)
  const told = Object.entries({ listen_addresses: '', unix_socket_directories: data, ...settings })
  const postgres = path.join(path.dirname(initdb), 'postgres')
  const [program, ...words] = [...before, postgres, '-D', data]
  const server = runner.spawn(program, [...words, ...told.flatMap(([name, value]) => ['-c', `${name}=${value}`])], { stdio: 'ignore' })
  const url = `postgres://docket@localhost/postgres?host=${encodeURIComponent(data)}`
  const version = await answer(url)
  return {
    url,
    version,
    async stop() {
      const ended = once(server, 'exit')
      server.kill('SIGINT')
      await ended
    },
  }
}

/** PostgreSQL does not run as root: as for the embedded server, a runner that works is found by trying. */
async function runnerFor(program: string, data: string): Promise<Runner> {
  for (const runner of await findRunners(data, undefined)) {
    if (!(await runner.ask(program, ['--version'])).ok) continue
    await runner.own(data)
    return runner
  }
  throw new Error(`${program} cannot be run here`)
}

async function answer(url: string): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => {})
    try {
      await client.connect()
      const { rows } = await client.query<{ server_version: string }>('show server_version')
      return rows[0]!.server_version
    } catch (error) {
      if (attempt === 200) throw error
      await pause(50)
    } finally {
      await client.end().catch(() => {})
    }
  }
}
