import type { World } from '../world.ts'
import { apiTargets } from './api.ts'
import { botTargets } from './bots.ts'
import { deskTargets } from './desk.ts'
import { formTargets } from './forms.ts'
import { hookTargets } from './hooks.ts'
import { operatorTargets } from './operator.ts'
import { pageTargets } from './pages.ts'
import { strangerTargets } from './strangers.ts'
import type { Target } from './target.ts'

/** Everything that reads input of callers. `surface.test.ts` holds it against the routes that a node has. */
export function surfaceOf(world: World): Target[] {
  return [
    ...apiTargets(world),
    ...botTargets(world),
    ...operatorTargets(world),
    ...hookTargets(world),
    ...pageTargets(world),
    ...formTargets(world),
    ...deskTargets(world),
    ...strangerTargets(),
  ]
}

/** Routes that no target asks, and why. */
export const leftOut: Readonly<Record<string, string>> = {
  'GET /api/v2/events': 'the answer never ends, so nothing behind it on a kept connection is answered; the fuzz opens streams apart',
  'GET /api2/v2/events': 'the same by its older address',
}
