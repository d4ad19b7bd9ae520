import type { Queryable } from '../db/pool.ts'
import type { Units } from '../ledger/money.ts'
import { addMessages } from './add-messages.ts'
import { mailOfMoney, type MoneyMails } from './mail-of-money.ts'
import { balanceMessage, isWanted } from './message.ts'

interface Low {
  /** Null: the account has no webhook. */
  webhookId: number | null
  events: string[] | null
  bookId: number
  accountId: number
  play: boolean
  times: bigint
  wallet: Units
  below: Units
  currency: string
}

// Reports when a balance falls below its limit, and again only after it was above it.
const TURNED_LOW = `
  with turned as (
    update balance_alarms a set low = b.wallet < a.below, times = a.times + (b.wallet < a.below)::int
    from books b where b.id = a.book_id and (b.wallet < a.below) <> a.low
    returning a.book_id, a.low, a.times, a.below, b.wallet, b.currency, b.account_id, b.play
  )
  select w.id as "webhookId", w.events, t.book_id as "bookId", t.account_id as "accountId", t.play, t.times, t.wallet, t.below, t.currency
  from turned t left join webhooks w on w.book_id = t.book_id where t.low order by t.book_id, w.id`

/** Tells of balances that fell below their limit: each webhook that wants it, and the people of the account by mail. Answers how many messages. */
export async function gatherBalances(tx: Queryable, context: MoneyMails, now: Date): Promise<number> {
  const { rows } = await tx.query<Low>({ name: 'balances that turned low', text: TURNED_LOW })
  const mailed = new Set<number>()
  for (const low of rows) {
    const message = balanceMessage(low.bookId, low.times, now, low)
    if (low.webhookId !== null && isWanted(low.events!, message.type)) await addMessages(tx, low.webhookId, [message], now)
    // Test money runs out on nobody.
    if (low.play || mailed.has(low.bookId)) continue
    mailed.add(low.bookId)
    const values = { walletUnits: String(low.wallet), belowUnits: String(low.below), currency: low.currency }
    await mailOfMoney(tx, context, { accountId: low.accountId, name: 'balanceLow', path: '/funds', values }, now)
  }
  return rows.length
}
