import type { FastifyInstance, FastifyReply } from 'fastify'
import { readHashes } from '../../../ledger/seal.ts'
import { type OwnBook, readBooks } from '../../../ledger/statement.ts'
import { type OrderAccount, readAccount } from '../../../orders/account.ts'
import { explain, linesOf } from '../../../orders/explain.ts'
import type { Web } from '../../web.ts'
import { nothingHerePage } from '../app-frame.tsx'
import { onOwn, type OwnContext } from '../own-context.ts'
import { sendOwnPage } from '../../send.ts'

export function routeExplain(pages: FastifyInstance, web: Web) {
  pages.get('/orders/:id/explain', onOwn(web, showExplanation))
}

async function showExplanation(context: OwnContext): Promise<FastifyReply> {
  const { reply, ui, orders } = context
  const found = await ownAccount(context)
  if (!found) return sendOwnPage(reply, nothingHerePage(ui), 404)
  const { explainPage } = await import('./explain.tsx')
  const { book, account } = found
  const hashes = await readHashes(orders.db, book, linesOf(account))
  return sendOwnPage(reply, explainPage(ui, { id: account.id, explanation: explain(account), hashes, book }))
}

/** The order's book: the account's money, or the test money of its test keys. */
async function ownAccount({ request, session, orders: { db } }: OwnContext): Promise<{ book: OwnBook; account: OrderAccount } | undefined> {
  const { id } = request.params as { id: string }
  if (!/^[1-9]\d{0,17}$/.test(id)) return undefined
  for (const book of await readBooks(db, session.accountId)) {
    const account = await readAccount(db, book.id, BigInt(id))
    if (account) return { book, account }
  }
  return undefined
}
