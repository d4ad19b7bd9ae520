// Writes the package `docket` as npm publishes it into a new folder: `node cli/pack.mjs FOLDER`, then `npm pack FOLDER` or `npm publish FOLDER`.
// It is built JavaScript with the files that it reads, and needs neither a compiler nor a bundler where it runs (docs/decisions/0082).
import { execFile } from 'node:child_process'
import { copyFile, cp, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { register } from 'tsx/esm/api'
import { bundleCommand, root } from './bundle.mjs'

/** What is not in the bundle: native code, what workers load, and packages that look for files of their own. pg is what node-pg-migrate expects beside it. */
const INSTALLED = ['@jsquash/jpeg', '@jsquash/png', '@jsquash/webp', '@node-rs/argon2', 'node-pg-migrate', 'pg']
/** What the command reads while it runs; everything else of the sources is in the bundle. */
const READ_BESIDE = /\.(sql|py|mjs)$/

/** cli/start.mjs of the package: there is nothing to build (docs/decisions/0021 says why garbage is collected early). Where the folder can be written,
 * Node 22 and newer keep there what V8 compiled. */
const START = `import module from 'node:module'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'

setFlagsFromString('--heap-growing-percent=80')
module.enableCompileCache?.(fileURLToPath(new URL('../dist/compiled', import.meta.url)))
await import('../dist/main.js')
`

async function packTo(folder) {
  await mkdir(folder)
  const { inputs } = await bundleCommand({ outdir: path.join(folder, 'dist'), toRoot: '../', plugins: [await assetsMadeNow()] })
  await writeFile(path.join(folder, 'dist/LICENCES.txt'), await licencesOf(inputs))
  await mkdir(path.join(folder, 'cli'))
  await copyFile(path.join(root, 'cli/docket.mjs'), path.join(folder, 'cli/docket.mjs'))
  await writeFile(path.join(folder, 'cli/start.mjs'), START)
  for (const name of ['README.md', 'LICENSE', '.env.example']) await copyFile(path.join(root, name), path.join(folder, name))
  await cp(path.join(root, 'locales'), path.join(folder, 'locales'), { recursive: true })
  for (const file of await readdir(path.join(root, 'server'), { recursive: true })) {
    if (READ_BESIDE.test(file)) await cp(path.join(root, 'server', file), path.join(folder, 'server', file))
  }
  await writeFile(path.join(folder, 'package.json'), `${JSON.stringify(await published(), undefined, 2)}\n`)
  await pin(folder)
}

/** The texts of styles and scripts as of now, in place of the module that would bundle them at each start. */
async function assetsMadeNow() {
  const unregister = register({ tsconfig: path.join(root, 'tsconfig.json') })
  const { scriptNames } = await import('../server/web/assets.ts')
  const { assetTexts } = await import('../server/web/asset-texts.ts')
  const texts = JSON.stringify([...(await assetTexts(scriptNames))])
  await unregister()
  const contents = `const texts = new Map(${texts})\nexport const assetTexts = async () => texts\n`
  const setup = (building) => building.onLoad({ filter: /[\\/]server[\\/]web[\\/]asset-texts\.ts$/ }, () => ({ contents, loader: 'js' }))
  return { name: 'assets made now', setup }
}

/** The licences of the packages in the bundle, which ask to be kept with every copy. */
async function licencesOf(inputs) {
  const folders = new Set(Object.keys(inputs).flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? []))
  const texts = await Promise.all(
    [...folders].toSorted().map(async (each) => {
      const folder = path.join(root, each)
      const { name, version, license } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'))
      const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice)(\.|-|$)/i.test(file))
      const words = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')))
      return `${name} ${version} (${license})\n\n${words.map((text) => text.trim()).join('\n\n')}\n`
    }),
  )
  return `The programs in this folder contain these packages.\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`
}

async function published() {
  const read = async (file) => JSON.parse(await readFile(path.join(root, file), 'utf8'))
  const [own, { optionalDependencies }] = [await read('package.json'), await read('packages/embedded-postgres/package.json')]
  const { name, version, description, license, type, engines } = own
  const allowScripts = Object.fromEntries(Object.keys(optionalDependencies).map((each) => [each, own.allowScripts[each]]))
  const dependencies = Object.fromEntries(INSTALLED.map((each) => [each, own.dependencies[each]]))
  const bin = { docket: 'cli/docket.mjs' }
  return { name, version, description, license, bin, type, dependencies, optionalDependencies, engines, allowScripts }
}

/** The versions that were tested here are those that everybody gets: npm takes of our lock file what the package still needs. */
async function pin(folder) {
  await copyFile(path.join(root, 'package-lock.json'), path.join(folder, 'package-lock.json'))
  const words = ['install', '--package-lock-only', '--offline', '--ignore-scripts', '--no-audit', '--no-fund']
  await promisify(execFile)('npm', words, { cwd: folder })
  await rename(path.join(folder, 'package-lock.json'), path.join(folder, 'npm-shrinkwrap.json'))
}

if (process.argv[2] === undefined) throw new Error('Say into which new folder: node cli/pack.mjs FOLDER')
await packTo(path.resolve(process.argv[2]))
