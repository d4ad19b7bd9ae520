import { codeOf, messageOf } from './fault.ts'
import { isRunning, type ProcessMark } from './processes.ts'
import type { RunningServer } from './running.ts'

export interface Watch {
  /** Starts no server any more; an attempt that has begun is finished. */
  stop(): void
}

const LOOK_EVERY_MS = 1000
const LONGEST_PAUSE_MS = 30_000

/** Watches a server that something else may stop: the system when memory runs out, a full disk, a person. When it has ended it is started again,
 * at once and then with growing pauses without a limit, because the cause (a full disk, for example) may end without us. */
export function watchServer(
  server: RunningServer,
  startAgain: () => Promise<RunningServer>,
  onEvent: (message: string, level: 'info' | 'warn') => void,
): Watch {
  let current = server.process
  let stopped = false
  let timer = next(LOOK_EVERY_MS, look)

  async function look(): Promise<void> {
    if (stopped) return
    if (isThere(current)) {
      timer = next(LOOK_EVERY_MS, look)
      return
    }
    onEvent(`PostgreSQL (process ${current.pid}) has ended and nobody here stopped it: starting it again`, 'warn')
    await bringBack(performance.now(), LOOK_EVERY_MS)
  }

  async function bringBack(since: number, pause: number): Promise<void> {
    if (stopped) return
    try {
      current = (await startAgain()).process
      onEvent(`PostgreSQL runs again after ${Math.ceil((performance.now() - since) / 1000)} s`, 'info')
      timer = next(LOOK_EVERY_MS, look)
    } catch (error) {
      if (stopped) return
      onEvent(`PostgreSQL is still away, the next attempt is in ${pause / 1000} s. ${messageOf(error)}`, 'warn')
      timer = next(pause, () => bringBack(since, Math.min(pause * 2, LONGEST_PAUSE_MS)))
    }
  }

  return {
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}

function next(milliseconds: number, act: () => Promise<void>): NodeJS.Timeout {
  return setTimeout(() => void act(), milliseconds).unref()
}

/** On other systems than Linux only a program can report a process's start time, which costs too much for every second; a pid is hardly reused
 * that soon. */
function isThere(server: ProcessMark): boolean {
  if (process.platform === 'linux') return isRunning(server)
  try {
    process.kill(server.pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}
