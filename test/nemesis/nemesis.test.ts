import { expect, test } from 'vitest'
import { type FaultKind, planOf } from './plan.ts'
import { playSeed } from './play.ts'

const SECONDS = 4

/** Half a minute of what `npm run test:nemesis` does for half an hour; a failure names the command that plays it longer. */
test.skipIf(process.platform !== 'linux').for<[string, number, 'embedded' | 'url', 1 | 2, FaultKind[]]>([
  ['starts under 64 warm connections', 2, 'url', 1, ['warm-start']],
  ['texts that make careless expressions slow, and minutes that turn under 150 clients', 3, 'url', 1, ['long-texts', 'minute-turns']],
  ['the embedded database killed', 1, 'embedded', 2, ['database-kill']],
  ['connections cut and half cut, and ids set back, over two nodes', 5, 'url', 2, ['connections-cut', 'answers-cut', 'ids-back']],
])('seen from outside, every answer stays true: %s', async ([, seed, database, nodes, faults]) => {
  const { violations, outcomes } = await playSeed(planOf({ seed, seconds: SECONDS, database, nodes, faults }), () => {})
  expect(outcomes['placed']).toBeGreaterThan(0)
  expect(violations.slice(0, 10)).toEqual([])
})
