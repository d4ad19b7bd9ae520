import { chown, realpath, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Application } from './application.ts'
import { makeDirectories } from './directories.ts'
import { codeOf } from './fault.ts'

/** The paths of all files in the database's directory. */
export interface Place {
  readonly application: Application
  readonly directory: string
  /** PostgreSQL's own data; it appears complete, by a rename */
  readonly cluster: string
  readonly password: string
  /** one file for each process that is using the server */
  readonly users: string
  readonly lock: string
  readonly log: string
  /** the address where the server listened last, if it could have been another one */
  readonly address: string
  /** the process that is making a cluster, so that the next start can end it */
  readonly making: string
}

export async function preparePlace(given: string, application: Application): Promise<Place> {
  try {
    await makeDirectories(resolve(given))
    // The directory always has the same name, whichever path led to it: a running server is recognised by that name.
    const directory = await realpath(resolve(given))
    const cluster = join(directory, 'cluster')
    return {
      application,
      directory,
      cluster,
      // The password is inside the cluster, so that the rename that publishes the cluster publishes its password too.
      password: join(cluster, `${application.name}.password`),
      users: join(directory, 'users'),
      lock: join(directory, 'lock'),
      address: join(directory, 'address.json'),
      log: join(directory, 'postgresql.log'),
      making: join(directory, 'making.json'),
    }
  } catch (error) {
    throw explained(error, given)
  }
}

/** A file that root creates in another user's directory is given to that user, who runs the application there on other days. */
export async function giveToOwner(directory: string, path: string): Promise<void> {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = await stat(directory)
  await chown(path, uid, gid)
}

const reasons: Record<string, string> = {
  EACCES: 'this user may not write there; give it the directory, or choose another data directory',
  EPERM: 'this user may not write there; give it the directory, or choose another data directory',
  EROFS: 'the disk is mounted read-only; choose another data directory',
  ENOSPC: 'the disk is full; make room, or choose another data directory',
  EDQUOT: 'the disk quota is used up; make room, or choose another data directory',
  ENOENT: 'the system lets nobody make a directory there; choose another data directory',
  ENOTDIR: 'a part of that path is a file; choose another data directory',
  EEXIST: 'there is a file of that name; choose another data directory',
}

/** Turns an error of the file system into one sentence with a solution; returns any other error as it is. */
export function explained(error: unknown, directory: string): Error {
  const code = codeOf(error)
  const reason = code === undefined ? undefined : reasons[code]
  if (!reason) return error instanceof Error ? error : new Error(String(error))
  return new Error(`The database directory ${directory} cannot be used: ${reason} (${code}).`, { cause: error })
}
