import type { OwnErrand } from '../own-errand.ts'
import { offered } from '../services/services-routes.ts'

/** Services are never deleted: an order's has a name, also when it is no longer sold. */
export function nameOf(errand: OwnErrand, serviceId: number): string {
  const service = errand.orders.catalogue.current().services.get(serviceId)
  return service ? offered(errand, service).name : String(serviceId)
}
