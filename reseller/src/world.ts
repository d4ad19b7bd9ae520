import type { Readable } from 'node:stream'

/** Where a command writes: the terminal, a pipe, a test. */
export interface Terminal {
  write(text: string): void
  readonly isTTY: boolean
  readonly columns: number
}

/** All that a command knows of the machine. */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The folder of the user's home. */
  readonly home: string
  readonly input: Readable & { readonly isTTY?: boolean }
  readonly out: Terminal
  readonly err: Terminal
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
  /** Another way to call a panel, another clock: a test's. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>
  readonly wait?: (ms: number, signal?: AbortSignal) => Promise<void>
  readonly now?: () => number
}
