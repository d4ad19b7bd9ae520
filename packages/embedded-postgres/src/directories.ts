import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { codeOf } from './fault.ts'

/** Like `mkdir -p`. Node's own `recursive` never ends where a file system such as /proc answers "there is no such directory". */
export async function makeDirectories(directory: string): Promise<void> {
  try {
    await mkdir(directory, { mode: 0o700 })
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EEXIST' && (await stat(directory)).isDirectory()) return
    if (code !== 'ENOENT' || (await isDirectory(dirname(directory)))) throw error
    await makeDirectories(dirname(directory))
    await makeDirectories(directory)
  }
}

function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}
