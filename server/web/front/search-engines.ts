import type { FastifyInstance } from 'fastify'
import type { PublicPage } from '../../site-pages/public-pages.ts'
import type { Language } from '../../texts/languages.ts'
import { escaped } from '../atom.ts'
import { sendDocument } from '../respond.ts'
import { addressIn, visitorOf } from '../visitor.ts'
import type { Web } from '../web.ts'

/** Tells search engines which pages there are, in which languages, and which they need not ask for. */
export function routeSearchEngines(pages: FastifyInstance, web: Web) {
  // Link checkers send only HEAD requests.
  const withHead = { exposeHeadRoute: true }
  pages.get('/robots.txt', withHead, (request, reply) =>
    sendDocument(request, reply, 'text/plain; charset=utf-8', robotsText(visitorOf(request, web.settings).origin)),
  )
  pages.get('/sitemap.xml', withHead, (request, reply) => {
    const { origin } = visitorOf(request, web.settings)
    return sendDocument(request, reply, 'application/xml; charset=utf-8', sitemap({ ...web.settings, origin }))
  })
}

/** Programs and people who are signed in go there, and nobody finds anything there by searching. */
const NOT_TO_BE_FOUND = [
  '/desk',
  '/api/v2',
  '/adminapi/',
  '/operator/',
  '/account',
  '/orders',
  '/funds',
  '/support',
  '/reset/',
  '/confirm-mail/',
]

function robotsText(origin: string): string {
  return ['User-agent: *', ...NOT_TO_BE_FOUND.map((path) => `Disallow: ${path}`), '', `Sitemap: ${origin}/sitemap.xml`, ''].join('\n')
}

interface SiteMap {
  readonly origin: string
  /** The languages that the house offers. */
  readonly languages: readonly Language[]
  readonly pages: readonly PublicPage[]
  readonly frontServices: boolean
  readonly statusPage: boolean
}

/** Every public page in every language that it is written in, each with its other languages. */
function sitemap({ origin, languages, pages, frontServices, statusPage }: SiteMap): string {
  const everywhere = ['/', '/api', '/api/changelog', ...(frontServices ? ['/services'] : []), ...(statusPage ? ['/status'] : [])].map(
    (path) => ({
      path,
      written: languages,
      changed: undefined,
    }),
  )
  const own = pages.map(({ name, titles, publishedAt }) => ({
    path: `/p/${name}`,
    written: languages.filter(({ code }) => Object.hasOwn(titles, code)),
    changed: publishedAt.toISOString(),
  }))
  const urls = [...everywhere, ...own].flatMap(({ path, written, changed }) => {
    const links = [
      ...written.map((language) => [language.code, addressIn(language, path)] as const),
      ...(written.length > 0 ? [['x-default', path] as const] : []),
    ].map(([code, address]) => `<xhtml:link rel="alternate" hreflang="${code}" href="${escaped(origin + address)}"/>`)
    return written.map((language) =>
      [
        '<url>',
        `<loc>${escaped(origin + addressIn(language, path))}</loc>`,
        ...(changed === undefined ? [] : [`<lastmod>${changed}</lastmod>`]),
        ...links,
        '</url>',
      ].join('\n'),
    )
  })
  const spaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
  return ['<?xml version="1.0" encoding="UTF-8"?>', `<urlset ${spaces}>`, ...urls, '</urlset>', ''].join('\n')
}
