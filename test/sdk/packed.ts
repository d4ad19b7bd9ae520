import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rename, rm, symlink } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export const run = promisify(execFile)
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** The package as npm would publish it, and a project that has installed it. */
export interface Packed {
  readonly tarball: string
  readonly project: string
  remove(): Promise<void>
}

/** Builds and packs the SDK, and unpacks it where a project finds it by its name, with nothing of this repository beside it. */
export async function packSdk(): Promise<Packed> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'docket-sdk-'))
  const project = path.join(folder, 'project')
  await run(process.execPath, ['--import', 'tsx', 'sdk/build.ts'], { cwd: root })
  await run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { cwd: path.join(root, 'sdk') })
  const tarball = path.join(
    folder,
    (await readdir(folder)).find((name) => name.endsWith('.tgz'))!,
  )
  await run('tar', ['-xzf', tarball, '-C', folder])
  await mkdir(path.join(project, 'node_modules/@docket'), { recursive: true })
  await rename(path.join(folder, 'package'), path.join(project, 'node_modules/@docket/sdk'))
  await mkdir(path.join(project, 'node_modules/@types'))
  for (const name of ['@types/node', 'undici-types'])
    await symlink(path.join(root, 'node_modules', name), path.join(project, 'node_modules', name))
  return { tarball, project, remove: () => rm(folder, { recursive: true, force: true }) }
}
