import { defineConfig } from 'vitest/config'
import LongestFirst from './test/support/longest-first.ts'

// Limits end what hangs. None of them asks how quick a machine is: real servers are started and killed, and a busy machine takes its time.
const HANGS_AFTER_MS = 300_000

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'packages/*/test/**/*.test.ts'],
    globalSetup: ['./test/support/database-server.ts'],
    setupFiles: ['./test/support/turns.ts'],
    reporters: ['default', './test/support/closing-line.ts'],
    testTimeout: HANGS_AFTER_MS,
    hookTimeout: HANGS_AFTER_MS,
    expect: { poll: { timeout: HANGS_AFTER_MS - 60_000 } },
    // Much of a run is waiting for servers, and heavy files wait for their turn: more workers than cores.
    maxWorkers: 5,
    // Each file has a database of its own; loading the server once a worker is enough.
    isolate: false,
    sequence: { sequencer: LongestFirst },
  },
})
