// Decodes a picture and makes a new one of its pixels, in a worker of its own: plain JavaScript, because workers know nothing of how the rest is loaded.
// The decoders are WebAssembly: whatever a picture does to them stays within their own memory, which goes with the worker.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'

const LARGEST_SIDE = 2000
// Without the slow search for the last per cent of size.
const QUALITY = { quality: 82, trellis_multipass: false, trellis_opt_zero: false, trellis_opt_table: false, trellis_loops: 1 }

/** The decoders make what browsers call so. */
function ImageData(data, width, height) {
  Object.assign(this, { data, width, height })
}
globalThis.ImageData ??= ImageData

const { resolve } = createRequire(import.meta.url)
const wasm = (name) => WebAssembly.compile(readFileSync(resolve(name)))

const decoders = {
  async png(bytes) {
    const { init, decode } = await import('@jsquash/png/decode.js')
    await init(await wasm('@jsquash/png/codec/pkg/squoosh_png_bg.wasm'))
    return decode(bytes)
  },
  async jpeg(bytes) {
    const { init, default: decode } = await import('@jsquash/jpeg/decode.js')
    await init(await wasm('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm'))
    // How the camera was held is told beside the pixels, so it is done here, if it can be read.
    return decode(bytes, { preserveOrientation: true }).catch(() => decode(bytes, { preserveOrientation: false }))
  },
  async webp(bytes) {
    const { init, default: decode } = await import('@jsquash/webp/decode.js')
    await init(await wasm('@jsquash/webp/codec/dec/webp_dec.wasm'))
    return decode(bytes)
  },
}

async function encode(picture) {
  const { init, default: encodeJpeg } = await import('@jsquash/jpeg/encode.js')
  await init(await wasm('@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm'))
  return encodeJpeg(picture, QUALITY)
}

/** Shrinks by a whole number, by the mean of each square, and lays what is transparent on white. */
function flattened({ data, width, height }) {
  const by = Math.max(1, Math.ceil(Math.max(width, height) / LARGEST_SIDE))
  const [wide, high] = [Math.max(1, Math.floor(width / by)), Math.max(1, Math.floor(height / by))]
  const out = new Uint8ClampedArray(wide * high * 4)
  for (let y = 0, to = 0; y < high; y += 1) {
    for (let x = 0; x < wide; x += 1, to += 4) {
      let [red, green, blue, count] = [0, 0, 0, 0]
      for (let row = y * by; row < Math.min((y + 1) * by, height); row += 1) {
        for (let column = x * by; column < Math.min((x + 1) * by, width); column += 1, count += 1) {
          const from = (row * width + column) * 4
          const alpha = data[from + 3]
          const white = 255 * (255 - alpha)
          red += (data[from] * alpha + white) / 255
          green += (data[from + 1] * alpha + white) / 255
          blue += (data[from + 2] * alpha + white) / 255
        }
      }
      out[to] = red / count
      out[to + 1] = green / count
      out[to + 2] = blue / count
      out[to + 3] = 255
    }
  }
  return new ImageData(out, wide, high)
}

const { kind, bytes, width, height } = workerData
const decoded = await decoders[kind](bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
// A decoder that found another size than the head says was lied to. A photo may stand upright by now.
const isAsSaid = width * height === decoded.width * decoded.height && Math.max(width, height) === Math.max(decoded.width, decoded.height)
const made = isAsSaid ? new Uint8Array(await encode(flattened(decoded))) : null
parentPort.postMessage(made, made === null ? [] : [made.buffer])
