import { invalidKey } from '../customers/callers.ts'
import { formatDigits } from '../ledger/money.ts'
import type { Handler } from './context.ts'

export const balance: Handler = async (context, { caller }) => {
  const wallet = await context.balances({ bookId: caller.bookId, keyId: caller.keyId })
  if (wallet === null) throw invalidKey()
  return `{"balance":"${formatDigits(wallet)}","currency":"${caller.currency}"}`
}
