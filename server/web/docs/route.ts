import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { listKeys } from '../../customers/keys.ts'
import type { Queryable } from '../../db/pool.ts'
import { sendDocument, sendPage } from '../respond.ts'
import type { Web } from '../route.ts'
import { languageByCode, languages, SOURCE_LANGUAGE } from '../texts/languages.ts'
import { addressIn, visitorOf } from '../visitor.ts'
import type { Reader } from './page.tsx'

/** The documents of the API, in each language at its own address, and at `/api` in the visitor's. */
export function routeDocs(pages: FastifyInstance, web: Web) {
  const docs = (request: FastifyRequest, reply: FastifyReply) => sendDocs(web, request, reply)
  // Whoever checks links asks for the head only.
  const withHead = { exposeHeadRoute: true }
  pages.get('/openapi.json', withHead, (request, reply) => sendForPrograms(web, request, reply, 'application/json'))
  pages.get('/llms.txt', withHead, (request, reply) => sendForPrograms(web, request, reply, 'text/plain; charset=utf-8'))
  pages.get('/api', withHead, docs)
  for (const language of languages) pages.get(addressIn(language, '/api'), withHead, docs)
}

async function sendDocs({ site, settings, accounts }: Web, request: FastifyRequest, reply: FastifyReply) {
  const [{ docsPage }, opened] = await Promise.all([import('./docs.tsx'), site()])
  const visitor = visitorOf(request, settings)
  const html = docsPage(opened.frame(visitor), {
    address: `${visitor.origin}/api/v2`,
    allowGet: settings.allowGet,
    chosenCode: request.cookies['code'],
    reader: request.session && (await readerOf(accounts().db, request.session.accountId)),
  })
  return sendPage(request, reply, html)
}

/** Whose key stands in the examples: the first that still works, by the characters that may be shown of it. */
async function readerOf(db: Queryable, accountId: number): Promise<Reader | undefined> {
  const key = (await listKeys(db, accountId)).find(({ revokedAt, test }) => revokedAt === null && !test)
  return key && { keyPrefix: key.prefix }
}

/** Programs read English, whoever sends them. */
async function sendForPrograms({ settings }: Web, request: FastifyRequest, reply: FastifyReply, type: string) {
  const [{ openApi }, { llmsText }, { textsIn }] = await Promise.all([
    import('./openapi.ts'),
    import('./llms.ts'),
    import('../texts/texts.ts'),
  ])
  const { origin } = visitorOf(request, settings)
  const options = { texts: textsIn(languageByCode(SOURCE_LANGUAGE)!), title: settings.house.name, origin }
  const text = type === 'application/json' ? JSON.stringify(openApi(options)) : llmsText(options)
  return sendDocument(request, reply, type, text)
}
