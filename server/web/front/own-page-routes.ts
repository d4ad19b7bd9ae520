import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readPublicPage } from '../../site-pages/read-pages.ts'
import { languages } from '../../texts/languages.ts'
import { sendPage } from '../respond.ts'
import { addressIn, visitorOf } from '../visitor.ts'
import type { Web } from '../web.ts'

/** Serves the pages of the operator's own: one address per language, and /p/NAME in the visitor's language. */
export function routeOwnPages(pages: FastifyInstance, web: Web) {
  // Link checkers send only HEAD requests.
  const withHead = { exposeHeadRoute: true }
  const show = (request: FastifyRequest, reply: FastifyReply) => sendOwnPage(web, request, reply)
  pages.get('/p/:name', withHead, show)
  for (const language of languages) pages.get(addressIn(language, '/p/:name'), withHead, show)
}

async function sendOwnPage({ site, settings, accounts }: Web, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const [{ ownPage }, { failurePage }, opened] = await Promise.all([import('./own-page.tsx'), import('../site.tsx'), site()])
  const frame = opened.frame(visitorOf(request, settings))
  const { name } = request.params as { name: string }
  const codes = frame.visitor.offered.map(({ code }) => code)
  const page = await readPublicPage(accounts().db, name, frame.texts.language.code, codes)
  if (!page) return sendPage(request, reply, failurePage(frame, { kind: 'missing' }), 404)
  return sendPage(request, reply, ownPage(frame, page))
}
