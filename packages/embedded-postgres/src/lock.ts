import { randomUUID } from 'node:crypto'
import { link, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { isRunning, markOfThisProcess, parseMark } from './processes.ts'
import { codeOf } from './fault.ts'

/**
 * Runs the work while no other process, and no other caller in this one, holds the same lock file. A dead holder is recognised by
 * its pid and its start time, not by a missing heartbeat, because a process that was only stopped for a minute must not lose its
 * lock.
 */
export async function withLock<T>(file: string, work: () => Promise<T>, onWait?: (message: string) => void): Promise<T> {
  const ticket = await take(file, onWait)
  try {
    return await work()
  } finally {
    if ((await contentOf(file)) === ticket) await rm(file, { force: true })
  }
}

async function take(file: string, onWait?: (message: string) => void): Promise<string> {
  const ticket = JSON.stringify({ ...markOfThisProcess(), ticket: randomUUID() })
  let nextWord = performance.now() + 5_000
  while (!(await put(file, ticket))) {
    const holder = await contentOf(file)
    if (holder === undefined) continue
    if (isStale(holder)) {
      await breakStale(file, holder)
      continue
    }
    if (performance.now() > nextWord) {
      onWait?.(`waiting for process ${parseMark(holder)?.pid}, which is starting or stopping the same database`)
      nextWord = performance.now() + 10_000
    }
    await pause(10)
  }
  return ticket
}

/** The file appears complete or not at all, because it is made as a link to a file that is already written. */
async function put(file: string, ticket: string): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`
  await writeFile(draft, ticket)
  try {
    await link(draft, file)
    return true
  } catch (error) {
    // ENOENT: the process that broke a stale lock removed our draft together with the dead holder's.
    const code = codeOf(error)
    if (code === 'EEXIST' || code === 'ENOENT') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

/**
 * Two processes may see the same dead holder, and the slower one must not remove the lock that the quicker one has just taken. So a
 * process that removes a stale lock holds a second lock, and checks again before it removes the first. The second lock is of the
 * same kind, so it is recovered in the same way if its holder dies.
 */
async function breakStale(file: string, holder: string): Promise<void> {
  await withLock(`${file}.breaking`, async () => {
    if ((await contentOf(file)) !== holder) return
    await sweepDrafts(file)
    await rm(file, { force: true })
  })
}

async function sweepDrafts(file: string): Promise<void> {
  const draft = new RegExp(`^${basename(file).replaceAll('.', '\\.')}\\.[0-9a-f-]{36}$`)
  for (const name of await readdir(dirname(file))) {
    if (draft.test(name)) await rm(join(dirname(file), name), { force: true })
  }
}

function isStale(holder: string): boolean {
  const mark = parseMark(holder)
  return !mark || !isRunning(mark)
}

async function contentOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}
