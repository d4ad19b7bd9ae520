import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { showOverview } from '../customer/overview/overview-routes.ts'
import { onOwn } from '../customer/own-context.ts'
import { samplesOnSale } from '../docs/samples-on-sale.ts'
import { sendPage } from '../respond.ts'
import type { Web } from '../web.ts'
import { languages } from '../../texts/languages.ts'
import { addressIn, visitorOf } from '../visitor.ts'

/** Serves the home page. Visitors who are not signed in see the landing page, at one address per language; signed-in users see their overview. */
export function routeFront(pages: FastifyInstance, web: Web) {
  const overview = onOwn(web, showOverview)
  // Link checkers send only HEAD requests.
  const withHead = { exposeHeadRoute: true }
  pages.get('/', withHead, (request, reply) => {
    if (request.session) return overview(request, reply)
    const { language } = visitorOf(request, web.settings)
    return reply.header('vary', 'accept-language, cookie').redirect(addressIn(language, '/'), 302)
  })
  for (const language of languages) {
    pages.get(addressIn(language, '/'), withHead, (request, reply) => sendLanding(web, request, reply))
  }
}

async function sendLanding({ site, settings, accounts, orders }: Web, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  if (request.session) return reply.redirect('/', 303)
  const [{ landingPage }, { categoriesOnSale }, opened] = await Promise.all([import('./landing.tsx'), import('./on-sale.tsx'), site()])
  const visitor = visitorOf(request, settings)
  const catalogue = orders().catalogue.current()
  const html = landingPage(opened.frame(visitor), {
    mayRegister: accounts().registration !== null,
    address: `${visitor.origin}/api/v2`,
    chosenCode: request.cookies['code'],
    categories: settings.frontCategories ? categoriesOnSale(catalogue, visitor.language.code) : [],
    offer: samplesOnSale(catalogue),
  })
  return sendPage(request, reply, html)
}
