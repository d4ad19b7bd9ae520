import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { codeOf } from './fault.ts'

/** Identifies one process. The system reuses a pid alone, but not a pid together with its start time. */
export interface ProcessMark {
  readonly pid: number
  readonly started: string
}

let ownMark: ProcessMark | undefined

export function markOfThisProcess(): ProcessMark {
  ownMark ??= markOf(process.pid)
  if (!ownMark) throw new Error('The system does not tell when this process started: /proc or ps is missing.')
  return ownMark
}

export function isRunning(mark: ProcessMark): boolean {
  return markOf(mark.pid)?.started === mark.started
}

/** Returns nothing for a process that has ended, and for a zombie, which holds no file and no memory any more. */
export function markOf(pid: number): ProcessMark | undefined {
  const started = process.platform === 'linux' ? startOnLinux(pid) : process.platform === 'win32' ? startOnWindows(pid) : startByPs(pid)
  return started === undefined ? undefined : { pid, started }
}

export function parseMark(unchecked: string): ProcessMark | undefined {
  try {
    const { pid, started }: { pid: unknown; started: unknown } = JSON.parse(unchecked)
    return typeof pid === 'number' && typeof started === 'string' ? { pid, started } : undefined
  } catch {
    // A crash leaves an incomplete file: the process that wrote it is dead.
    return undefined
  }
}

/** Whether this process runs in that directory, or was started with it as an argument. */
export function worksIn(pid: number, directory: string): boolean {
  if (process.platform !== 'linux') return output('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).includes(directory)
  try {
    if (readlinkSync(`/proc/${pid}/cwd`) === directory) return true
  } catch {
    // The working directory of another user's process is hidden; its arguments are visible to all.
  }
  return readOrEmpty(`/proc/${pid}/cmdline`).split('\0').includes(directory)
}

/** Returns true when the condition became true in time. */
export async function until(condition: () => boolean, milliseconds: number): Promise<boolean> {
  const deadline = performance.now() + milliseconds
  while (!condition()) {
    if (performance.now() > deadline) return false
    await pause(10)
  }
  return true
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error
  }
}

function startOnLinux(pid: number): string | undefined {
  const stat = readOrEmpty(`/proc/${pid}/stat`)
  // The second field is the program's name in brackets, which may contain brackets and spaces too.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, ticksSinceBoot] = [fields[0], fields[19]]
  if (!ticksSinceBoot || state === 'Z' || state === 'X') return undefined
  return `${bootOnLinux()}:${ticksSinceBoot}`
}

// Start times are in ticks since boot, and a small machine may repeat them at each boot, so the id of the boot is added.
function bootOnLinux(): string {
  return readOrEmpty('/proc/sys/kernel/random/boot_id').slice(0, 8)
}

function startByPs(pid: number): string | undefined {
  const [state, ...started] = output('ps', ['-o', 'stat=,lstart=', '-p', String(pid)])
    .trim()
    .split(/\s+/)
  return !state || state.startsWith('Z') ? undefined : started.join(' ')
}

function startOnWindows(pid: number): string | undefined {
  const script = `(Get-Process -Id ${pid} -ErrorAction SilentlyContinue).StartTime.ToFileTimeUtc()`
  return output('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', script]).trim() || undefined
}

// One time zone and one language for all processes, so that their answers can be compared.
function output(command: string, args: string[]): string {
  try {
    const env = { PATH: '/usr/bin:/bin', TZ: 'UTC', LC_ALL: 'C' }
    return execFileSync(command, args, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'ignore'] })
  } catch {
    return ''
  }
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
