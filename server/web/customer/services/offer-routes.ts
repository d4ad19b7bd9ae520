import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Catalogue } from '../../../catalog/catalogue.ts'
import { pack, type Packed } from '../../compress.ts'
import { sendPacked } from '../../respond.ts'
import type { Web } from '../../web.ts'
import { onOwn, type OwnContext } from '../own-context.ts'
import { compactOffer, listedServices } from './offer.ts'

/** Routes the list of all services as data, for the page's script to search. */
export function routeOffer(pages: FastifyInstance, web: Web) {
  pages.get('/services/offer', onOwn(web, sendOffer))
}

async function sendOffer(context: OwnContext): Promise<FastifyReply> {
  const { request, reply, orders } = context
  const packed = await packedOffer(context, await orders.catalogue.newest())
  // Only this browser keeps it, and it asks each time whether the data has changed, which happens when prices change.
  void reply.headers({ 'cache-control': 'private, no-cache', vary: 'accept-encoding', 'x-robots-tag': 'noindex' })
  return sendPacked(request, reply, 'application/json', packed)
}

/** Accounts without prices of their own share one entry. */
const MOST_KEPT = 64
const kept = new WeakMap<Catalogue, Map<string, Promise<Packed>>>()

function packedOffer({ ui, caller: { prices } }: OwnContext, catalogue: Catalogue): Promise<Packed> {
  const offers = kept.get(catalogue) ?? new Map<string, Promise<Packed>>()
  kept.set(catalogue, offers)
  const { language } = ui.frame.texts
  const name = JSON.stringify([language.code, prices.discountBasisPoints, ...prices.customRates])
  const known = offers.get(name)
  if (known) return known
  const packed = pack(JSON.stringify(compactOffer(listedServices(catalogue, language), prices)), 'each time')
  if (offers.size >= MOST_KEPT) offers.delete(offers.keys().next().value!)
  offers.set(name, packed)
  return packed
}
