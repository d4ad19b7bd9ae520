/** Order status words, exact case. The first three may only move to the right; the last ones are final. */
export const openStatuses = ['Pending', 'Processing', 'In progress'] as const
export const finalStatuses = ['Completed', 'Partial', 'Canceled', 'Expired'] as const
export const refillStatuses = ['Pending', 'In progress', 'Completed', 'Rejected', 'Error'] as const

export type OrderStatus = (typeof openStatuses)[number] | (typeof finalStatuses)[number] | 'Active' | 'Paused'
export type RefillStatus = (typeof refillStatuses)[number]
