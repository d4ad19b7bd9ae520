import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Web } from '../../route.ts'
import { rateText } from '../figures.tsx'
import { onOwn, type OwnErrand } from '../own-errand.ts'
import { fits, type OfferedService, offeredServices } from './services-routes.ts'

const MOST_FOUND = 20
const LONGEST_QUERY = 200

/** Services for whoever types: the best that fit, as JSON for the islands of our own pages. */
export function routeFindServices(pages: FastifyInstance, web: Web) {
  const find = onOwn(web, findServices)
  pages.get('/services/find', (request, reply) => (request.session ? find(request, reply) : saySignedOut(request, reply)))
}

async function findServices(errand: OwnErrand): Promise<FastifyReply> {
  const { reply, scene, caller, query, orders } = errand
  const text = query.get('q')?.trim().slice(0, LONGEST_QUERY) ?? ''
  const offered = offeredServices(errand, await orders.catalogue.newest())
  const found = offered.filter((one) => fits(one, text)).toSorted((one, other) => rankOf(one, text) - rankOf(other, text))
  const services = found.slice(0, MOST_FOUND).map(({ service, name, category, rate }) => ({
    id: service.id,
    name,
    category,
    rate,
    price: rateText(scene.frame.texts, rate, caller.currency),
  }))
  return sendJson(reply, { services })
}

/** The number itself, then names that begin with the text, then names that hold it, then the rest in the order of the list. */
function rankOf({ service, name }: OfferedService, text: string): number {
  const wanted = text.toLowerCase()
  if (String(service.id) === wanted) return 0
  const at = name.toLowerCase().indexOf(wanted)
  return at === 0 ? 1 : at > 0 ? 2 : 3
}

/** An island follows no way to the sign-in page. */
function saySignedOut(_: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendJson(reply.code(401), { error: 'signed out' })
}

function sendJson(reply: FastifyReply, answer: object): FastifyReply {
  const headers = { 'cache-control': 'private, no-store', 'content-type': 'application/json; charset=utf-8' }
  return reply.headers(headers).send(JSON.stringify(answer))
}
