import type { World } from '../world.ts'
import { ONCE, type Target } from './target.ts'

/** Each call of /adminapi/v2: those of people and bots who fulfil orders, and of scripts that add payments. */
export function botTargets({ staffKey, email, order, refill, subscription, ticket }: World): Target[] {
  const headers = { 'x-api-key': staffKey }
  const staff = (method: Target['method'], path: string, fields: Record<string, string>): Target => ({
    name: `${method} /adminapi/v2${path}`,
    method,
    path: `/adminapi/v2${path}`,
    kind: 'staff',
    fields,
    headers,
  })
  const changed = { ids: `${order},2`, cancel_reason: 'as asked', reason: 'as asked' }
  return [
    staff('GET', '/orders', {
      ids: '',
      order_status: 'pending',
      service_ids: '101',
      created_from: '2026-01-01',
      created_to: '2030-01-01',
      limit: '10',
      offset: '0',
    }),
    staff('GET', `/orders/${order}`, {}),
    staff('POST', '/orders/pull', { service_ids: '101', limit: '5' }),
    staff('POST', '/orders/update', {
      id: String(order),
      status: 'in_progress',
      start_count: '5',
      remains: '1',
      cancel_reason: 'no',
      reason: 'no',
    }),
    staff('POST', '/orders/change-status', { ids: `${order},2`, status: 'in_progress' }),
    staff('POST', '/orders/cancel', changed),
    staff('POST', '/orders/request-cancel', changed),
    staff('POST', `/orders/${order}/set-partial`, { remains: '1', start_count: '2', reason: 'half' }),
    staff('POST', '/payments/add', {
      username: email,
      amount: '0.01',
      method: 'PayPal',
      memo: `by a script ${ONCE}`,
      affiliate_commission: 'true',
    }),
    staff('GET', '/tickets', { status: 'pending', username: email, limit: '10', offset: '0', ids: '' }),
    staff('GET', `/tickets/${ticket}`, {}),
    staff('POST', '/tickets/add', { username: email, subject: 'Hello', message: `Your order ${ONCE}`, orders: '' }),
    staff('POST', `/tickets/${ticket}/reply`, { message: `We look ${ONCE}`, close: 'no' }),
    staff('POST', '/cancel/pull', { limit: '5', service_ids: '101' }),
    staff('POST', '/cancel/reject', { ids: String(order), reason: 'too late' }),
    staff('POST', '/refill/pull', { limit: '5', service_ids: '101' }),
    staff('POST', '/refill/change-status', { ids: String(refill), status: 'completed', reason: 'done' }),
    staff('POST', `/subscriptions/${subscription}/posts`, { posts: 'https://example.com/p/1', links: 'https://example.com/p/1' }),
  ]
}
