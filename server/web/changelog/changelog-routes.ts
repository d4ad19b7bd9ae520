import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { languages } from '../../texts/languages.ts'
import { numberIn } from '../customer/own-context.ts'
import { sendDocument, sendPage } from '../respond.ts'
import { addressIn, visitorOf } from '../visitor.ts'
import type { Web } from '../web.ts'
import { pageFor, shownTo } from './newest-changes.ts'
import { shownChanges } from './shown-changes.ts'

/** Serves what changed for those who order by program: a page and a feed at one address per language. */
export function routeChangelog(pages: FastifyInstance, web: Web) {
  // Link checkers send only HEAD requests.
  const withHead = { exposeHeadRoute: true }
  for (const front of ['', ...languages.map((language) => addressIn(language, '/'))]) {
    pages.get(`${front}/api/changelog`, withHead, (request, reply) => sendChangelog(web, request, reply))
    pages.get(`${front}/api/changelog.atom`, withHead, (request, reply) => sendFeed(web, request, reply))
  }
}

async function sendChangelog(web: Web, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const before = numberIn(new URL(request.url, 'http://own').searchParams, 'before')
  const [{ changelogPage }, opened, { value: page }] = await Promise.all([
    import('./changelog-page.tsx'),
    web.site(),
    pageFor(web, request, before),
  ])
  const frame = opened.frame(visitorOf(request, web.settings))
  const view = { changes: shownTo(web, request, page), older: page.older, isFirst: before === null }
  return sendPage(request, reply, changelogPage(frame, view))
}

/** The same for all, whoever asks: proxies may keep it. */
async function sendFeed(web: Web, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { settings, orders, site } = web
  const [{ changelogFeed }, opened, { value: page }] = await Promise.all([import('./changelog-feed.tsx'), site(), web.newestChanges()])
  const visitor = visitorOf(request, settings)
  const { texts, house } = opened.frame(visitor)
  const changes = shownChanges(page, {
    language: texts.language.code,
    currency: settings.currency,
    seesPrices: settings.frontServices,
    services: orders().catalogue.current().services,
  })
  const text = changelogFeed(texts, { changes, origin: visitor.origin, name: house.name })
  return sendDocument(request, reply, 'application/atom+xml; charset=utf-8', text, 60)
}
