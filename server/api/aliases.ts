import type { UncheckedParameters } from '../ordering/call.ts'

const STATUS_OF_MANY = new Set(['orders', 'multi_status', 'multi-status'])

/** Other parameter names that existing clients send, accepted for reads only: a write never relies on a guess. */
export function readAliases(parameters: UncheckedParameters): UncheckedParameters {
  const { action } = parameters
  if (action === 'status') {
    if (parameters['order'] !== undefined || parameters['orders'] !== undefined) return parameters
    const order = parameters['id'] ?? parameters['order_id']
    return order === undefined ? parameters : { ...parameters, order }
  }
  const isStatus = action !== undefined && parameters['orders'] !== undefined && STATUS_OF_MANY.has(action)
  return isStatus ? { ...parameters, action: 'status' } : parameters
}
