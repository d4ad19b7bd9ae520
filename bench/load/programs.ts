import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { promisify } from 'node:util'

const run = promisify(execFile)

// Debian keeps pgbench beside its server, off the PATH.
const debian = '/usr/lib/postgresql'

/** Whether a program can be run by its name. */
export async function hasProgram(name: string): Promise<boolean> {
  return (await versionOf(name)) !== undefined
}

/** The first line of what it says of itself. */
export async function versionOf(program: string, word = '--version'): Promise<string | undefined> {
  try {
    return firstLine((await run(program, [word])).stdout)
  } catch (error) {
    // wrk tells its version together with a complaint.
    const { stdout, code } = error as { stdout?: string; code?: unknown }
    return code === 'ENOENT' ? undefined : firstLine(stdout ?? '')
  }
}

/** The name or path of a program of PostgreSQL; undefined when there is none. */
export async function findPostgresProgram(name: string): Promise<string | undefined> {
  if (await hasProgram(name)) return name
  if (!existsSync(debian)) return undefined
  const versions = readdirSync(debian).toSorted((a, b) => Number(b) - Number(a))
  return versions.map((version) => `${debian}/${version}/bin/${name}`).find((path) => existsSync(path))
}

/** Runs to the end and answers what it printed; what it complains of goes to the terminal. */
export async function outputOf(program: string, words: readonly string[]): Promise<string> {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] })
  const output: string[] = []
  const complaints: string[] = []
  child.stdout.on('data', (text) => output.push(String(text)))
  child.stderr.on('data', (text) => complaints.push(String(text)))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${program} ended with ${String(code)}: ${complaints.join('').trim()}`)
  return output.join('')
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!.trim()
}
