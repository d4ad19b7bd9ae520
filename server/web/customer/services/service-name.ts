import type { OwnContext } from '../own-context.ts'
import { offered } from './services-routes.ts'

export interface NamedService {
  readonly id: number
  readonly name: string
}

/** Services are never deleted, so an order's service has a name even if it is no longer on sale. */
export function namedServices(context: OwnContext, ids: readonly number[]): NamedService[] {
  const { services } = context.orders.catalogue.current()
  return ids.map((id) => {
    const service = services.get(id)
    return { id, name: service ? offered(context, service).name : String(id) }
  })
}
