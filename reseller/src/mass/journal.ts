import {
  closeSync,
  existsSync,
  fdatasync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { promisify } from 'node:util'
import { exits, Failure } from '../failures.ts'

/** Which batch a journal belongs to: another one never goes on in it. */
export interface Head {
  readonly sha256: string
  readonly url: string
  readonly batch: string
  readonly keepsRetryKeys: boolean
}

const states = ['open', 'sent', 'placed', 'refused', 'unknown'] as const
/** `sent`: it was on its way when the journal ends, at a panel without retry keys. `unknown`: there was no clear answer. */
export type State = (typeof states)[number]

export interface Entry {
  readonly number: number
  readonly line: number
  readonly state: State
  readonly order?: string
  readonly error?: string
}

const LONGEST_ENTRY = 4096
const LONGEST_ERROR = 500
const datasync = promisify(fdatasync)

/**
 * What became of each line, appended as it happens: after a kill the next run goes on from here. In memory is a byte and a place in the file for each
 * line; the rest is read when it is asked for.
 */
export class Journal {
  readonly #file: string
  readonly #head: Head
  /** Null until something is written: to look leaves no file. */
  #fd: number | null = null
  #size = 0
  readonly #states: Uint8Array
  readonly #places: Float64Array

  private constructor(file: string, head: Head, lines: number) {
    this.#file = file
    this.#head = head
    this.#states = new Uint8Array(lines)
    this.#places = new Float64Array(lines)
  }

  /** Opens the journal of a batch. One process at a time has it. */
  static open(file: string, head: Head, lines: number): Journal {
    lock(`${file}.lock`)
    const journal = new Journal(file, head, lines)
    try {
      if (existsSync(file)) journal.#load()
      return journal
    } catch (error) {
      journal.close()
      throw error
    }
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd)
    rmSync(`${this.#file}.lock`, { force: true })
  }

  stateOf(number: number): State {
    return states[this.#states[number]!]!
  }

  count(state: State): number {
    const index = states.indexOf(state)
    return this.#states.reduce((sum, each) => sum + (each === index ? 1 : 0), 0)
  }

  entryOf(number: number): Entry | null {
    if (this.stateOf(number) === 'open') return null
    const buffer = Buffer.alloc(LONGEST_ENTRY)
    const read = readSync(this.#fd!, buffer, 0, LONGEST_ENTRY, this.#places[number]!)
    return JSON.parse(buffer.toString('utf8', 0, buffer.subarray(0, read).indexOf(10))) as Entry
  }

  write(entry: Entry): void {
    this.#fd ??= this.#begin()
    this.#note(entry, this.#size)
    this.#append({ ...entry, ...(entry.error !== undefined && { error: entry.error.slice(0, LONGEST_ERROR) }) })
  }

  /** What was written outlives a machine that loses its power. */
  async sync(): Promise<void> {
    await datasync(this.#fd!)
  }

  #begin(): number {
    this.#fd = openSync(this.#file, 'ax+', 0o600)
    this.#append(this.#head)
    return this.#fd
  }

  #append(value: object): void {
    const bytes = Buffer.from(`${JSON.stringify(value)}\n`)
    for (let at = 0; at < bytes.length;) at += writeSync(this.#fd!, bytes, at)
    this.#size += bytes.length
  }

  #note({ number, state }: Entry, place: number): void {
    this.#states[number] = states.indexOf(state)
    this.#places[number] = place
  }

  #load(): void {
    this.#fd = openSync(this.#file, 'a+')
    let isFirst = true
    for (const { text, place } of this.#wholeLines(this.#fd)) {
      const value = JSON.parse(text) as Head | Entry
      if (isFirst) assertSame(this.#file, value as Head, this.#head)
      else this.#note(value as Entry, place)
      isFirst = false
    }
    // A kill in the middle of a write leaves a part of a line.
    ftruncateSync(this.#fd, this.#size)
    if (isFirst) this.#append(this.#head)
  }

  *#wholeLines(fd: number): Generator<{ readonly text: string; readonly place: number }> {
    const all = fstatSync(fd).size
    const buffer = Buffer.alloc(65_536)
    while (this.#size < all) {
      const read = readSync(fd, buffer, 0, buffer.length, this.#size)
      const whole = buffer.subarray(0, read).lastIndexOf(10) + 1
      if (whole === 0) return
      let place = this.#size
      for (const text of buffer.toString('utf8', 0, whole).split('\n').slice(0, -1)) {
        yield { text, place }
        place += Buffer.byteLength(text) + 1
      }
      this.#size += whole
    }
  }
}

function assertSame(file: string, written: Head, head: Head): void {
  const fault = (words: string) => new Failure(exits.usage, 'other_batch', words)
  if (written.sha256 !== head.sha256)
    throw fault(
      `${file} is about this file as it was before: it has been changed since. Some of its lines are ordered already (its result tells which): put the others into a file of their own`,
    )
  if (written.batch !== head.batch) throw fault(`${file} is about another batch of this file: name another --result`)
  if (written.url !== head.url) throw fault(`${file} is about orders at ${written.url}: name another --result to order at another panel`)
  if (written.keepsRetryKeys && !head.keepsRetryKeys)
    throw fault(`${file} was begun when this panel kept retry keys, and now it keeps none: what was on its way then cannot be found out`)
}

/** The process that has the journal. One that was killed leaves its lock, which the next one takes over. */
function lock(file: string): void {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      return writeFileSync(file, String(process.pid), { flag: 'wx', mode: 0o600 })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const holder = Number(readFileSync(file, 'utf8'))
      if (holder > 0 && holder !== process.pid && isAlive(holder))
        throw new Failure(
          exits.fault,
          'under_way',
          `Another run places these orders already (process ${holder}); if there is none, remove ${file}`,
        )
      rmSync(file, { force: true })
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
