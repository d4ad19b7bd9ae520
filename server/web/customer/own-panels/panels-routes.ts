import type { FastifyInstance, FastifyReply } from 'fastify'
import { listChildren } from '../../../children/children.ts'
import { checkPurchase, sellChild } from '../../../children/sell.ts'
import { actorOf } from '../../../customers/account-context.ts'
import { transaction } from '../../../db/pool.ts'
import { isRefusal } from '../../../refusal.ts'
import { sendOwnPage } from '../../send.ts'
import { type Faults, NO_FAULTS, UNPROCESSABLE } from '../../ui/page-ui.ts'
import type { Web } from '../../web.ts'
import { onOwn, type OwnContext } from '../own-context.ts'

/** Routes the page where a customer buys a panel of their own, if the house sells them. */
export function routePanels(pages: FastifyInstance, web: Web) {
  pages.get(
    '/panels',
    onOwn(web, (context) => showPanels(web, context)),
  )
  pages.post(
    '/panels',
    onOwn(web, (context) => takePurchase(web, context)),
  )
}

/** An account has fewer. */
const MOST = 50

async function showPanels(web: Web, context: OwnContext, faults: Faults = NO_FAULTS, typed = ''): Promise<FastifyReply> {
  const { reply, ui, session, accounts } = context
  const rows = await listChildren(accounts.db, { accountId: session.accountId, most: MOST })
  const { panelsPage } = await import('./panels-page.tsx')
  const page = panelsPage(ui, { rows, rent: rentFor(web, session.currency), currency: session.currency, faults, typed })
  return sendOwnPage(reply, page, faults === NO_FAULTS ? 200 : UNPROCESSABLE)
}

/** What a panel costs this customer; null: none is sold to them. */
function rentFor({ settings }: Web, currency: string): bigint | null {
  return currency === settings.currency ? settings.child.rent : null
}

async function takePurchase(web: Web, context: OwnContext): Promise<FastifyReply> {
  const { request, reply, ui, session, accounts, visit } = context
  const rent = rentFor(web, session.currency)
  if (rent === null) return reply.redirect('/panels', 303)
  const { url = '', name = '' } = (request.body ?? {}) as Record<string, string | undefined>
  const sale = { url: url.trim(), accountId: session.accountId, name: name.trim().slice(0, 60) || undefined, rent }
  const { db, secret, site, now } = accounts
  try {
    const sold = await transaction(db, async (tx) => {
      await checkPurchase(tx, sale, site.url)
      return sellChild(tx, sale, { secret, siteUrl: site.url, now: now(), actor: actorOf(visit, session.userId) })
    })
    const { soldPanelPage } = await import('./panels-page.tsx')
    return await sendOwnPage(reply, soldPanelPage(ui, sold))
  } catch (error) {
    const fault = faultOf(error)
    if (fault === undefined) throw error
    return showPanels(web, context, { [fault === 'panels.fault.balance' ? 'form' : 'url']: ui.frame.texts.text(fault) }, url.slice(0, 300))
  }
}

function faultOf(error: unknown) {
  if (isRefusal(error, 'incorrect_child_url')) return 'panels.fault.address'
  if (isRefusal(error, 'child_host_taken')) return 'panels.fault.taken'
  if (isRefusal(error, 'balance_too_low')) return 'panels.fault.balance'
  if (isRefusal(error, 'too_many_children') || isRefusal(error, 'too_many_keys')) return 'panels.fault.many'
  return undefined
}
