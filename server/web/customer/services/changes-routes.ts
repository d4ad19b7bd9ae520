import type { FastifyInstance, FastifyReply } from 'fastify'
import { readChangesMet } from '../../../catalog/changes-met.ts'
import type { Web } from '../../web.ts'
import { numberIn, onOwn, type OwnContext } from '../own-context.ts'
import { address } from '../../ui/page-links.tsx'
import { sendOwnPage } from '../../send.ts'
import { offered } from './offer.ts'

/** Routes the page of changed services, with this customer's own prices. */
export function routeChanges(pages: FastifyInstance, web: Web) {
  pages.get('/services/changes', onOwn(web, showChanges))
}

const CHANGES_PER_PAGE = 50
const FROM_THE_NEWEST = 10n ** 18n

async function showChanges(context: OwnContext): Promise<FastifyReply> {
  const { reply, ui, caller, query, orders } = context
  const { changesPage } = await import('./changes.tsx')
  const before = numberIn(query, 'before')
  const { services } = await orders.catalogue.newest()
  const met = await readChangesMet(orders.db, caller.accountId, before ?? FROM_THE_NEWEST, CHANGES_PER_PAGE)
  const view = {
    changes: met.changes.map((change) => {
      const service = change.service === null ? undefined : services.get(change.service)
      return { change, offered: service && offered(context, service) }
    }),
    isFirst: before === null,
    older: met.before,
    currency: caller.currency,
    other: await context.otherCurrency(),
    address: before === null ? '/services/changes' : address('/services/changes', { before }),
  }
  return sendOwnPage(reply, changesPage(ui, view))
}
