import { defineConfig } from 'vitest/config'

// Real servers are started and killed: limits end what hangs, and ask nothing of a machine's speed.
export default defineConfig({
  test: { include: ['test/**/*.test.ts'], testTimeout: 300_000, hookTimeout: 300_000, maxWorkers: 2 },
})
