import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { appendFile, mkdir, open, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Programs } from './programs.ts'
import { readPassword } from './connection.ts'
import { lastLines, wayOut } from './log.ts'
import type { Place } from './place.ts'
import { isRunning, markOf, parseMark, signal, until } from './processes.ts'
import { settingsFile } from './settings.ts'

/** Returns a cluster of this version, owned by the server's user and with the current settings; makes it if there is none. */
export async function prepareCluster(place: Place, programs: Programs, onEvent: (message: string) => void): Promise<void> {
  await programs.runner.letThrough(place.directory)
  await refuseForeignCluster(place, programs.major)
  await removeHalfMade(place)
  if (!(await exists(place.cluster))) {
    onEvent(`making a new database in ${place.directory}`)
    await makeCluster(place, programs)
  }
  const conf = join(place.cluster, confOf(place))
  await writeFile(conf, settingsFile(place.application), { mode: 0o600 })
  await programs.runner.own(conf)
  await programs.runner.ownAll(place.cluster)
}

async function refuseForeignCluster(place: Place, major: string): Promise<void> {
  const { title, ownServer } = place.application
  if (await exists(join(place.directory, 'PG_VERSION'))) {
    throw new Error(
      `${place.directory} is itself a PostgreSQL cluster, not one of ${title}'s: choose another data directory${ownServer === undefined ? '' : `, or run that server yourself and set ${ownServer} to it`}.`,
    )
  }
  if (!(await exists(place.cluster))) return
  const version = join(place.cluster, 'PG_VERSION')
  const found = (await exists(version)) ? (await readFile(version, 'utf8')).trim() : ''
  if (found === major) return void (await readPassword(place))
  if (found === '')
    throw new Error(
      `The database in ${place.cluster} is damaged, its PG_VERSION is missing: restore the directory from a backup, or move it away to begin with an empty database.`,
    )
  throw new Error(
    `The database in ${place.cluster} was made by PostgreSQL ${found}, and this ${title} brings PostgreSQL ${major}: make a backup with the ${title} that made it, move the directory away, and restore the backup here.`,
  )
}

/** Removes the files of an earlier start that was killed while it made a cluster, and ends its initdb, which survives it. */
async function removeHalfMade(place: Place): Promise<void> {
  const left = (await readdir(place.directory)).filter((name) => name.startsWith(`${basename(place.cluster)}.`))
  if (left.length === 0) return
  const maker = parseMark(await readFile(place.making, 'utf8').catch(() => ''))
  if (maker && isRunning(maker)) {
    signal(maker.pid, 'SIGKILL')
    await until(() => !isRunning(maker), 5_000)
  }
  // Removing is retried, because initdb's own children notice a moment later that it has ended, and write until then.
  for (const name of left) await rm(join(place.directory, name), { recursive: true, force: true, maxRetries: 20, retryDelay: 20 })
  await rm(place.making, { force: true })
}

/** The cluster is made in a temporary directory and renamed, so that a cluster that exists is complete. */
async function makeCluster(place: Place, { bin, runner }: Programs): Promise<void> {
  const draft = `${place.cluster}.${randomUUID()}`
  const passwordFile = `${draft}.password`
  const password = randomBytes(24).toString('base64url')
  try {
    await writeFile(passwordFile, password, { mode: 0o600 })
    await runner.own(passwordFile)
    await mkdir(draft, { mode: 0o700 })
    await runner.own(draft)
    await runInitdb(place, join(bin, 'initdb'), runner, [
      `--pgdata=${draft}`,
      `--username=${place.application.name}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      // Texts sort alike on every system, and the encoding is UTF-8 whatever LANG says.
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
    ])
    await appendFile(join(draft, 'postgresql.conf'), `\ninclude_if_exists = '${confOf(place)}'\n`)
    await writeFile(join(draft, basename(place.password)), password, { mode: 0o600, flush: true })
    await rename(draft, place.cluster)
    await flushDirectory(place.directory)
  } finally {
    await rm(passwordFile, { force: true })
    await rm(draft, { recursive: true, force: true })
    await rm(place.making, { force: true })
  }
}

function confOf({ application }: Place): string {
  return `${application.name}.conf`
}

async function runInitdb(place: Place, program: string, runner: Programs['runner'], args: string[]): Promise<void> {
  const child = runner.spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const output: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => output.push(String(text)))
  const ended = once(child, 'close')
  const mark = child.pid === undefined ? undefined : markOf(child.pid)
  if (mark) await writeFile(place.making, JSON.stringify(mark), { mode: 0o600 })
  const [code, killedBy] = await ended
  if (code === 0) return

  const said = output.join('')
  throw new Error(
    `A new database could not be made in ${place.directory} (initdb ended with ${killedBy ?? code}): ${wayOut(said, await runner.barrier(place.cluster), place.application)}. It said:\n${lastLines(said)}`,
  )
}

async function flushDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(directory)
  await handle.sync().finally(() => handle.close())
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false
      throw error
    },
  )
}
