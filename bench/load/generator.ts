import { writeFile } from 'node:fs/promises'
import { autocannonFor } from './autocannon.ts'
import type { Fire, Load } from './load.ts'
import { hasProgram } from './programs.ts'
import { runWrk } from './wrk.ts'

/** The cheapest load generator that is installed: it shares the machine with the server that it measures. */
export async function chooseGenerator(file: (name: string) => string): Promise<{ name: string; fire: Fire }> {
  if (!(await hasProgram('wrk'))) {
    console.log(
      'wrk is not on the PATH (Debian: apt-get install wrk): autocannon is used, which costs the server a good part of the processor.',
    )
    return { name: 'autocannon', fire: autocannonFor }
  }
  const files = new Map<Load, Promise<string>>()
  const fire: Fire = async (url, load, connections, seconds) => {
    const bodies = files.get(load) ?? writeBodies(load, file(`${load.name.replaceAll(/\W+/g, '-')}-${files.size}.txt`))
    files.set(load, bodies)
    return runWrk(url, { bodies: await bodies, headers: load.headers ?? {} }, connections, seconds)
  }
  return { name: 'wrk', fire }
}

async function writeBodies(load: Load, path: string): Promise<string> {
  await writeFile(path, `${load.bodies.join('\n')}\n`)
  return path
}
