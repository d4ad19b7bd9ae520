import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { headOf } from '../../server/payments/picture-size.ts'
import { LARGEST_PICTURE, redrawn } from '../../server/payments/pictures.ts'
import { chunk } from '../support/png.ts'

/** A grey PNG of this size; `rows`: how many rows of pixels are really there. */
function png(width: number, height: number, { rows = height, extra = [] as Buffer[] } = {}): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head[8] = 8
  const pixels = deflateSync(Buffer.alloc((width + 1) * rows))
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  return Buffer.concat([signature, chunk('IHDR', head), ...extra, chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))])
}

const WEBP = Buffer.from('UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAgA0JaQAA3AA/vuUAAA=', 'base64')
const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')
const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><script>alert(1)</script></svg>')
const SECRET = '<script>alert("48.8584 N, 2.2945 E")</script>'

/** Of a camera that was held on its side, with more words beside the pixels, and a page behind the end. */
const withMore = (jpeg: Buffer) => {
  const held = [1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0]
  const exif = Buffer.concat([Buffer.from('Exif\0\0II*\0\x08\0\0\0'), Buffer.from(held), Buffer.from(SECRET)])
  const length = Buffer.alloc(2)
  length.writeUInt16BE(exif.length + 2)
  return Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xe1]), length, exif, jpeg.subarray(2), Buffer.from(SECRET)])
}

/** Where the height of a JPEG stands. */
function sizeIn(jpeg: Buffer): number {
  for (let at = 2; ; at += 2 + jpeg.readUInt16BE(at + 2)) if ([0xc0, 0xc1, 0xc2].includes(jpeg[at + 1]!)) return at + 5
}

