import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readFavourites } from '../../../catalog/favourites.ts'
import type { Web } from '../../web.ts'
import { rateText } from '../../ui/figures.tsx'
import { onOwn, type OwnContext } from '../own-context.ts'
import { findBest } from './find.ts'
import { atRate, listedServices } from './offer.ts'

const MOST_FOUND = 20

/** Routes the search for services: the best matches as JSON, for the islands of our own pages. */
export function routeFindServices(pages: FastifyInstance, web: Web) {
  const find = onOwn(web, findServices)
  pages.get('/services/find', (request, reply) => (request.session ? find(request, reply) : saySignedOut(request, reply)))
}

async function findServices(context: OwnContext): Promise<FastifyReply> {
  const { reply, ui, caller, query, orders } = context
  const text = query.get('q')?.trim() ?? ''
  const listed = listedServices(await orders.catalogue.newest(), ui.frame.texts.language)
  const favourites = await readFavourites(orders.db, caller.accountId)
  const found = findBest(
    listed.map((one) => ({ ...one, isFavourite: favourites.has(one.service.id) })),
    text,
  )
  const services = found.slice(0, MOST_FOUND).map((one) => {
    const { service, name, category, rate } = atRate(one, caller.prices)
    return { id: service.id, name, category, rate, price: rateText(ui.frame.texts, rate, caller.currency) }
  })
  return sendJson(reply, { services })
}

/** An island cannot follow a redirect to the sign-in page, so it gets 401. */
function saySignedOut(_: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendJson(reply.code(401), { error: 'signed out' })
}

function sendJson(reply: FastifyReply, answer: object): FastifyReply {
  const headers = { 'cache-control': 'private, no-store', 'content-type': 'application/json; charset=utf-8' }
  return reply.headers(headers).send(JSON.stringify(answer))
}
