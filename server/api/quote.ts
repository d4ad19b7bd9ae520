import { refusals } from '../../contract/refusals.ts'
import { invalidKey } from '../customers/callers.ts'
import { capLeft } from '../customers/keys.ts'
import { formatUnits } from '../ledger/money.ts'
import { hasActiveOrderFor } from '../orders/active-link.ts'
import { Refusal } from '../refusal.ts'
import { priceOrder } from './add.ts'
import type { Handler } from './desk.ts'

/** What the same `add` would cost, or the refusal it would get; buys nothing. */
export const quote: Handler = async (desk, call) => {
  const { caller } = call
  const order = priceOrder(desk, call, await desk.catalogue.newest(), null)
  const wallet = await desk.balances({ bookId: caller.bookId, keyId: caller.keyId })
  if (wallet === null) throw invalidKey()
  if (order.oneActiveLink && (await hasActiveOrderFor(desk.db, order)))
    throw new Refusal(refusals.activeLink, { code: 'active_order_with_link' })
  if (BigInt(wallet) < order.charge) throw new Refusal(refusals.notEnoughFunds, { code: 'not_enough_funds' })
  if (order.capped && order.charge > (await capLeft(desk.db, caller.keyId, desk.now())))
    throw new Refusal(refusals.dailyLimit, { code: 'daily_limit' })
  return `{"charge":"${formatUnits(order.charge)}","currency":"${caller.currency}"}`
}
