import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Web } from '../../web.ts'
import { onOwn, type OwnContext } from '../own-context.ts'
import { routeAddFunds } from './add-routes.ts'
import { askedBook, spanOf } from './asked.ts'
import { statementCsv } from './csv.ts'
import { monthNamed } from './months.ts'
import { onPay } from './pay-context.ts'
import { routePayments } from './payment-routes.ts'
import { showFunds } from './show-funds.ts'
import { showStatement } from './statement-routes.ts'

export function routeFunds(pages: FastifyInstance, web: Web) {
  pages.get(
    '/funds',
    onPay(web, (context) => showFunds(context)),
  )
  pages.get('/funds.csv', onOwn(web, sendCsv))
  pages.get('/funds/statement', onOwn(web, showStatement))
  routeAddFunds(pages, web)
  routePayments(pages, web)
}

/** Sends the statement as a CSV file, oldest line first. */
async function sendCsv(context: OwnContext): Promise<FastifyReply> {
  const { reply, orders, query, longReads } = context
  const month = monthNamed(query.get('month'))
  const { db, book, span } = await longReads.read(orders.db, async (db) => {
    const { book } = await askedBook(context, db)
    return { db, book, span: await spanOf(db, book, month) }
  })
  const name = `${book.play ? 'test-' : ''}statement-${month?.name ?? orders.now().toISOString().slice(0, 10)}.csv`
  void reply.headers({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${name}"`,
    'cache-control': 'no-store',
  })
  return reply.send(Readable.from(statementCsv(db, book, span)))
}
