import type { Queryable } from '../db/pool.ts'
import { documentName } from '../payments/documents.ts'
import { claimNews, type DepositNews, type ToldNews } from '../payments/news.ts'
import { addMessages } from './add-messages.ts'
import { mailOfMoney, type MoneyMails } from './mail-of-money.ts'
import { depositMessage, isWanted } from './message.ts'

/** The types of messages; what customers are not told of by webhook is null. */
const TYPES: Readonly<Record<DepositNews, `deposit.${string}` | null>> = {
  credited: 'deposit.credited',
  reversed: 'deposit.reversed',
  'won back': 'deposit.won_back',
  failed: 'deposit.failed',
  declined: 'deposit.failed',
  expired: 'deposit.expired',
  review: 'deposit.review',
  open: null,
  seen: null,
  paid: null,
}

/** Turns news of payments into messages and mails, each once: the news are marked in the transaction that writes them. Answers how many news. */
export async function gatherDeposits(tx: Queryable, context: MoneyMails, now: Date): Promise<number> {
  const news = await claimNews(tx, now)
  if (news.length === 0) return 0
  const webhooks = await webhooksOf(tx, [...new Set(news.map(({ bookId }) => bookId))])
  for (const told of news) {
    const type = TYPES[told.what]
    if (type !== null) {
      const document = told.document && documentName(told.document)
      const message = depositMessage(told.bookId, type, told.at, { ...told, document })
      const wanting = webhooks.filter(({ bookId, events }) => bookId === told.bookId && isWanted(events, type))
      for (const { id } of wanting) await addMessages(tx, id, [message], now)
    }
    await mail(tx, context, told, now)
  }
  return news.length
}

const WEBHOOKS = 'select id, book_id as "bookId", events from webhooks where book_id = any($1::int[]) order by id'

interface Wanting {
  readonly id: number
  readonly bookId: number
  readonly events: string[]
}

async function webhooksOf(tx: Queryable, bookIds: readonly number[]): Promise<Wanting[]> {
  return (await tx.query<Wanting>({ name: 'webhooks of books', text: WEBHOOKS, values: [bookIds] })).rows
}

/** Money that arrived, unless the customer wants no such mails, and money that was taken back. */
async function mail(tx: Queryable, context: MoneyMails, told: ToldNews, now: Date): Promise<void> {
  const name = told.what === 'credited' && told.mails ? 'depositCredited' : told.what === 'reversed' ? 'depositReversed' : null
  if (name === null || told.paymentId === null || told.reference === null) return
  const path = told.document ? `/funds/receipts/${documentName(told.document)}` : `/funds/payments/${told.paymentId}`
  const values = { amountUnits: String(told.amount + told.bonus), currency: told.currency, reference: told.reference }
  await mailOfMoney(tx, context, { accountId: told.accountId, name, path, values }, now)
}
