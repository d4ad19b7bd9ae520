import type { Units } from '../ledger/money.ts'
import { whyNotAlone } from '../staff/approvals.ts'
import type { ActContext } from './act.ts'

/** The acts that move money by hand: together they count towards what one person may move in a day. */
const MOVERS = ['fund', 'account add']

export function needsSecondFor({ tx, actor, house, now }: ActContext, amount: Units): Promise<string | undefined> {
  return whyNotAlone(tx, actor, { amount, acts: MOVERS, limit: house.dailySum }, now)
}
