import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendDocument, sendPage } from '../respond.ts'
import type { Web } from '../web.ts'
import { languageByCode, languages, SOURCE_LANGUAGE } from '../../texts/languages.ts'
import { addressIn, visitorOf } from '../visitor.ts'
import { newestChanges } from '../changelog/newest-changes.ts'
import { notesFor } from './api-notes.ts'
import { samplesOnSale } from './samples-on-sale.ts'

/** Serves the API's documentation: one address per language, and `/api` in the visitor's language. */
export function routeDocs(pages: FastifyInstance, web: Web) {
  const docs = (request: FastifyRequest, reply: FastifyReply) => sendDocs(web, request, reply)
  // Link checkers send only HEAD requests.
  const withHead = { exposeHeadRoute: true }
  pages.get('/openapi.json', withHead, (request, reply) => sendForPrograms(web, request, reply, 'openapi'))
  pages.get('/api/postman.json', withHead, (request, reply) => sendForPrograms(web, request, reply, 'postman'))
  pages.get('/llms.txt', withHead, (request, reply) => sendForPrograms(web, request, reply, 'llms'))
  pages.get('/api', withHead, docs)
  for (const language of languages) pages.get(addressIn(language, '/api'), withHead, docs)
}

async function sendDocs(web: Web, request: FastifyRequest, reply: FastifyReply) {
  const { site, settings, orders } = web
  const visitor = visitorOf(request, settings)
  const [{ docsPage }, opened, notes, changes] = await Promise.all([
    import('./docs.tsx'),
    site(),
    notesFor(web, visitor),
    newestChanges(web, request),
  ])
  const html = docsPage(opened.frame(visitor), {
    address: `${visitor.origin}/api/v2`,
    allowGet: settings.allowGet,
    chosenCode: request.cookies['code'],
    limits: { rates: settings.rateLimit, bodyBytes: settings.bodyLimitBytes },
    offer: samplesOnSale(orders().catalogue.current()),
    notes,
    changes,
  })
  return sendPage(request, reply, html)
}

/** Documents for programs are always in English. */
async function sendForPrograms({ settings }: Web, request: FastifyRequest, reply: FastifyReply, document: 'openapi' | 'postman' | 'llms') {
  const [{ openApi }, { postmanCollection }, { llmsText }, { textsIn }] = await Promise.all([
    import('./openapi.ts'),
    import('./postman.ts'),
    import('./llms.ts'),
    import('../../texts/texts.ts'),
  ])
  const { origin } = visitorOf(request, settings)
  const options = { texts: textsIn(languageByCode(SOURCE_LANGUAGE)!), title: settings.house.name, origin }
  if (document === 'llms') return sendDocument(request, reply, 'text/plain; charset=utf-8', llmsText(options))
  const described = openApi(options)
  return sendDocument(request, reply, 'application/json', JSON.stringify(document === 'openapi' ? described : postmanCollection(described)))
}
