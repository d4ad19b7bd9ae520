// Docket as plain JavaScript, bundled once per state of its sources: starting from the TypeScript sources takes three times as long
// (docs/decisions/0017).
import { existsSync, readdirSync, statSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundleCommand, root } from './bundle.mjs'

const folder = path.join(root, 'node_modules', '.cache', 'docket')
const current = path.join(folder, 'current.json')

/** A running server may still load a part of the build that it was started from. */
const KEPT = 5
const KEPT_MS = 7 * 24 * 3_600_000

/** The URL of the bundled command for exactly these sources, built now if it does not exist. Undefined where a build cannot be stored. */
export async function findBuild() {
  try {
    return (await builtBefore()) ?? (await build())
  } catch {
    return undefined
  }
}

/** A build is up to date when each source file still has the size and the time that it was built from. */
async function builtBefore() {
  const told = await readFile(current, 'utf8').catch(() => undefined)
  if (told === undefined) return undefined
  const { entry, stamps } = JSON.parse(told)
  const isSame = existsSync(path.join(folder, entry)) && Object.entries(stamps).every(([file, stamp]) => stampOf(file) === stamp)
  return isSame ? addressOf(entry) : undefined
}

function addressOf(entry) {
  return pathToFileURL(path.join(folder, entry)).href
}

/** Several processes may build at once: each writes to its own folder, and the build that ends last is used from then on. */
async function build() {
  const began = Date.now()
  const name = `${began}-${process.pid}`
  // Sources that look for files in their own folder find it from the folder of the build, node_modules/.cache/docket/<build>/.
  const { inputs } = await bundleCommand({ outdir: path.join(folder, name), toRoot: '../../../../', sourcemap: 'linked' })
  // Otherwise Node reads each file as CommonJS first, and again when that fails.
  await writeFile(path.join(folder, name, 'package.json'), '{"type":"module"}')
  const own = Object.keys(inputs).filter((file) => !file.includes('node_modules/'))
  const sources = ['cli/build.mjs', 'cli/bundle.mjs', 'tsconfig.json', 'package-lock.json', ...own]
  const entry = `${name}/main.js`
  if (sources.every((file) => statSync(path.join(root, file)).mtimeMs < began)) {
    const stamps = Object.fromEntries(sources.map((file) => [file, stampOf(file)]))
    await writeFile(`${current}.${process.pid}`, JSON.stringify({ entry, stamps }))
    await rename(`${current}.${process.pid}`, current)
    await forgetOld(began)
  }
  return addressOf(entry)
}

function stampOf(file) {
  // A thousand files at each start: path.join would take as long as the look at the file.
  const found = statSync(root + file, { throwIfNoEntry: false })
  return found && `${found.size} ${found.mtimeMs}`
}

async function forgetOld(now) {
  const builds = readdirSync(folder).filter((name) => /^\d+-\d+$/.test(name))
  const old = builds
    .toSorted((a, b) => parseInt(b) - parseInt(a))
    .slice(KEPT)
    .filter((name) => now - parseInt(name) > KEPT_MS)
  await Promise.all(old.map((name) => rm(path.join(folder, name), { recursive: true, force: true })))
}
