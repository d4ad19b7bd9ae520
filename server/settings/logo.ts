import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'

/** A picture that pages show beside the name of the house. */
export interface Logo {
  readonly bytes: Buffer
  readonly type: string
  readonly extension: string
}

const LARGEST_LOGO = 200_000
const types: Readonly<Record<string, string>> = { svg: 'image/svg+xml', png: 'image/png', webp: 'image/webp', jpg: 'image/jpeg' }

/** Reads the logo that the environment names, at the start, so that a wrong path is reported then. Throws an Error with a one-sentence message. */
export function readLogoFile(file: string): Logo {
  const bytes = readBytes(file)
  if (bytes.length > LARGEST_LOGO) throw new Error(`DOCKET_LOGO ${file} must not be larger than ${LARGEST_LOGO} bytes.`)
  const extension = path.extname(file).slice(1).toLowerCase()
  return { bytes, extension, type: types[extension]! }
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new Error(`DOCKET_LOGO ${file} cannot be read: ${(error as Error).message}`, { cause: error })
  }
}

const DATA_ADDRESS = /^data:image\/(svg\+xml|png);base64,([A-Za-z0-9+/]+=*)$/

/** Whether this is a picture that we show: an SVG that does nothing but draw, or a PNG, within our bound. */
export function isLogo(dataAddress: string): boolean {
  return logoIn(dataAddress) !== undefined
}

/** The picture in a `data:` address; undefined: it is none that we show. */
export function logoIn(dataAddress: string): Logo | undefined {
  const [, kind, base64] = DATA_ADDRESS.exec(dataAddress) ?? []
  const bytes = base64 === undefined ? undefined : Buffer.from(base64, 'base64')
  return bytes && logoOf(bytes, kind === 'png' ? 'png' : 'svg')
}

/** Bytes as they were uploaded, as a `data:` address; undefined: they are no picture that we show. */
export function dataAddressOf(bytes: Buffer): string | undefined {
  const logo = logoOf(bytes, bytes.subarray(0, PNG.length).equals(PNG) ? 'png' : 'svg')
  return logo && `data:${logo.type};base64,${bytes.toString('base64')}`
}

export function logoOf(bytes: Buffer, extension: string): Logo | undefined {
  if (bytes.length > LARGEST_LOGO || !(extension === 'png' ? isPng(bytes) : isPlainSvg(bytes))) return undefined
  return { bytes, extension, type: types[extension]! }
}

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const HEAD_BYTES = 24
const LONGEST_SIDE = 4096

/** A PNG tells its size first: a small file may unpack to a huge picture. */
function isPng(bytes: Buffer): boolean {
  if (bytes.length < HEAD_BYTES || !bytes.subarray(0, PNG.length).equals(PNG) || bytes.toString('latin1', 12, 16) !== 'IHDR') return false
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)].every((side) => side > 0 && side <= LONGEST_SIDE)
}

/** What an SVG does not need for drawing: scripts, handlers, pages within it, entities, and anything from elsewhere. */
const NOT_DRAWING = [
  /<!(?:doctype|entity)/i,
  /<\?xml-stylesheet/i,
  /<(?:[\w-]+:)?(?:script|foreignobject|iframe|image|handler|listener)/i,
  /[\s"']on\w+=/i,
  /href=(?!["']?#)/i,
  /url\((?!["']?#)/i,
  /@import/i,
  /javascript:/i,
]

function isPlainSvg(bytes: Buffer): boolean {
  const text = bytes.toString('utf8')
  if (text.includes('\uFFFD') || text.includes('\0')) return false
  const body = text
    .replace(/^\uFEFF/, '')
    .replace(/^\s*<\?xml[^>]*\?>/, '')
    .replace(/^(?:\s*<!--(?:(?!-->)[^])*-->)*\s*/, '')
  return /^<svg[\s>]/.test(body) && /<\/svg>\s*$|^<svg[^>]*\/>\s*$/.test(body) && !NOT_DRAWING.some((never) => never.test(tight(body)))
}

/** Without the spaces that may stand around =, < and (, so that nothing hides behind them. */
function tight(svg: string): string {
  return svg
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?= ?/g, '=')
    .replaceAll(/([<(]) /g, '$1')
}

/** What the log tells of a picture. */
export function logoWords({ extension, bytes }: Logo): string {
  return `${extension}, ${bytes.length} bytes, ${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}`
}
