import type { FastifyInstance, FastifyReply } from 'fastify'
import { callsCountedSince, readCalls } from '../../../customers/calls.ts'
import { type KeyRow, listKeys } from '../../../customers/keys.ts'
import { addUpForPage, readKeyDays } from '../../../orders/usage.ts'
import type { Web } from '../../web.ts'
import { keyName } from '../keys/key-words.tsx'
import { onOwn, type OwnContext } from '../own-context.ts'
import { sendOwnPage } from '../../send.ts'
import { PERIODS, type Source } from './asked.ts'
import { lastDays } from './days.tsx'
import { bookOfKeys } from './own-books.ts'

export function routeUsage(pages: FastifyInstance, web: Web) {
  pages.get(
    '/usage',
    onOwn(web, async (context) => {
      await web.programs().calls.flush()
      return showUsage(context)
    }),
  )
}

async function showUsage(context: OwnContext): Promise<FastifyReply> {
  const { reply, ui, session, orders, caller, query } = context
  const { usagePage } = await import('./usage.tsx')
  const { db } = orders
  const now = orders.now()
  const period = PERIODS.find((days) => String(days) === query.get('days')) ?? 30
  const sources = sourcesOf(context, await listKeys(db, session.accountId, now))
  const source = sources.find(({ value }) => value === query.get('key')) ?? sources[0]!
  const bookId = await bookOfKeys(context, source.test)
  const whole = bookId === undefined || (await addUpForPage(db, bookId))
  const days = lastDays(period, now)
  const [keyDays, calls, countedSince] = await Promise.all([
    readKeyDays(db, source.keyIds, days[0]!),
    readCalls(db, source.keyIds, days[0]!),
    callsCountedSince(db),
  ])
  return sendOwnPage(
    reply,
    usagePage(ui, { period, sources, source, days, keyDays, calls, countedSince, whole, currency: caller.currency }),
  )
}

/** Test money and real money are never added up. */
function sourcesOf({ ui, caller }: OwnContext, keys: readonly KeyRow[]): Source[] {
  const { texts } = ui.frame
  const one = (key: KeyRow): Source => ({ value: String(key.id), name: keyName(key), keyIds: [key.id], test: key.test })
  const live = keys.filter((key) => !key.test)
  const test = keys.filter((key) => key.test)
  const pages = { value: 'pages', name: texts.text('usage.pages'), keyIds: [caller.keyId], test: false }
  const allLive = { value: '', name: texts.text('usage.all'), keyIds: [...live.map(({ id }) => id), caller.keyId], test: false }
  const allTest = { value: 'test', name: texts.text('usage.allTest'), keyIds: test.map(({ id }) => id), test: true }
  return [allLive, ...live.map(one), pages, ...(test.length === 0 ? [] : [allTest, ...test.map(one)])]
}
