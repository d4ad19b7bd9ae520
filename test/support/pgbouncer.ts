import { spawn, spawnSync } from 'node:child_process'
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { ownerIds } from '../nemesis/cluster.ts'
import { eventually } from './clients.ts'
import { onServer } from './database-server.ts'
import { freePort } from './free-port.ts'
import { openProxy } from './proxy.ts'

const PROGRAM = ['pgbouncer', '/usr/sbin/pgbouncer'].find((program) => spawnSync(program, ['--version']).status === 0)
export const hasPgBouncer = PROGRAM !== undefined

export interface PgBouncer {
  readonly url: string
  close(): Promise<void>
}

/** A PgBouncer as Debian has it, before the database of an address. */
export async function openPgBouncer(databaseUrl: string, mode: 'session' | 'transaction'): Promise<PgBouncer> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'docket-pgbouncer-'))
  const { uid, gid } = ownerIds()
  // The socket of an embedded server is for its own user only.
  const way = await openProxy(databaseUrl)
  const url = new URL(way.url)
  const name = decodeURIComponent(url.pathname.slice(1))
  const port = await freePort()
  const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)]
  await writeFile(path.join(directory, 'users'), `"${user}" "${password}"\n`)
  await writeFile(
    path.join(directory, 'ini'),
    `[databases]
${name} = host=127.0.0.1 port=${url.port} dbname=${name} user=${user} password='${password}'
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${directory}/users
pool_mode = ${mode}
default_pool_size = 40
ignore_startup_parameters = extra_float_digits
`,
  )
  await chmod(directory, 0o755)
  if (uid !== undefined) for (const file of ['', 'users', 'ini']) await chown(path.join(directory, file), uid, gid!)
  const child = spawn(PROGRAM!, [path.join(directory, 'ini')], { ...ownerIds(), cwd: '/', stdio: 'ignore' })
  child.on('error', () => {})
  const through = `postgres://${encodeURIComponent(user)}@127.0.0.1:${port}/${name}`
  await eventually(
    'PgBouncer answers',
    () =>
      onServer(through, 'select 1').then(
        () => true,
        () => false,
      ),
    60,
  )
  return {
    url: through,
    async close() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      setTimeout(() => child.kill('SIGKILL'), 2000).unref()
      await ended
      await way.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
