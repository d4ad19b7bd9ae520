import { randomUUID } from 'node:crypto'
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { giveToOwner } from './place.ts'
import { isRunning, markOfThisProcess, parseMark } from './processes.ts'

/** Registers a process among those that keep the server running; call these functions only while holding the directory's lock. */
export async function enter(register: string): Promise<string> {
  await mkdir(register, { recursive: true })
  await giveToOwner(dirname(register), register)
  const entry = join(register, randomUUID())
  await writeFile(entry, JSON.stringify(markOfThisProcess()))
  return entry
}

export async function leave(entry: string): Promise<void> {
  await rm(entry, { force: true })
}

/** Counts the other processes that use the server, and removes the entries of those that died without leaving. */
export async function countOthers(register: string, own: string): Promise<number> {
  let others = 0
  for (const name of await readdir(register)) {
    const entry = join(register, name)
    if (entry === own) continue
    const mark = parseMark(await readFile(entry, 'utf8'))
    if (mark && isRunning(mark)) others += 1
    else await leave(entry)
  }
  return others
}
