import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendPage } from '../respond.ts'
import type { Web } from '../route.ts'
import { languages } from '../texts/languages.ts'
import { addressIn, visitorOf } from '../visitor.ts'

/** The documents of the API, in each language at its own address, and at `/api` in the visitor's. */
export function routeDocs(pages: FastifyInstance, web: Web) {
  const toDocs = async (request: FastifyRequest, reply: FastifyReply) => {
    const { language } = visitorOf(request, web.settings)
    return reply.header('vary', 'accept-language, cookie').redirect(addressIn(language, '/api'), 302)
  }
  const docs = (request: FastifyRequest, reply: FastifyReply) => sendDocs(web, request, reply)
  pages.get('/', toDocs)
  pages.get('/api', docs)
  for (const language of languages) {
    pages.get(addressIn(language, '/'), toDocs)
    pages.get(addressIn(language, '/api'), docs)
  }
}

async function sendDocs({ site, settings }: Web, request: FastifyRequest, reply: FastifyReply) {
  const [{ docsPage }, opened] = await Promise.all([import('./docs.tsx'), site()])
  const visitor = visitorOf(request, settings)
  const html = docsPage(opened.frame(visitor), {
    address: `${visitor.origin}/api/v2`,
    allowGet: settings.allowGet,
    chosenCode: request.cookies['code'],
  })
  return sendPage(request, reply, html)
}
