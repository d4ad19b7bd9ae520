import { fileURLToPath } from 'node:url'
import type { Sample } from './load.ts'
import { outputOf } from './programs.ts'

const script = fileURLToPath(new URL('forms.lua', import.meta.url))

interface Told {
  count: number
  microseconds: number
  errors: number
  p50: number
  p99: number
}

/** One thread of wrk is enough for all that this server can answer, and leaves the rest of the machine to the server. */
export async function runWrk(
  url: string,
  load: { bodies: string; headers: Readonly<Record<string, string>> },
  connections: number,
  seconds: number,
): Promise<Sample> {
  const headers = Object.entries(load.headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  const words = [
    '-t1',
    `-c${connections}`,
    `-d${seconds}s`,
    '--timeout',
    '20s',
    '-s',
    script,
    ...headers,
    `${url}/api/v2`,
    '--',
    load.bodies,
  ]
  const told = JSON.parse((await outputOf('wrk', words)).trim().split('\n').at(-1)!) as Told
  if (told.errors > 0) throw new Error(`${told.errors} requests failed`)
  return { perSecond: (told.count * 1e6) / told.microseconds, p50: told.p50 / 1000, p99: told.p99 / 1000, count: told.count }
}
