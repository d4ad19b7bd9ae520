import { defineConfig } from 'vitest/config'
import LongestFirst from './test/support/longest-first.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['./test/support/database-server.ts'],
    reporters: ['default', './test/support/closing-line.ts'],
    // Real servers are started and killed: slow machines get time, nothing waits for it.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Much of a run is waiting for servers: more workers than cores.
    maxWorkers: 4,
    // Each file has a database of its own; loading the server once a worker is enough.
    isolate: false,
    sequence: { sequencer: LongestFirst },
  },
})
