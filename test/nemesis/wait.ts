import { setTimeout as pause } from 'node:timers/promises'
import { pageStatus } from './ask.ts'
import type { NodeProcess } from './node.ts'

export function ready(node: NodeProcess, withinMs: number): Promise<boolean> {
  return until(async () => (await pageStatus(`${node.url}/readyz`, 2000)) === 200, withinMs)
}

/** Whether the condition came true in time. */
export async function until(condition: () => boolean | Promise<boolean>, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs
  for (;;) {
    if (await condition()) return true
    if (performance.now() > deadline) return false
    await pause(25)
  }
}
