import type { FastifyInstance, FastifyReply } from 'fastify'
import { readFavourites } from '../../../catalog/favourites.ts'
import type { Web } from '../../web.ts'
import { numberIn, onOwn, type OwnContext } from '../own-context.ts'
import { sendOwnPage } from '../../send.ts'
import { addressIn, visitorOf } from '../../visitor.ts'
import { askedIn } from './asked.ts'
import { routeChanges } from './changes-routes.ts'
import { changedLately } from './changed-lately.ts'
import { routeFavourites } from './favourite-routes.ts'
import { atRate, listedServices } from './offer.ts'
import { routeOffer } from './offer-routes.ts'
import { sift } from './sift.ts'

// For the pages of orders, which also name services.
export { offered } from './offer.ts'

const SERVICES_PER_PAGE = 50

export function routeServices(pages: FastifyInstance, web: Web) {
  const own = onOwn(web, (context) => showServices(context))
  pages.get('/services', (request, reply) => {
    if (request.session || !web.settings.frontServices) return own(request, reply)
    const { language } = visitorOf(request, web.settings)
    return reply.header('vary', 'accept-language, cookie').redirect(addressIn(language, '/services'), 302)
  })
  routeOffer(pages, web)
  routeFavourites(pages, web, showServices)
  routeChanges(pages, web)
}

async function showServices(context: OwnContext, fault?: string): Promise<FastifyReply> {
  const { reply, ui, caller, query, orders } = context
  const { servicesPage } = await import('./services.tsx')
  const all = listedServices(await orders.catalogue.newest(), ui.frame.texts.language)
  const favourites = await readFavourites(orders.db, caller.accountId)
  const asked = askedIn(query)
  const found = sift(all, asked, favourites, caller.prices)
  const pageCount = Math.max(1, Math.ceil(found.length / SERVICES_PER_PAGE))
  const page = Math.min(pageCount, Math.max(1, Number(numberIn(query, 'page') ?? 1n)))
  const shown = found.slice((page - 1) * SERVICES_PER_PAGE, page * SERVICES_PER_PAGE)
  const view = {
    services: shown.map((one) => atRate(one, caller.prices)),
    categories: [...new Set(all.map((one) => one.category))].filter((category) => category !== ''),
    favourites,
    asked,
    count: found.length,
    page,
    pageCount,
    currency: caller.currency,
    other: await context.otherCurrency(),
    changed: await changedLately(context),
    fault,
  }
  return sendOwnPage(reply, servicesPage(ui, view), fault === undefined ? 200 : 422)
}
