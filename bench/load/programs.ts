import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { promisify } from 'node:util'

const run = promisify(execFile)

// Debian installs pgbench beside its server, outside the PATH.
const debian = '/usr/lib/postgresql'

/** Whether a program can be run by its name. */
export async function hasProgram(name: string): Promise<boolean> {
  return (await versionOf(name)) !== undefined
}

/** The first text line that the program prints about its version. */
export async function versionOf(program: string, word = '--version'): Promise<string | undefined> {
  try {
    return firstLine((await run(program, [word])).stdout)
  } catch (error) {
    // wrk prints its version together with an error and exits with an error code.
    const { stdout, code } = error as { stdout?: string; code?: unknown }
    return code === 'ENOENT' ? undefined : firstLine(stdout ?? '')
  }
}

/** The name or path of one of PostgreSQL's programs; undefined when it is not installed. */
export async function findPostgresProgram(name: string): Promise<string | undefined> {
  if (await hasProgram(name)) return name
  if (!existsSync(debian)) return undefined
  const versions = readdirSync(debian).toSorted((a, b) => Number(b) - Number(a))
  return versions.map((version) => `${debian}/${version}/bin/${name}`).find((path) => existsSync(path))
}

/** Runs a program to its end and returns what it printed; its errors go to the terminal. */
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
