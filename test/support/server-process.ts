import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export const docket = fileURLToPath(new URL('../../cli/docket.mjs', import.meta.url))

/** A server in a process of its own, as an operator starts it. */
export interface ServerProcess {
  readonly url: string
  readonly process: ChildProcess
  /** Everything it has written so far. */
  readonly written: () => string
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  /** SIGTERM; answers the exit code. */
  stop(): Promise<number | null>
  /** kill -9. */
  kill(): Promise<void>
}

const running = new Set<ServerProcess>()

/** Starts `docket serve` (or another command that serves) and waits until it tells its address. */
export async function serve(
  settings: Record<string, string>,
  command: readonly string[] = ['serve'],
  nodeOptions: readonly string[] = [],
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [...nodeOptions, docket, ...command], {
    env: { ...commandEnvironment(), DOCKET_PORT: '0', DOCKET_RATE_LIMIT: 'off', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return watch(child)
}

/** The same for a process that was started otherwise and ends up as a server. */
export async function watch(child: ChildProcess): Promise<ServerProcess> {
  let written = ''
  const exited = once(child, 'exit').then(([code, signal]) => ({ code: code as number | null, signal: signal as NodeJS.Signals | null }))
  const url = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout!, child.stderr!]) {
      createInterface({ input: stream }).on('line', (line) => {
        written += `${line}\n`
        const told = /Docket is ready on (http:\/\/[^"\s]+)/.exec(line)
        if (told) resolve(told[1]!)
      })
    }
    void exited.then(({ code }) => reject(new Error(`It ended with ${code} before it was ready:\n${written}`)))
  })
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  try {
    const server: ServerProcess = {
      url: await url,
      process: child,
      written: () => written,
      exited,
      async stop() {
        child.kill('SIGTERM')
        return (await exited).code
      },
      kill,
    }
    running.add(server)
    void exited.then(() => running.delete(server))
    return server
  } catch (error) {
    await kill()
    throw error
  }
}

/** For afterEach: ends what a failed test left. */
export async function endServers(): Promise<void> {
  for (const server of running) await server.kill()
}

/** Without the settings of whoever runs the tests. */
export function commandEnvironment(): Record<string, string> {
  const own = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('DOCKET_') && name !== 'DATABASE_URL' && name !== 'NODE_OPTIONS',
  )
  return Object.fromEntries(own.filter((entry): entry is [string, string] => entry[1] !== undefined))
}
