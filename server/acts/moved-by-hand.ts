import type { Units } from '../ledger/money.ts'
import { whyNotAlone } from '../staff/approvals.ts'
import type { ActContext } from './act.ts'

/** Why this act, which moves money by hand, needs a second person. The day's sum holds for each currency by itself. */
export function needsSecondFor({ tx, actor, house, now }: ActContext, amount: Units, currency: string): Promise<string | undefined> {
  return whyNotAlone(tx, actor, { amount, currency, limit: house.dailySum }, now)
}
