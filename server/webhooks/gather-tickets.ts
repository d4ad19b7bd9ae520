import type { Queryable } from '../db/pool.ts'
import { claimTicketNews } from '../support/news.ts'
import { addMessages } from './add-messages.ts'
import { isWanted, ticketMessage } from './message.ts'

interface Wanting {
  readonly id: number
  readonly bookId: number
  readonly accountId: number
  readonly events: string[]
}

// Tickets are about real orders and real people: webhooks of test keys hear of none.
const WEBHOOKS = `
  select w.id, w.book_id as "bookId", w.account_id as "accountId", w.events
  from webhooks w join books b on b.id = w.book_id where w.account_id = any($1::int[]) and not b.play order by w.id`

/** Turns news of tickets into messages, each once: the news are marked in the transaction that writes them. Answers how many news. */
export async function gatherTickets(tx: Queryable, now: Date): Promise<number> {
  const news = await claimTicketNews(tx, now)
  if (news.length === 0) return 0
  const accounts = [...new Set(news.map(({ accountId }) => accountId))]
  const { rows } = await tx.query<Wanting>({ name: 'webhooks of accounts', text: WEBHOOKS, values: [accounts] })
  for (const webhook of rows) {
    const own = news.filter(({ accountId }) => accountId === webhook.accountId)
    const messages = own.map((told) => ticketMessage(webhook.bookId, told)).filter(({ type }) => isWanted(webhook.events, type))
    await addMessages(tx, webhook.id, messages, now)
  }
  return news.length
}
