import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { makeDirectory } from '../../packages/embedded-postgres/test/support/users.ts'
import { commandEnvironment } from '../support/server-process.ts'

const run = promisify(execFile)
const packScript = fileURLToPath(new URL('../../cli/pack.mjs', import.meta.url))

/** What npm says where it reaches no registry. */
const NO_REGISTRY = /code (ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENOTCACHED|E403|E5\d\d)/

/** The package as npm would publish it, below a directory that `cleanUp` removes. */
export interface PackedCommand {
  readonly directory: string
  /** The package’s folder. */
  readonly folder: string
  readonly files: readonly string[]
  readonly tarball: string
}

export async function packCommand(): Promise<PackedCommand> {
  const directory = await makeDirectory()
  const folder = path.join(directory, 'package')
  await run(process.execPath, [packScript, folder], { env: npmEnvironment() })
  const { stdout } = await npm(folder, ['pack', '--json', '--pack-destination', directory])
  const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }]
  return { directory, folder, files: files.map((file) => file.path), tarball: path.join(directory, filename) }
}

/** Undefined where npm reaches no registry. Any other failure is the package's. */
export async function unlessOffline<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (NO_REGISTRY.test((error as { stderr?: string }).stderr ?? '')) return undefined
    throw error
  }
}

/** Installs the package in a folder that has nothing else. */
export const install = (folder: string, { tarball }: PackedCommand) =>
  npm(folder, ['install', tarball, '--prefer-offline', '--no-audit', '--no-fund'])

export async function installedPackages(folder: string): Promise<string[]> {
  const names = (await readdir(path.join(folder, 'node_modules'))).filter((name) => !name.startsWith('.'))
  const scoped = names.map(async (name) =>
    name.startsWith('@') ? (await readdir(path.join(folder, 'node_modules', name))).map((of) => `${name}/${of}`) : [name],
  )
  return (await Promise.all(scoped)).flat()
}

const npm = (folder: string, words: readonly string[]) => run('npm', words, { cwd: folder, env: npmEnvironment() })

/** Without what the npm that runs the tests says of this repository; how registries are reached stays as the machine has it. */
export function npmEnvironment(): Record<string, string> {
  const isOurs = (name: string) => /^npm_(package|lifecycle|config_local_prefix|command|execpath)|^INIT_CWD$/.test(name)
  return Object.fromEntries(Object.entries(commandEnvironment()).filter(([name]) => !isOurs(name)))
}
