import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Catalogue, Service } from '../../../catalog/catalogue.ts'
import { callersRate } from '../../../catalog/price.ts'
import { wordsIn } from '../../../catalog/words.ts'
import type { Web } from '../../route.ts'
import { numberIn, onOwn, type OwnErrand } from '../own-errand.ts'
import { sendOwnPage } from '../send.ts'

/** A service as this customer meets it: in the reader's words, at its own rate. */
export interface OfferedService {
  readonly service: Service
  readonly name: string
  readonly category: string
  readonly description: string
  readonly rate: string
}

const SERVICES_A_PAGE = 50

export function routeServices(pages: FastifyInstance, web: Web) {
  pages.get('/services', onOwn(web, showServices))
}

async function showServices(errand: OwnErrand): Promise<FastifyReply> {
  const { reply, scene, caller, query, orders } = errand
  const { servicesPage } = await import('./services.tsx')
  const offered = offeredServices(errand, await orders.catalogue.newest())
  const categories = [...new Set(offered.map((one) => one.category))].filter((category) => category !== '')
  const asked = { text: query.get('find')?.trim() ?? '', category: query.get('category') ?? '' }
  const found = offered.filter((one) => (asked.category === '' || one.category === asked.category) && fits(one, asked.text))
  const pageCount = Math.max(1, Math.ceil(found.length / SERVICES_A_PAGE))
  const page = Math.min(pageCount, Math.max(1, Number(numberIn(query, 'page') ?? 1n)))
  const services = found.slice((page - 1) * SERVICES_A_PAGE, page * SERVICES_A_PAGE)
  const view = { services, categories, asked, count: found.length, page, pageCount, currency: caller.currency }
  return sendOwnPage(reply, servicesPage(scene, view))
}

/** All that is on sale. */
export function offeredServices(errand: Pick<OwnErrand, 'scene' | 'caller'>, catalogue: Catalogue): OfferedService[] {
  return [...catalogue.services.values()].filter((service) => service.state === 'on sale').map((service) => offered(errand, service))
}

export function offered({ scene, caller }: Pick<OwnErrand, 'scene' | 'caller'>, service: Service): OfferedService {
  const words = wordsIn(service, scene.frame.texts.language.code.toLowerCase())
  return {
    service,
    name: words.name ?? service.name,
    category: words.category ?? service.category,
    description: words.description ?? service.description,
    rate: callersRate(service.id, service.rate, caller.prices).text,
  }
}

/** Each word stands in the name, in the category, or is the number. */
export function fits({ service, name, category }: OfferedService, text: string): boolean {
  const where = `${service.id} ${name} ${category} ${service.name}`.toLowerCase()
  return text.toLowerCase().split(/\s+/).every((word) => where.includes(word))
} // prettier-ignore
