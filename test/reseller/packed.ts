import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export const exec = promisify(execFile)
const sources = fileURLToPath(new URL('../../reseller/', import.meta.url))

/** The package as npm publishes it, unpacked where there is nothing of this repository. */
export interface Packed {
  readonly folder: string
  readonly files: readonly string[]
  /** The command as npm links it. */
  readonly command: string
  remove(): Promise<void>
}

export async function packCommand(): Promise<Packed> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'docket-order-'))
  const built = path.join(folder, 'built')
  await mkdir(built)
  for (const name of ['package.json', 'docket-order.mjs', 'README.md']) await copyFile(path.join(sources, name), path.join(built, name))
  await exec(process.execPath, [path.join(sources, 'build.mjs'), path.join(built, 'dist')])
  const { stdout } = await exec('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], { cwd: built })
  const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }]
  await exec('tar', ['-xzf', path.join(folder, filename), '-C', folder])
  await rm(built, { recursive: true })
  await rename(path.join(folder, 'package'), path.join(folder, 'installed'))
  const command = path.join(folder, 'installed/docket-order.mjs')
  return { folder, files: files.map((file) => file.path), command, remove: () => rm(folder, { recursive: true, force: true }) }
}
