import { formToken } from '../../../server/web/csrf.ts'
import type { Target } from './target.ts'

/** What anybody may send who has never been here. */
export function strangerTargets(): Target[] {
  const visitor = 'v'.repeat(43)
  const headers = { cookie: `docket-visitor=${visitor}`, accept: 'text/html' }
  const page = (path: string, fields: Record<string, string> = {}): Target => ({
    name: `stranger GET ${path}`,
    method: 'GET',
    path,
    kind: 'page',
    fields,
    headers,
  })
  const form = (path: string, fields: Record<string, string>): Target => ({
    name: `stranger POST ${path}`,
    method: 'POST',
    path,
    kind: 'page',
    fields: { ...fields, csrf: formToken(visitor) },
    headers,
  })
  return [
    form('/sign-in', { email: 'nobody@example.com', password: 'x', next: '/orders' }),
    form('/sign-in/code', { ticket: 'x', code: '123456', next: '/orders' }),
    form('/register', { email: 'nobody' }),
    form('/register/with-provider', { ticket: 'x', terms: '1', accept: 'on' }),
    form('/sign-in/with/none', { next: '/orders' }),
    page('/sign-in/with/none/callback', { state: 's'.repeat(43), code: 'x', iss: 'https://none.example' }),
    form('/forgot', { email: 'nobody' }),
    form(`/reset/${visitor}`, { wanted: 'x' }),
    form('/mass-order', { lines: '101|a|10' }),
    form(`/confirm-mail/${visitor}`, {}),
    form(`/announcements/unsubscribe/${visitor}`, {}),
    page(`/announcements/unsubscribe/${visitor}`),
    form('/sign-out', {}),
    page('/sign-in', { next: '/orders' }),
    page('/register'),
    page('/forgot'),
    page(`/reset/${visitor}`),
    page('/order', { service: '101' }),
    {
      ...page('/en/services', { find: 'followers', category: 'Default', refill: 'yes', sort: 'price', page: '2' }),
      headers: { accept: 'text/html' },
    },
    { ...page('/en/api'), headers: { accept: 'text/html' } },
    { ...page('/'), headers: { accept: 'text/html' } },
    ...deskStrangers(),
  ]
}

/** Staff before they are signed in. */
function deskStrangers(): Target[] {
  const visitor = 'w'.repeat(43)
  const headers = { cookie: `docket-desk-visitor=${visitor}`, accept: 'text/html' }
  const both = (path: string, fields: Record<string, string>, query: Record<string, string> = {}): Target[] => [
    { name: `stranger GET /desk${path}`, method: 'GET', path: `/desk${path}`, kind: 'page', fields: query, headers },
    {
      name: `stranger POST /desk${path}`,
      method: 'POST',
      path: `/desk${path}`,
      kind: 'page',
      fields: { ...fields, csrf: formToken(visitor) },
      headers,
    },
  ]
  return [
    ...both('/sign-in', { email: 'nobody@example.com', password: 'x', next: '/desk/orders' }, { next: '/desk/orders' }),
    ...both('/sign-in/code', { ticket: 'x', code: '123456', next: '/desk' }),
    ...both('/forgot', { email: 'nobody' }),
    ...both(`/welcome/${visitor}`, { wanted: 'x' }),
    ...both(`/setup/begin/${visitor}`, { email: 'nobody', name: 'Ana', wanted: 'grass under 4 lanterns' }),
    { ...both('/orders', {})[0]!, name: 'stranger GET /desk/orders' },
  ]
}
