import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { createGunzip, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packed, unpacked } from '../../server/move-in/tar.ts'

let folder: string
let plain: Buffer
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'docket-tar-'))
  await writeFile(path.join(folder, 'about.json'), '{}')
  await writeFile(path.join(folder, 'orders.jsonl'), 'x'.repeat(3000))
  plain = await wholeOf(packed(folder))
})
afterAll(() => rm(folder, { recursive: true }))

async function wholeOf(bytes: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of bytes) parts.push(part)
  return Buffer.concat(parts)
}

/** The sizes of the files by their names; the code of what is wrong, if something is. */
async function read(gzipped: Buffer): Promise<Record<string, number> | string> {
  const found: Record<string, number> = {}
  try {
    for await (const { name, pieces } of unpacked(Readable.from([gzipped]).pipe(createGunzip()) as AsyncIterable<Buffer>))
      found[name] = (await wholeOf(pieces)).length
    return found
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('an archive', () => {
  test('is read whole, also with the padding of other programs', async () => {
    const files = { 'about.json': 2, 'orders.jsonl': 3000 }
    expect(await read(gzipSync(plain))).toEqual(files)
    expect(await read(gzipSync(Buffer.concat([plain, Buffer.alloc(20_480)])))).toEqual(files)
  })

  test('is refused wherever it is cut off', async () => {
    const gzipped = gzipSync(Buffer.concat([plain, Buffer.alloc(10_240)]))
    for (let end = 0; end < gzipped.length; end += 1) expect([end, await read(gzipped.subarray(0, end))]).toEqual([end, expect.any(String)])
  })

  test('is refused when its checksum is not that of its bytes', async () => {
    const gzipped = gzipSync(plain)
    gzipped[gzipped.length - 6]! ^= 1
    expect(await read(gzipped)).toBe('Z_DATA_ERROR')
  })

  test('is refused when something comes behind its end, or zeros without an end', async () => {
    expect(await read(gzipSync(Buffer.concat([plain, Buffer.from('more')])))).toBe('incorrect_archive')
    expect(await read(gzipSync(Buffer.concat([plain, Buffer.alloc(2_000_000)])))).toBe('incorrect_archive')
  })
})
