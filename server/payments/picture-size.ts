/** What the head of a picture says of it, read before anything is decoded. */
export interface PictureHead {
  readonly kind: 'png' | 'jpeg' | 'webp'
  readonly width: number
  readonly height: number
}

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** Undefined for whatever is not a still PNG, JPEG or WebP, by its own bytes: what it is called does not count. */
export function headOf(picture: Buffer): PictureHead | undefined {
  const head = pngHead(picture) ?? webpHead(picture) ?? jpegHead(picture)
  return head && head.width > 0 && head.height > 0 ? head : undefined
}

function pngHead(picture: Buffer): PictureHead | undefined {
  const isPng = picture.length > 33 && picture.subarray(0, 8).equals(PNG) && picture.toString('latin1', 12, 16) === 'IHDR'
  return isPng ? { kind: 'png', width: picture.readUInt32BE(16), height: picture.readUInt32BE(20) } : undefined
}

const ANIMATED = 0x02
const LOSSLESS_SIGN = 0x2f

function webpHead(picture: Buffer): PictureHead | undefined {
  if (picture.length < 30 || picture.toString('latin1', 0, 4) !== 'RIFF' || picture.toString('latin1', 8, 12) !== 'WEBP') return undefined
  switch (picture.toString('latin1', 12, 16)) {
    case 'VP8X':
      // Each part of it must have the size of the whole, or libwebp refuses it.
      if ((picture[20]! & ANIMATED) !== 0) return undefined
      return { kind: 'webp', width: picture.readUIntLE(24, 3) + 1, height: picture.readUIntLE(27, 3) + 1 }
    case 'VP8L': {
      if (picture[20] !== LOSSLESS_SIGN) return undefined
      const bits = picture.readUInt32LE(21)
      return { kind: 'webp', width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
    }
    case 'VP8 ':
      return { kind: 'webp', width: picture.readUInt16LE(26) & 0x3fff, height: picture.readUInt16LE(28) & 0x3fff }
    default:
      return undefined
  }
}

/** Walks the markers as libjpeg does, to the frame, which says the size. */
function jpegHead(picture: Buffer): PictureHead | undefined {
  if (picture.length < 4 || picture[0] !== 0xff || picture[1] !== 0xd8) return undefined
  let at = 2
  while (at < picture.length) {
    at = picture.indexOf(0xff, at)
    if (at === -1) return undefined
    while (picture[at] === 0xff) at += 1
    const marker = picture[at] ?? 0
    at += 1
    if (isAlone(marker)) continue
    if (at + 7 > picture.length || marker === END || marker === SCAN) return undefined
    if (isFrame(marker)) return { kind: 'jpeg', width: picture.readUInt16BE(at + 5), height: picture.readUInt16BE(at + 3) }
    at += Math.max(2, picture.readUInt16BE(at))
  }
  return undefined
}

const END = 0xd9
const SCAN = 0xda

/** Markers without a length. */
function isAlone(marker: number): boolean {
  return marker === 0 || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)
}

/** C4, C8 and CC are tables and an extension among the frames. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
}
