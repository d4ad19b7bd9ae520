import { expect, test } from 'vitest'
import { type FaultKind, planOf } from './plan.ts'
import { playSeed } from './play.ts'

const SECONDS = 6

/** Half a minute of what `npm run test:nemesis` does for half an hour; a failure names the command that plays it longer. */
test.skipIf(process.platform !== 'linux').for<[string, number, 'embedded' | 'url', 1 | 2, FaultKind[]]>([
  ['starts under 64 warm connections', 2, 'url', 1, ['warm-start']],
  ['minutes that turn under 150 clients', 1, 'url', 1, ['minute-turns']],
  ['texts that make careless expressions slow', 1, 'url', 1, ['long-texts']],
  ['the embedded database killed', 1, 'embedded', 2, ['database-kill']],
  ['connections cut and half cut, and ids set back, over two nodes', 3, 'url', 2, ['connections-cut', 'answers-cut', 'ids-back']],
])('seen from outside, every answer stays true: %s', { timeout: 300_000 }, async ([, seed, database, nodes, faults]) => {
  const { violations, outcomes } = await playSeed(planOf({ seed, seconds: SECONDS, database, nodes, faults }), () => {})
  expect(outcomes['placed']).toBeGreaterThan(0)
  expect(violations.slice(0, 10)).toEqual([])
})
