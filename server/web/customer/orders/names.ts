import type { OwnErrand } from '../own-errand.ts'
import { fits, foldService, wordsOf } from '../services/find.ts'
import { offered } from '../services/offer.ts'

/** Services are never deleted: an order's has a name, also when it is no longer sold. */
export function nameOf(errand: OwnErrand, serviceId: number): string {
  const service = errand.orders.catalogue.current().services.get(serviceId)
  return service ? offered(errand, service).name : String(serviceId)
}

/** The services whose name, category or number has all the words that were typed, also those no longer sold. */
export function servicesNamed(errand: OwnErrand, typed: string): number[] {
  const words = wordsOf(typed)
  const all = [...errand.orders.catalogue.current().services.values()]
  return all
    .filter((service) => {
      const { name, category } = offered(errand, service)
      return fits(foldService({ id: service.id, name, category, otherName: service.name }), words)
    })
    .map(({ id }) => id)
}
