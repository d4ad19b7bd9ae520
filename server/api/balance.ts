import { invalidKey } from '../customers/callers.ts'
import { formatDigits } from '../ledger/money.ts'
import type { Handler } from './desk.ts'

export const balance: Handler = async (desk, { caller }) => {
  const wallet = await desk.balances({ bookId: caller.bookId, keyId: caller.keyId })
  if (wallet === null) throw invalidKey()
  return `{"balance":"${formatDigits(wallet)}","currency":"${caller.currency}"}`
}
