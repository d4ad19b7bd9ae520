import { type Field, serviceTypeByName } from '../../contract/service-types.ts'
import type { WorkOrder } from './supplier.ts'

/** The parameters of an `add`, by the type of its service. */
export function orderFields(order: WorkOrder): Record<string, string> {
  const type = serviceTypeByName.get(order.type)
  if (!type) throw new RangeError(`"${order.type}" is no service type`)
  const fields = type.fields.flatMap((field): [string, string][] => {
    const value = fieldValue(field, order)
    return value === undefined ? [] : [[field.name, value]]
  })
  return { service: order.theirService, ...Object.fromEntries(fields) }
}

function fieldValue(field: Field, order: WorkOrder): string | undefined {
  if (field.name === 'link') return order.link
  if (field.name === 'quantity') return order.quantity.toString()
  const stored = order.parameters[field.name]
  return field.kind === 'date' ? stored?.replace(/^(\d{4})-(\d\d)-(\d\d)$/, '$3/$2/$1') : stored
}

/** One id in the form that even the oldest panels accept, several as a list. */
export function idFields(name: 'order' | 'refill', ids: readonly string[]): Record<string, string> {
  return ids.length === 1 ? { [name]: ids[0]! } : { [`${name}s`]: ids.join(',') }
}
