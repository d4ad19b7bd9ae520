import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** A server in a process of its own, as an operator would run it. */
export interface ServerProcess {
  readonly url: string
  /** Milliseconds from the spawn to the first "ready". */
  readonly readyAfterMs: number
  /** The text of /metrics. */
  metrics(): Promise<string>
  stop(): Promise<void>
}

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Starts `docket serve` without rate limits and without work for the fulfilment loops. */
export function startDocket(settings: Record<string, string>, profiles?: string): Promise<ServerProcess> {
  const env = { DOCKET_ROLE: 'http', DOCKET_RATE_LIMIT: 'off', DOCKET_LOG_LEVEL: 'warn', ...settings }
  const profiling = profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`]
  return startProcess((port) => [...profiling, 'cli/docket.mjs', 'serve', '--port', port], env)
}

const baselines = {
  'one transaction': new URL('one-transaction.ts', import.meta.url),
  static: new URL('static.ts', import.meta.url),
  'instant panel': new URL('instant-panel.ts', import.meta.url),
}

/** Starts one of the servers in this folder. */
export function startBaseline(
  name: keyof typeof baselines,
  words: readonly string[],
  settings: Record<string, string>,
): Promise<ServerProcess> {
  return startProcess((port) => ['--import', 'tsx', fileURLToPath(baselines[name]), port, ...words], settings)
}

async function startProcess(words: (port: string) => string[], settings: Record<string, string>): Promise<ServerProcess> {
  const port = await freePort()
  const { DATABASE_URL: _, ...inherited } = process.env
  const began = performance.now()
  const child = spawn(process.execPath, words(String(port)), {
    cwd: root,
    env: { ...inherited, ...settings },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = once(child, 'exit')
  const url = `http://127.0.0.1:${port}`
  while (!(await isReady(url))) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${words('PORT').join(' ')} ended before it was ready`)
    await pause(5)
  }
  return {
    url,
    readyAfterMs: performance.now() - began,
    metrics: async () => (await fetch(`${url}/metrics`)).text(),
    async stop() {
      child.kill('SIGTERM')
      const force = setTimeout(() => child.kill('SIGKILL'), 20_000)
      await ended
      clearTimeout(force)
    },
  }
}

function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`).then(
    (answer) => answer.status === 200,
    () => false,
  )
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('The system gives no free port')
  return address.port
}
