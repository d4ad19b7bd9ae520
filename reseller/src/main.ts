import os from 'node:os'
import { exits } from './failures.ts'
import { run } from './program.ts'
import type { Terminal } from './world.ts'

// A reader that stops early, like `head`, closes the pipe. This is not an error of the command, which ends normally.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

const stop = new AbortController()
process.on('SIGINT', () => {
  // The first asks it to end well, the second ends it.
  if (stop.signal.aborted) process.exit(exits.interrupted)
  stop.abort()
})

function terminal(stream: NodeJS.WriteStream): Terminal {
  return {
    write: (text) => void stream.write(text),
    isTTY: stream.isTTY,
    get columns() {
      return stream.columns || 80
    },
  }
}

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  home: os.homedir(),
  input: process.stdin,
  out: terminal(process.stdout),
  err: terminal(process.stderr),
  signal: stop.signal,
})
// A terminal that was asked something would keep the process alive.
process.stdin.unref?.()
