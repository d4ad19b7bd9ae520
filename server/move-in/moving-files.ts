import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readdir, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import path from 'node:path'
import { makeDirectories } from '@docket/embedded-postgres/directories'
import { refuse } from '../refusal.ts'

/** A data directory that has files of movings: all nodes that use it can read them, and no other. */
export interface Holder {
  /** Lies in the directory, so that it stays the same whatever the machine is called. */
  readonly id: string
  /** The machine, for people. */
  readonly name: string
}

/** The most that one moving may take. */
export const MOST_FILE_BYTES = 16 * 1024 ** 3
/** So much stays free for the database and the rest of the machine. */
const KEPT_FREE_BYTES = 1024 ** 3

/** The folders of movings below a data directory: each readable by the owner of the process only. */
export class MovingFiles {
  readonly #directory: string
  #holder: Holder | undefined

  constructor(dataDirectory: string) {
    this.#directory = path.join(dataDirectory, 'moving')
  }

  /** Undefined: this directory never had any files of movings. */
  async knownHolder(): Promise<Holder | undefined> {
    const id = this.#holder?.id ?? (await readFile(this.#idFile(), 'utf8').catch(() => undefined))
    if (id) this.#holder = { id, name: hostname() }
    return this.#holder
  }

  /** Two processes that make the file at once end up with the same id: the first link wins. */
  async holder(): Promise<Holder> {
    const known = await this.knownHolder()
    if (known) return known
    await makeDirectories(this.#directory)
    const own = `${this.#idFile()}.${process.pid}.${randomUUID()}`
    await writeFile(own, randomUUID(), { mode: 0o600 })
    await link(own, this.#idFile()).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
    await rm(own)
    return (await this.knownHolder())!
  }

  #idFile(): string {
    return path.join(this.#directory, 'id')
  }

  folderOf({ folder }: { readonly folder: string }): string {
    return path.join(this.#directory, folder)
  }

  fileOf(moving: { readonly folder: string }, name: string): string {
    return path.join(this.folderOf(moving), name)
  }

  /** Null: there is no such file. */
  async sizeOf(moving: { readonly folder: string }, name: string): Promise<number | null> {
    return (await stat(this.fileOf(moving, name)).catch(() => null))?.size ?? null
  }

  async makeFolder(moving: { readonly folder: string }): Promise<void> {
    await mkdir(this.folderOf(moving), { mode: 0o700, recursive: true })
  }

  async removeFolder(moving: { readonly folder: string }): Promise<void> {
    await rm(this.folderOf(moving), { recursive: true, force: true })
  }

  /** Writes bytes at a place of a file, and has them on the disk before it answers. */
  async write(moving: { readonly folder: string }, name: string, at: bigint, bytes: Uint8Array): Promise<void> {
    await this.makeFolder(moving)
    const file = await open(this.fileOf(moving, name), at === 0n ? 'w' : 'r+', 0o600)
    try {
      for (let written = 0; written < bytes.length;)
        written += (await file.write(bytes, written, bytes.length - written, Number(at) + written)).bytesWritten
      await file.datasync()
    } catch (error) {
      throw withoutRoom(error)
    } finally {
      await file.close()
    }
  }

  /** Throws a Refusal when so many bytes more do not fit. */
  async refuseWithoutRoom(bytes: number): Promise<void> {
    await makeDirectories(this.#directory)
    const { bavail, bsize } = await statfs(this.#directory)
    if (bavail * bsize - bytes < KEPT_FREE_BYTES) throw refuse('no_room_for_files')
  }

  /** Folders that are older than any moving keeps its files, and belong to none of these, which are asked for only where there is such a folder. */
  async removeForgotten(known: () => Promise<ReadonlySet<string>>, olderThan: Date): Promise<void> {
    const old: string[] = []
    for (const name of await readdir(this.#directory).catch(() => [])) {
      const found = name.startsWith('id') ? undefined : await stat(path.join(this.#directory, name)).catch(() => undefined)
      if (found?.isDirectory() && found.mtime < olderThan) old.push(name)
    }
    if (old.length === 0) return
    const kept = await known()
    for (const name of old) if (!kept.has(name)) await this.removeFolder({ folder: name })
  }
}

/** The refusal for a full disk; any other error as it is. */
export function withoutRoom(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOSPC' || code === 'EDQUOT' ? refuse('no_room_for_files') : error
}
