import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['./test/support/database-server.ts'],
    reporters: ['default', './test/support/closing-line.ts'],
    // Real servers are started and killed: slow machines get time, nothing waits for it.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
})
