import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Catalogue } from '../../catalog/catalogue.ts'
import { listIncidents, readIncident } from '../../status/incidents.ts'
import type { CategoryTimes, Standing } from '../../status/standing.ts'
import { languages } from '../../texts/languages.ts'
import { numberIn } from '../customer/own-context.ts'
import { sendDocument, sendPage } from '../respond.ts'
import type { Frame } from '../ui/document.tsx'
import { addressIn, visitorOf } from '../visitor.ts'
import type { Web } from '../web.ts'
import { incidentAddress } from './told.ts'

type Send = (web: Web, request: FastifyRequest, reply: FastifyReply, frame: Frame) => Promise<FastifyReply>

/** Serves how the house does, where the operator wants that: pages at one address per language, and the same for programs. */
export function routeStatus(pages: FastifyInstance, web: Web) {
  findIncidents(pages, web)
  const everywhere = (path: string, send: Send) => {
    for (const address of [path, ...languages.map((language) => addressIn(language, path))]) {
      // Link checkers send only HEAD requests.
      pages.get(address, { exposeHeadRoute: true }, (request, reply) => sendIfOn(web, request, reply, send))
    }
  }
  everywhere('/status', sendStatus)
  everywhere('/status/incidents', sendIncidents)
  everywhere('/status/incidents/:id', sendIncident)
  everywhere('/status.atom', sendFeed)
  everywhere('/status.json', sendJson)
}

/** Finds what is disturbed now, for the frame of a customer's page. It is remembered for some seconds, so pages cost nothing for it. */
function findIncidents(pages: FastifyInstance, web: Web): void {
  pages.decorateRequest('incidents', undefined)
  pages.addHook('preHandler', async (request) => {
    const { session, method, headers } = request
    if (!web.settings.statusPage || !session || method !== 'GET' || !(headers.accept ?? '').includes('text/html')) return
    request.incidents = (await web.openIncidents()).value
  })
}

async function sendIfOn(web: Web, request: FastifyRequest, reply: FastifyReply, send: Send): Promise<FastifyReply> {
  const [opened, { failurePage }] = await Promise.all([web.site(), import('../site.tsx')])
  const frame = opened.frame(visitorOf(request, web.settings))
  if (!web.settings.statusPage) return sendPage(request, reply, failurePage(frame, { kind: 'missing' }), 404)
  return send(web, request, reply, frame)
}

async function sendStatus(web: Web, request: FastifyRequest, reply: FastifyReply, frame: Frame): Promise<FastifyReply> {
  const [{ statusPage }, { value, isOutdated }] = await Promise.all([import('./status-page.tsx'), web.standing()])
  return sendPage(request, reply, statusPage(frame, { standing: toldTo(web, value, request, frame), isOutdated }))
}

/** Categories are told to those who see them elsewhere, by their names in the reader's language. */
function toldTo(web: Web, standing: Standing, { session }: FastifyRequest, { texts }: Frame): Standing {
  const { frontCategories, frontServices } = web.settings
  const sees = session !== undefined || frontCategories || frontServices
  const names = sees ? categoryNames(web.orders().catalogue.current(), texts.language.code) : new Map<string, string>()
  const orders = standing.orders.flatMap((times): CategoryTimes[] => {
    if (times.category === null) return [times]
    const category = names.get(times.category)
    return category === undefined ? [] : [{ ...times, category }]
  })
  return { ...standing, orders }
}

function categoryNames({ services }: Catalogue, language: string): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const { state, category, translations } of services.values()) {
    if (state === 'on sale' && category !== '') names.set(category, translations[language]?.category ?? category)
  }
  return names
}

const INCIDENTS_PER_PAGE = 20
const LARGEST_ID = 2n ** 31n

async function sendIncidents({ accounts }: Web, request: FastifyRequest, reply: FastifyReply, frame: Frame): Promise<FastifyReply> {
  const { incidentsPage } = await import('./status-page.tsx')
  const asked = numberIn(new URL(request.url, 'http://own').searchParams, 'before')
  const before = asked === null || asked >= LARGEST_ID ? null : Number(asked)
  const found = await listIncidents(accounts().db, { before, most: INCIDENTS_PER_PAGE + 1 })
  const incidents = found.slice(0, INCIDENTS_PER_PAGE)
  const older = found.length > INCIDENTS_PER_PAGE ? incidents.at(-1)!.id : null
  return sendPage(request, reply, incidentsPage(frame, { incidents, older, isOne: false }))
}

async function sendIncident({ accounts }: Web, request: FastifyRequest, reply: FastifyReply, frame: Frame): Promise<FastifyReply> {
  const [{ incidentsPage }, { failurePage }] = await Promise.all([import('./status-page.tsx'), import('../site.tsx')])
  const id = numberIn(new URLSearchParams(request.params as Record<string, string>), 'id')
  const incident = id === null || id >= LARGEST_ID ? undefined : await readIncident(accounts().db, Number(id))
  if (!incident) return sendPage(request, reply, failurePage(frame, { kind: 'missing' }), 404)
  return sendPage(request, reply, incidentsPage(frame, { incidents: [incident], older: null, isOne: true }))
}

/** As long as the figures are remembered. */
const DOCUMENT_SECONDS = 15

async function sendFeed(web: Web, request: FastifyRequest, reply: FastifyReply, { texts, visitor, house }: Frame): Promise<FastifyReply> {
  const [{ incidentFeed }, { value: incidents }] = await Promise.all([import('./incident-feed.ts'), web.newestIncidents()])
  const text = incidentFeed(texts, { incidents, origin: visitor.origin, name: house.name })
  return sendDocument(request, reply, 'application/atom+xml; charset=utf-8', text, DOCUMENT_SECONDS)
}

async function sendJson(web: Web, request: FastifyRequest, reply: FastifyReply, frame: Frame): Promise<FastifyReply> {
  const { texts, visitor, house } = frame
  const [{ statusJson }, standing] = await Promise.all([import('./status-json.ts'), web.standing()])
  const document = statusJson(texts, {
    standing: toldTo(web, standing.value, request, frame),
    isOutdated: standing.isOutdated,
    name: house.name,
    page: visitor.origin + addressIn(texts.language, '/status'),
    incidentPage: (incident) => visitor.origin + incidentAddress(texts, incident),
  })
  return sendDocument(request, reply, 'application/json', JSON.stringify(document), DOCUMENT_SECONDS)
}
