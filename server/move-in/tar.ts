import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { refuse } from '../refusal.ts'

/** Archives of POSIX tar (ustar) with plain files only: enough for an export, and read by every tar. */
const BLOCK = 512

/** The files of a folder as an archive. */
export async function* packed(folder: string): AsyncGenerator<Buffer> {
  for (const name of (await readdir(folder)).toSorted()) {
    const file = path.join(folder, name)
    const { size, mtimeMs } = await stat(file)
    yield headOf(name, size, Math.floor(mtimeMs / 1000))
    let written = 0
    for await (const piece of createReadStream(file)) {
      written += (piece as Buffer).length
      yield piece as Buffer
    }
    if (written !== size) throw new Error(`${name} changed while it was packed`)
    yield Buffer.alloc(padding(size))
  }
  yield Buffer.alloc(2 * BLOCK)
}

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK
}

function headOf(name: string, size: number, modified: number): Buffer {
  const head = Buffer.alloc(BLOCK)
  head.write(name, 0, 100, 'utf8')
  writeOctal(head, 0o600, 100, 8)
  writeOctal(head, 0, 108, 8)
  writeOctal(head, 0, 116, 8)
  writeSize(head, size)
  writeOctal(head, modified, 136, 12)
  head.write('0', 156)
  head.write('ustar\u000000', 257, 'latin1')
  head.write('        ', 148)
  writeOctal(head, head.reduce((sum, byte) => sum + byte, 0), 148, 7) // prettier-ignore
  return head
}

function writeOctal(head: Buffer, value: number, at: number, width: number): void {
  head.write(`${value.toString(8).padStart(width - 1, '0')}\0`, at, 'latin1')
}

const LARGEST_OCTAL = 8 ** 11 - 1

/** Sizes beyond eight gigabytes are written as bytes, as GNU tar does. */
function writeSize(head: Buffer, size: number): void {
  if (size <= LARGEST_OCTAL) return writeOctal(head, size, 124, 12)
  head[124] = 0x80
  head.writeBigUInt64BE(BigInt(size), 128)
}

/** A file of an archive. All of its pieces are read before the next one is asked for. */
export interface Packed {
  readonly name: string
  readonly size: number
  readonly pieces: AsyncIterable<Buffer>
}

/** Reads an archive as it streams by. Folders are passed over; anything else but a plain file is refused. */
export async function* unpacked(bytes: AsyncIterable<Buffer>): AsyncGenerator<Packed> {
  const source = bytes[Symbol.asyncIterator]()
  let held: Buffer = Buffer.alloc(0)
  /** Up to so many bytes; fewer at the end of the archive only. */
  const take = async (most: number): Promise<Buffer> => {
    if (held.length === 0) {
      const next = await source.next()
      if (next.done === true) return Buffer.alloc(0)
      held = next.value
    }
    const taken = held.subarray(0, most)
    held = held.subarray(taken.length)
    return taken
  }
  const takeAll = async (size: number): Promise<Buffer> => {
    const parts: Buffer[] = []
    for (let left = size; left > 0;) {
      const part = await take(left)
      if (part.length === 0) throw refuse('incorrect_archive')
      parts.push(part)
      left -= part.length
    }
    return Buffer.concat(parts)
  }
  for (;;) {
    const head = await takeAll(BLOCK)
    if (head.every((byte) => byte === 0)) return readEnd(take)
    const { name, size, kind } = readHead(head)
    let left = size
    const pieces = (async function* () {
      while (left > 0) {
        const part = await take(left)
        if (part.length === 0) throw refuse('incorrect_archive')
        left -= part.length
        yield part
      }
    })()
    if (kind === 'file') yield { name, size, pieces }
    for await (const _ of pieces);
    await takeAll(padding(size))
  }
}

/** Programs of tar fill the last of their records, of 10 KB as a rule, with zeros. */
const LONGEST_END = 1_000_000

/** Reads to the end: only there does whoever unpacks the bytes compare their checksum, or find that some are missing. */
async function readEnd(take: (most: number) => Promise<Buffer>): Promise<void> {
  let left = LONGEST_END
  for (let part = await take(left); part.length > 0; part = await take(left)) {
    left -= part.length
    if (left <= 0 || part.some((byte) => byte !== 0)) throw refuse('incorrect_archive')
  }
}

function readHead(head: Buffer): { name: string; size: number; kind: 'file' | 'other' } {
  const sum = head.reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 32 : byte), 0)
  if (Number.parseInt(textAt(head, 148, 8), 8) !== sum) throw refuse('incorrect_archive')
  const kind = String.fromCharCode(head[156]!)
  // Folders, and what some programs write about the next file.
  if (!['0', '\0', '5', 'x', 'g'].includes(kind)) throw refuse('incorrect_archive')
  return { name: textAt(head, 0, 100), size: readSize(head), kind: kind === '0' || kind === '\0' ? 'file' : 'other' }
}

function readSize(head: Buffer): number {
  const size = head[124] === 0x80 ? Number(head.readBigUInt64BE(128)) : Number.parseInt(textAt(head, 124, 12), 8)
  if (!Number.isSafeInteger(size) || size < 0) throw refuse('incorrect_archive')
  return size
}

function textAt(head: Buffer, at: number, width: number): string {
  const bytes = head.subarray(at, at + width)
  const end = bytes.indexOf(0)
  return bytes.subarray(0, end === -1 ? width : end).toString('utf8').trim() // prettier-ignore
}