describe('a picture that a customer sends', () => {
  test('PNG, JPEG and WebP become a JPEG of their pixels, at most 2000 on a side', async () => {
    const jpeg = await redrawn(png(300, 200))
    expect(headOf(jpeg)).toEqual({ kind: 'jpeg', width: 300, height: 200 })
    expect(headOf(await redrawn(jpeg))).toEqual({ kind: 'jpeg', width: 300, height: 200 })
    expect(headOf(await redrawn(WEBP))).toEqual({ kind: 'jpeg', width: 1, height: 1 })
    expect(headOf(await redrawn(png(4100, 1000)))).toEqual({ kind: 'jpeg', width: 1366, height: 333 })
  })

  test('where a photo was taken, texts and a second file behind the first are not kept', async () => {
    const polyglots = [
      withMore(await redrawn(png(64, 64))),
      Buffer.concat([png(64, 64, { extra: [chunk('tEXt', Buffer.from(`Comment\0${SECRET}`))] }), Buffer.from(SECRET)]),
    ]
    for (const polyglot of polyglots) {
      expect(polyglot.includes(SECRET)).toBe(true)
      const kept = await redrawn(polyglot)
      expect(kept.includes('script')).toBe(false)
      expect(kept.includes('Exif')).toBe(false)
    }
  })

  test('a photo of a camera that was held on its side stands upright, and broken words beside the pixels do no harm', async () => {
    const jpeg = await redrawn(png(60, 30))
    expect(headOf(await redrawn(withMore(jpeg)))).toEqual({ kind: 'jpeg', width: 30, height: 60 })
    const broken = Buffer.from('ffe1000a457869660000ffff', 'hex')
    expect(headOf(await redrawn(Buffer.concat([jpeg.subarray(0, 2), broken, jpeg.subarray(2)])))).toEqual({
      kind: 'jpeg',
      width: 60,
      height: 30,
    })
  })

  test.each([
    ['a PNG of 30000 × 30000', png(30_000, 30_000, { rows: 1 }), 'picture_has_too_many_pixels'],
    ['a JPEG that says 65535 × 65535', Buffer.from('ffd8ffc0001108ffffffff03012200021101031101ffd9', 'hex'), 'picture_has_too_many_pixels'],
    ['a picture of more than 8 MB', Buffer.alloc(LARGEST_PICTURE + 1), 'picture_too_large'],
    ['100 MB', Buffer.alloc(100_000_000), 'picture_too_large'],
    ['an SVG', SVG, 'picture_unreadable'],
    ['a GIF', GIF, 'picture_unreadable'],
    ['a page', Buffer.from('<!doctype html><script>alert(1)</script>'), 'picture_unreadable'],
    ['nothing', Buffer.alloc(0), 'picture_unreadable'],
    ['a PNG without its pixels', png(2000, 2000, { rows: 1 }), 'picture_unreadable'],
    ['a PNG that is cut', png(300, 200).subarray(0, 50), 'picture_unreadable'],
    ['the beginning of a JPEG', Buffer.from('ffd8ffe000104a46', 'hex'), 'picture_unreadable'],
    ['a WebP without its pixels', WEBP.subarray(0, 32), 'picture_unreadable'],
    ['no width', png(0, 10), 'picture_unreadable'],
  ])('%s is refused', async (_, picture, code) => {
    await expect(redrawn(picture)).rejects.toMatchObject({ code })
  })

  test.each([
    ['BMP', '424d3600000000000000360000002800000001000000'],
    ['TIFF', '49492a0008000000'],
    ['ICO', '00000100010001010000010018003000000016000000'],
    ['PDF', '255044462d312e370a25e2e3cfd30a'],
    ['ZIP', '504b03041400000008000000'],
    ['HEIC', '000000186674797068656963000000006d69663168656963'],
    ['AVIF', '000000206674797061766966000000006176696631'],
    ['MP4', '000000186674797069736f6d0000020069736f6d'],
    ['GIF with an archive behind it', '47494638396101000100800000000000ffffff2c00000000010001000002024401003b504b0304'],
    ['RIFF that is no WebP', '524946462400000057415645666d7420'],
  ])('a %s is no picture that is read', async (_, hex) => {
    await expect(redrawn(Buffer.from(hex, 'hex'))).rejects.toMatchObject({ code: 'picture_unreadable' })
  })

  /** What the first head says is small, and what the decoder finds is not. */
  const liars: [string, () => Promise<Buffer>][] = [
    ['JPEG with a second head', async () => {
      const large = Buffer.from(await redrawn(png(64, 64)))
      large.writeUInt32BE((20_000 << 16) | 20_000, sizeIn(large))
      return Buffer.concat([large.subarray(0, 2), Buffer.from('ffc00011080001000103011100021101031101', 'hex'), large.subarray(2)])
    }],
    ['PNG with a second head', async () => png(10, 10, { extra: [png(20_000, 20_000, { rows: 1 }).subarray(8, 33)] })],
    ['WebP with a small canvas', async () => {
      const frame = Buffer.from(WEBP.subarray(12))
      frame.writeUInt32LE((16_383 << 16) | 16_383, 14)
      const canvas = Buffer.from('565038580a00000000000000000000000000', 'hex')
      const length = Buffer.alloc(4)
      length.writeUInt32LE(4 + canvas.length + frame.length)
      return Buffer.concat([WEBP.subarray(0, 4), length, Buffer.from('WEBP'), canvas, frame])
    }],
  ] // prettier-ignore

  test.each(liars)('a %s is refused or drawn as small as it says, within bounded memory', async (_, made) => {
    const picture = await made()
    const head = headOf(picture)!
    expect(head.width * head.height).toBeLessThanOrEqual(100)
    const before = process.memoryUsage().rss
    const kept = await redrawn(picture).catch((error: unknown) => {
      expect(error).toMatchObject({ code: 'picture_unreadable' })
      return undefined
    })
    if (kept) expect(headOf(kept)).toMatchObject({ width: head.width, height: head.height })
    expect(process.memoryUsage().rss - before).toBeLessThan(300_000_000)
  })

  test('pixels that unpack to a thousand times their size are read as far as the picture goes', async () => {
    const bomb = png(100, 100, { rows: 2_000_000 })
    expect(bomb.length).toBeLessThan(LARGEST_PICTURE)
    const before = process.memoryUsage().rss
    await redrawn(bomb).catch((error: unknown) => expect(error).toMatchObject({ code: 'picture_unreadable' }))
    expect(process.memoryUsage().rss - before).toBeLessThan(300_000_000)
  })

  test('many at once take turns, and beyond what may wait they are asked to come again', async () => {
    const pictures = await Promise.allSettled(Array.from({ length: 12 }, () => redrawn(png(50, 50))))
    expect(pictures.filter(({ status }) => status === 'fulfilled')).toHaveLength(8)
    expect(pictures.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'pictures_busy' } })
    expect(headOf(await redrawn(png(50, 50)))).toBeDefined()
  })
})
