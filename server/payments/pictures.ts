import { Worker } from 'node:worker_threads'
import { refuse } from '../refusal.ts'
import { headOf, type PictureHead } from './picture-size.ts'

/** In bytes, as it is sent. */
export const LARGEST_PICTURE = 8 * 1024 * 1024
/** A photo of a phone has 12 million pixels; a decoder needs about eight bytes for each, and there is one at a time. */
const MOST_PIXELS = 20_000_000
const TIME_LIMIT_MS = 20_000
const MOST_WAITING = 8
const WORKER = new URL('./picture-worker.mjs', import.meta.url)
const MEMORY = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 }

let waiting = 0
let last: Promise<unknown> = Promise.resolve()

/**
 * A new JPEG of the pixels of a PNG, JPEG or WebP, so that nothing else is kept: no place and time of a photo, no second file behind the first. Throws a
 * Refusal for whatever is no such picture, is too large, or cannot be decoded.
 */
export async function redrawn(picture: Buffer): Promise<Buffer> {
  if (picture.length > LARGEST_PICTURE) throw refuse('picture_too_large', LARGEST_PICTURE / 1024 / 1024)
  const head = headOf(picture)
  if (!head) throw refuse('picture_unreadable')
  if (head.width * head.height > MOST_PIXELS) throw refuse('picture_has_too_many_pixels', MOST_PIXELS / 1_000_000)
  if (waiting >= MOST_WAITING) throw refuse('pictures_busy')
  waiting += 1
  const turn = last.then(() => redrawnByWorker(picture, head))
  last = turn.catch(() => {}).finally(() => (waiting -= 1))
  return turn
}

async function redrawnByWorker(picture: Buffer, head: PictureHead): Promise<Buffer> {
  const worker = new Worker(WORKER, { workerData: { ...head, bytes: picture }, resourceLimits: MEMORY, execArgv: [], env: {} })
  // Whatever goes wrong in it is the picture's fault, and is told by nothing else.
  const made = new Promise<Uint8Array | null>((resolve) => {
    worker.once('message', resolve)
    worker.once('error', () => resolve(null))
    worker.once('exit', () => resolve(null))
  })
  const timer = setTimeout(() => void worker.terminate(), TIME_LIMIT_MS)
  try {
    const bytes = await made
    if (bytes === null) throw refuse('picture_unreadable')
    return Buffer.from(bytes)
  } finally {
    clearTimeout(timer)
    await worker.terminate()
  }
}
