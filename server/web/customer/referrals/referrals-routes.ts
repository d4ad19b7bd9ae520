import type { FastifyInstance, FastifyReply } from 'fastify'
import { transaction } from '../../../db/pool.ts'
import { listCommissions, listReferrals } from '../../../referrals/referrals.ts'
import { findReferrer, makeReferrer } from '../../../referrals/referrers.ts'
import { sendOwnPage } from '../../send.ts'
import type { Web } from '../../web.ts'
import { numberIn, onOwn, type OwnContext } from '../own-context.ts'

/** How many of each list the page shows at once. */
const PEOPLE = 20
const LINES = 50

/** Routes the page of a customer who brings customers. */
export function routeReferrals(pages: FastifyInstance, web: Web) {
  pages.get(
    '/referrals',
    onOwn(web, (context) => showReferrals(web, context)),
  )
  pages.post(
    '/referrals/link',
    onOwn(web, (context) => takeLink(web, context)),
  )
}

async function showReferrals(web: Web, context: OwnContext): Promise<FastifyReply> {
  const { reply, ui, session, accounts, query } = context
  const { db, now, site } = accounts
  const { referrals: program } = web.settings
  const referrer = await findReferrer(db, session.accountId)
  const { referralsPage } = await import('./referrals.tsx')
  const [before, people] = [numberIn(query, 'before'), Number(numberIn(query, 'people') ?? 0n)]
  const of = { kind: 'all', referrer: session.accountId } as const
  const [came, lines] = await Promise.all([
    listReferrals(db, of, { before: people > 0 && people < 2 ** 31 ? people : null, most: PEOPLE + 1 }),
    listCommissions(db, session.accountId, { before, most: LINES + 1 }),
  ])
  const view = {
    program,
    referrer,
    link: referrer && `${site.url}/register?ref=${referrer.code}`,
    people: came.slice(0, PEOPLE),
    morePeople: came.length > PEOPLE,
    lines: lines.slice(0, LINES),
    moreLines: lines.length > LINES,
    isFirst: before === null && people === 0,
    currency: session.currency,
    now: now(),
  }
  return sendOwnPage(reply, referralsPage(ui, view))
}

/** Makes the customer's link. */
async function takeLink(web: Web, { reply, session, accounts }: OwnContext): Promise<FastifyReply> {
  if (web.settings.referrals.isOn) await transaction(accounts.db, (tx) => makeReferrer(tx, session.accountId, accounts.now()))
  return reply.redirect('/referrals', 303)
}
