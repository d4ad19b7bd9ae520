import type { MessageKey } from './message.ts'

/** Order statuses, in exact case. The first three may only move to the right; the last ones are final. */
export const openStatuses = ['Pending', 'Processing', 'In progress'] as const
export const finalStatuses = ['Completed', 'Partial', 'Canceled', 'Expired'] as const
export const refillStatuses = ['Pending', 'In progress', 'Completed', 'Rejected', 'Error'] as const

export type OrderStatus = (typeof openStatuses)[number] | (typeof finalStatuses)[number] | 'Active' | 'Paused'
export type RefillStatus = (typeof refillStatuses)[number]

/** In the order of the documents. */
export const aboutOrderStatuses: Readonly<Record<OrderStatus, MessageKey>> = {
  Pending: 'status.pending',
  Processing: 'status.processing',
  'In progress': 'status.inProgress',
  Completed: 'status.completed',
  Partial: 'status.partial',
  Canceled: 'status.canceled',
  Active: 'status.active',
  Paused: 'status.paused',
  Expired: 'status.expired',
}

export const aboutRefillStatuses: Readonly<Record<RefillStatus, MessageKey>> = {
  Pending: 'status.refill.pending',
  'In progress': 'status.refill.inProgress',
  Completed: 'status.refill.completed',
  Rejected: 'status.refill.rejected',
  Error: 'status.refill.error',
}
