import { isPackageType } from '../../../../contract/service-types.ts'
import type { Catalogue, Service } from '../../../catalog/catalogue.ts'
import { callersRate } from '../../../catalog/price.ts'
import { wordsIn } from '../../../catalog/words.ts'
import type { PriceList } from '../../../customers/prices.ts'
import type { Language } from '../../../texts/languages.ts'
import type { OwnContext } from '../own-context.ts'
import { type CompactOffer, type CompactService, MARK } from './compact-offer.ts'
import { type Folded, foldService } from './find.ts'

/** A service in the reader's language. */
export interface WordedService {
  readonly service: Service
  readonly name: string
  readonly category: string
  readonly description: string
}

/** A service in the reader's language, at this customer's own rate. */
export interface OfferedService extends WordedService {
  readonly rate: string
}

/** A service on sale, prepared for the search. */
export interface ListedService extends WordedService {
  readonly folded: Folded
}

export function offered({ ui, caller }: Pick<OwnContext, 'ui' | 'caller'>, service: Service): OfferedService {
  return atRate(worded(service, ui.frame.texts.language), caller.prices)
}

export function atRate<T extends WordedService>(one: T, prices: PriceList): T & OfferedService {
  return { ...one, rate: callersRate(one.service.id, one.service.rate, prices).text }
}

function worded(service: Service, { code }: Language): WordedService {
  const words = wordsIn(service, code.toLowerCase())
  return {
    service,
    name: words.name ?? service.name,
    category: words.category ?? service.category,
    description: words.description ?? service.description,
  }
}

// Built once per language and catalogue, because readers who type search again at each letter.
const listed = new WeakMap<Catalogue, Map<string, readonly ListedService[]>>()

/** All services on sale, in the order of the catalogue. */
export function listedServices(catalogue: Catalogue, language: Language): readonly ListedService[] {
  const lists = listed.get(catalogue) ?? new Map<string, readonly ListedService[]>()
  listed.set(catalogue, lists)
  const known = lists.get(language.code)
  if (known) return known
  const onSale = [...catalogue.services.values()].filter((service) => service.state === 'on sale')
  const list = onSale.map((service) => {
    const one = worded(service, language)
    return { ...one, folded: foldService({ id: service.id, name: one.name, category: one.category, otherName: otherName(one) }) }
  })
  lists.set(language.code, list)
  return list
}

function otherName({ service, name }: WordedService): string | undefined {
  return service.name === name ? undefined : service.name
}

export function compactOffer(services: readonly ListedService[], prices: PriceList): CompactOffer {
  const categories = new Map<string, number>()
  const rows = services.map((one): CompactService => {
    const { service, name, category } = one
    const at = categories.get(category) ?? categories.size
    categories.set(category, at)
    const row = [service.id, name, at, callersRate(service.id, service.rate, prices).text] as const
    const further = [Number(service.min), Number(service.max), marksOf(service)] as const
    const other = otherName(one)
    return other === undefined ? [...row, ...further] : [...row, ...further, other]
  })
  return { categories: [...categories.keys()], services: rows }
}

function marksOf({ dripfeed, refill, cancel, type }: Service): number {
  const has = { dripfeed, refill, cancel, package: isPackageType(type) }
  return Object.entries(MARK).reduce((sum, [mark, value]) => sum + (has[mark as keyof typeof MARK] ? value : 0), 0)
}
