import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, lstat, readFile, readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { messageOf } from './fault.ts'

/**
 * PostgreSQL refuses to run as root. Where we are root, it runs as an ordinary user of its own namespace, in which root's files
 * belong to that user; where the system does not allow namespaces, it runs as a real user without rights.
 */
export type AsRoot = 'namespace' | 'user'

export interface Runner {
  readonly name: string
  /** Starts a program; if detached, it leads its own session, so that Ctrl-C in the terminal does not reach it. */
  spawn(program: string, args: string[], options: { stdio: StdioOptions; detached?: boolean }): ChildProcess
  ask(program: string, args: string[]): Promise<{ ok: boolean; output: string }>
  /** Makes the server's user the owner of a file or directory. */
  own(path: string): Promise<void>
  /** The same for everything below a directory, unless the directory is that user's already. */
  ownAll(directory: string): Promise<void>
  /** Lets the server's user pass through a directory. */
  letThrough(directory: string): Promise<void>
  /** Returns the first directory on the path that the server's user may not enter. */
  barrier(path: string): Promise<string | undefined>
}

/** The possible runners for the server here, the best first; each must be tried to know whether it works. */
export async function findRunners(cluster: string, asRoot: AsRoot | undefined): Promise<Runner[]> {
  if (process.getuid?.() !== 0) return [runner('this user', [])]
  const namespace = runner('a user of a namespace', ['unshare', '-U', '--map-user=1000', '--map-group=1000'], { uid: 0, gid: 0 })

  // A cluster keeps its owner, so a user who is not root can still run the application after root did so once.
  const owner = await stat(cluster).catch(() => undefined)
  const user = async (): Promise<Runner> => {
    const ids = owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : await nobody()
    return runner(`user ${ids.uid}`, [], ids)
  }
  if (asRoot === 'namespace') return [namespace]
  if (asRoot === 'user' || (owner && owner.uid !== 0)) return [await user()]
  return [namespace, await user()]
}

function runner(name: string, prefix: string[], ids?: { uid: number; gid: number }): Runner {
  const start: Runner['spawn'] = (program, args, options) => {
    const [command = program, ...rest] = [...prefix, program, ...args]
    return spawn(command, rest, { ...options, ...(ids?.uid ? ids : {}), cwd: '/', env: bareEnvironment, windowsHide: true })
  }
  return {
    name,
    spawn: start,
    async ask(program, args) {
      const child = start(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
      const output: string[] = []
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => output.push(String(text)))
      try {
        const [code] = await once(child, 'close')
        return { ok: code === 0, output: output.join('') }
      } catch (error) {
        return { ok: false, output: messageOf(error) }
      }
    },
    async own(path) {
      if (ids) await chown(path, ids.uid, ids.gid)
    },
    async ownAll(directory) {
      if (ids && (await stat(directory)).uid !== ids.uid) await chownBelow(directory, ids.uid, ids.gid)
    },
    async letThrough(directory) {
      if (!ids?.uid) return
      const { mode, uid } = await stat(directory)
      if (uid !== ids.uid && (mode & 0o001) === 0) await chmod(directory, (mode & 0o777) | 0o011)
    },
    async barrier(path) {
      if (!ids?.uid) return undefined
      for (const directory of ancestors(path)) {
        const { mode, uid } = await stat(directory)
        if ((uid === ids.uid ? mode & 0o100 : mode & 0o001) === 0) return directory
      }
      return undefined
    },
  }
}

/**
 * The server gets no part of our environment: it does not need our secrets, and PGDATA or LANG would change its behaviour. (Windows
 * adds the variables by itself that every program needs there.)
 */
const bareEnvironment = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC' }

async function nobody(): Promise<{ uid: number; gid: number }> {
  const accounts = await readFile('/etc/passwd', 'utf8').catch(() => '')
  const [, , uid, gid] = /^nobody:.*$/m.exec(accounts)?.[0].split(':') ?? []
  return { uid: Number(uid ?? 65534), gid: Number(gid ?? 65534) }
}

/** The directory itself comes last: when it has its new owner, everything in it has too, even if this process was killed in the middle. */
async function chownBelow(path: string, uid: number, gid: number): Promise<void> {
  const entry = await lstat(path)
  // Following a link would leave the cluster.
  if (entry.isSymbolicLink()) return
  if (entry.isDirectory()) for (const name of await readdir(path)) await chownBelow(join(path, name), uid, gid)
  await chown(path, uid, gid)
}

function ancestors(path: string): string[] {
  const above = dirname(path)
  return above === path ? [] : [...ancestors(above), above]
}
