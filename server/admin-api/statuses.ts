import type { OrderStatus, RefillStatus } from '../../contract/statuses.ts'

// The published Admin API writes statuses in lower case; clients send `in_progress`, `inprogress` and `In progress` alike.
const orders: Readonly<Record<string, OrderStatus>> = {
  pending: 'Pending',
  processing: 'Processing',
  inprogress: 'In progress',
  completed: 'Completed',
  partial: 'Partial',
  canceled: 'Canceled',
  cancelled: 'Canceled',
}
const refills: Readonly<Record<string, RefillStatus>> = {
  pending: 'Pending',
  inprogress: 'In progress',
  processing: 'In progress',
  completed: 'Completed',
  rejected: 'Rejected',
  error: 'Error',
}

export function orderStatusOf(word: string): OrderStatus | undefined {
  return Object.hasOwn(orders, bare(word)) ? orders[bare(word)] : undefined
}

export function refillStatusOf(word: string): RefillStatus | undefined {
  return Object.hasOwn(refills, bare(word)) ? refills[bare(word)] : undefined
}

/** `In progress` → `in_progress`, as the published API writes it. */
export function publishedWord(status: OrderStatus | RefillStatus): string {
  return status.toLowerCase().replace(' ', '_')
}

function bare(word: string): string {
  return word.toLowerCase().replaceAll(/[\s_-]/g, '')
}
