import type { OwnContext } from '../own-context.ts'
import { fits, foldService, wordsOf } from '../services/find.ts'
import { offered } from '../services/offer.ts'

/** Services are never deleted, so an order's service has a name even if it is no longer on sale. */
export function nameOf(context: OwnContext, serviceId: number): string {
  const service = context.orders.catalogue.current().services.get(serviceId)
  return service ? offered(context, service).name : String(serviceId)
}

/** The services whose name, category or number contains all typed words, including those no longer on sale. */
export function servicesNamed(context: OwnContext, typed: string): number[] {
  const words = wordsOf(typed)
  const all = [...context.orders.catalogue.current().services.values()]
  return all
    .filter((service) => {
      const { name, category } = offered(context, service)
      return fits(foldService({ id: service.id, name, category, otherName: service.name }), words)
    })
    .map(({ id }) => id)
}
