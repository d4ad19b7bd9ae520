import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { commandEnvironment, docket } from '../support/server-process.ts'

const preload = new URL('preload.mjs', import.meta.url).href

export interface Control {
  /** The clock of the process stands so far from the true one. */
  offset?: number
  /** Its event loop does nothing for `ms`, every `everyMs`, for `forMs` from now on. */
  stall?: { ms: number; everyMs: number; forMs: number }
}

/** A server process on a port of its own, under a supervisor that starts it again when it ends by itself. */
export interface NodeProcess {
  readonly url: string
  readonly pid: () => number | undefined
  start(control?: Control): void
  tell(control: Control): void
  kill(): Promise<void>
  /** SIGTERM; answers the exit code, null when it had to be killed. */
  terminate(withinMs: number): Promise<number | null>
  signal(name: 'SIGSTOP' | 'SIGCONT'): void
  /** The last lines that it wrote. */
  written(): string
  /** How often it ended by itself. */
  readonly ends: { readonly at: number; readonly why: string }[]
  /** No more restarts. */
  leave(): void
}

export async function openNode(settings: Record<string, string>, script = docket): Promise<NodeProcess> {
  const port = await quietPort()
  let child: ChildProcess | undefined
  let exited: Promise<unknown> = Promise.resolve()
  let expected = false
  let left = false
  let control: Control = {}
  const lines: string[] = []
  const ends: { at: number; why: string }[] = []

  function start(more: Control = {}) {
    if (left || isAlive(child)) return
    control = { ...control, ...more }
    expected = false
    const own = spawn(process.execPath, ['--import', preload, script, 'serve'], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      env: {
        ...commandEnvironment(),
        DOCKET_PORT: String(port),
        DOCKET_LOG_LEVEL: 'warn',
        ...settings,
        NEMESIS_CONTROL: JSON.stringify(control),
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    child = own
    delete control.stall
    own.on('error', () => {})
    exited = once(own, 'exit')
    for (const stream of [own.stdout!, own.stderr!]) stream.on('data', (text: Buffer) => note(String(text)))
    own.once('exit', (code, signal) => {
      if (child !== own || expected) return
      ends.push({ at: performance.now(), why: `${signal ?? `code ${code}`}: ${lines.join('').slice(-1500)}` })
      setTimeout(start, 500)
    })
  }

  function note(text: string) {
    lines.push(text)
    if (lines.length > 60) lines.splice(0, 30)
  }

  async function kill() {
    expected = true
    child?.kill('SIGKILL')
    await exited
  }

  return {
    url: `http://127.0.0.1:${port}`,
    pid: () => (isAlive(child) ? child!.pid : undefined),
    start,
    tell(more) {
      control = { ...control, ...more }
      if (isAlive(child) && child!.connected) child!.send(more, () => {})
      delete control.stall
    },
    kill,
    async terminate(withinMs) {
      if (!isAlive(child)) return 0
      expected = true
      const own = child!
      own.kill('SIGTERM')
      const timer = new AbortController()
      const late = new Promise<void>((resolve) => {
        const timeout = setTimeout(resolve, withinMs)
        timer.signal.addEventListener('abort', () => clearTimeout(timeout))
      })
      await Promise.race([exited, late])
      timer.abort()
      // Ended by a signal: by ours, which it had not begun to listen for, or by the kill of another fault meanwhile.
      if (!isAlive(own)) return own.signalCode === null ? own.exitCode : 0
      await kill()
      return null
    },
    signal(name) {
      if (isAlive(child)) child!.kill(name)
    },
    written: () => lines.join(''),
    ends,
    leave() {
      left = true
      expected = true
    },
  }
}

function isAlive(child: ChildProcess | undefined): boolean {
  return child !== undefined && child.pid !== undefined && child.exitCode === null && child.signalCode === null
}

/** Below the range from which the system gives ports to outgoing connections: it stays free while its server is down. */
export async function quietPort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000)
    const server = createServer()
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true))
    })
    if (free) {
      await new Promise((resolve) => server.close(resolve))
      return port
    }
  }
}

/** Processor time that a process has used, in seconds. */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}
