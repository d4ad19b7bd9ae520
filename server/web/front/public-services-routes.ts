import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { priceListOf } from '../../customers/prices.ts'
import { languages } from '../../texts/languages.ts'
import { numberIn } from '../customer/own-context.ts'
import { askedIn } from '../customer/services/asked.ts'
import { atRate, listedServices } from '../customer/services/offer.ts'
import { sift } from '../customer/services/sift.ts'
import { sendPage } from '../respond.ts'
import { addressIn, visitorOf } from '../visitor.ts'
import type { Web } from '../web.ts'

const SERVICES_PER_PAGE = 50
/** What a new account pays. */
const NOTHING_AGREED = priceListOf({ discountBasisPoints: 0, customRates: null })

/** Serves the services on sale to visitors who are not signed in, where the operator wants that: one address per language. */
export function routePublicServices(pages: FastifyInstance, web: Web) {
  for (const language of languages) {
    // Link checkers send only HEAD requests.
    pages.get(addressIn(language, '/services'), { exposeHeadRoute: true }, (request, reply) => sendServices(web, request, reply))
  }
}

async function sendServices(
  { site, settings, accounts, orders }: Web,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  // Customers have a page of their own, with their own prices.
  if (request.session) return reply.redirect('/services', 303)
  const [{ publicServicesPage }, { failurePage }, opened] = await Promise.all([
    import('./public-services.tsx'),
    import('../site.tsx'),
    site(),
  ])
  const frame = opened.frame(visitorOf(request, settings))
  if (!settings.frontServices) return sendPage(request, reply, failurePage(frame, { kind: 'missing' }), 404)
  const query = new URL(request.url, 'http://own').searchParams
  const all = listedServices(orders().catalogue.current(), frame.texts.language)
  const asked = { ...askedIn(query), favouritesOnly: false }
  const found = sift(all, asked, new Set(), NOTHING_AGREED)
  const pageCount = Math.max(1, Math.ceil(found.length / SERVICES_PER_PAGE))
  const page = Math.min(pageCount, Math.max(1, Number(numberIn(query, 'page') ?? 1n)))
  const html = publicServicesPage(frame, {
    services: found.slice((page - 1) * SERVICES_PER_PAGE, page * SERVICES_PER_PAGE).map((one) => atRate(one, NOTHING_AGREED)),
    categories: [...new Set(all.map(({ category }) => category))].filter((category) => category !== ''),
    asked,
    total: all.length,
    count: found.length,
    page,
    pageCount,
    currency: settings.currency,
    mayRegister: accounts().registration !== null,
  })
  return sendPage(request, reply, html)
}
