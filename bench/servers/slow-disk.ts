import { execFile } from 'node:child_process'
import { chmod, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { EMBEDDED_SETTINGS } from '../../server/db/embedded.ts'
import { type DefaultPostgres, startDefaultPostgres } from './default-postgres.ts'

const run = promisify(execFile)
const source = fileURLToPath(new URL('slow-disk.c', import.meta.url))

/** A distribution's PostgreSQL with the settings of the embedded one, on a disk that is slower by so many milliseconds per durable write. */
export async function startOnSlowDisk(directory: string, ms: number): Promise<DefaultPostgres> {
  // Whoever runs the server must be able to read it.
  await mkdir(directory, { recursive: true, mode: 0o755 })
  await chmod(path.dirname(directory), 0o755)
  const library = path.join(directory, 'slow-disk.so')
  await run('cc', ['-shared', '-fPIC', '-O2', '-o', library, source, '-ldl'])
  const before = ['/usr/bin/env', `LD_PRELOAD=${library}`, `SLOW_DISK_US=${Math.round(ms * 1000)}`]
  const server = await startDefaultPostgres(path.join(directory, 'server'), { before, settings: EMBEDDED_SETTINGS })
  if (server === undefined) throw new Error('A slowed disk needs a PostgreSQL of the distribution (initdb) and a C compiler (cc)')
  return server
}
