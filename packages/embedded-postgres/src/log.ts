import { copyFile, open, readFile, stat, truncate } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Application } from './application.ts'
import { giveToOwner } from './place.ts'
import { buffersOf } from './settings.ts'

const limitBytes = 8 * 1024 * 1024

/**
 * Limits the size of the server's log: a larger log is renamed to `….1` and a new one begins. PostgreSQL's own collector limits only
 * the age of its files, and costs a process. This is safe because the server appends, so its next text line goes to the new end.
 * Every process that uses the server calls this; two at once lose at most some text lines of an old log.
 */
export async function trimLog(log: string): Promise<void> {
  const { size } = await stat(log).catch(() => ({ size: 0 }))
  if (size <= limitBytes) return
  await copyFile(log, `${log}.1`)
  await truncate(log)
}

/** Returns the size of the log; makes the log if there is none. */
export async function endOfLog(log: string): Promise<number> {
  const file = await open(log, 'a', 0o600)
  try {
    await giveToOwner(dirname(log), log)
    return (await file.stat()).size
  } finally {
    await file.close()
  }
}

/** Returns the text that the server wrote after that offset. */
export async function readLog(log: string, since: number): Promise<string> {
  const written = await readFile(log).catch(() => Buffer.alloc(0))
  return written.subarray(since).toString('utf8')
}

export function lastLines(written: string): string {
  return written.trimEnd().split('\n').slice(-12).join('\n')
}

/** Returns a solution for a failure: one for the fault in the log if we know it, else a general one. */
export function wayOut(written: string, barrier: string | undefined, application: Application): string {
  if (barrier)
    return `its user may not enter ${barrier}, so choose a data directory elsewhere or run ${application.title} as an ordinary user`
  if (/No space left on device/.test(written)) return 'the disk is full, so make room and start again'
  if (/Permission denied|wrong ownership/.test(written))
    return `files of the directory belong to another user, so run ${application.title} as that user or give it the directory`
  if (/Read-only file system/.test(written)) return 'the disk is mounted read-only, so choose another data directory'
  if (/Cannot allocate memory|could not map anonymous shared memory/.test(written))
    return `there is too little memory for its ${buffersOf(application)} of buffers`
  if (/still in use/.test(written)) return 'processes of an earlier server still run on it, so end them and start again'
  return 'mend what it says, or move the directory away and restore a backup'
}
