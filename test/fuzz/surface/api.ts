import { actions } from '../../../contract/actions.ts'
import { serviceTypes } from '../../../contract/service-types.ts'
import type { World } from '../world.ts'
import { ONCE, type Target } from './target.ts'

/** Each action of the API with every service type, deposits, tickets, and the stream of changes. */
export function apiTargets({ key, depositKey, services, order, refill, payment, ticket, method }: World): Target[] {
  const api = (name: string, fields: Record<string, string>, more: Partial<Target> = {}): Target => ({
    name: `action=${name}`,
    method: 'POST',
    path: '/api/v2',
    kind: 'api',
    headers: {},
    fields: { key, action: name.split(' ', 1)[0]!, ...fields },
    ...more,
  })
  // The examples of the contract name orders of its own fixture.
  const known: Readonly<Record<string, string>> = {
    order: String(order),
    orders: `${order},${order + 1}`,
    refill: String(refill),
    refills: `${refill},${refill + 1}`,
  }
  const others = actions.filter(({ name }) => name !== 'add' && name !== 'quote')
  const byAction = others.flatMap(({ name, forms }) =>
    forms.map(({ parameters, examples }) => {
      const example = (parameter: string) => known[parameter] ?? examples[0]?.parameters[parameter] ?? '1'
      return api(name, Object.fromEntries(parameters.map((parameter) => [parameter.name, example(parameter.name)])))
    }),
  )
  const byType = serviceTypes.flatMap(({ name: type, example, fields }) => {
    const all = Object.fromEntries(fields.map(({ name }) => [name, example[name] ?? '']))
    const sent = { ...all, service: String(services.get(type)) }
    return [
      api(`quote ${type}`, { ...sent, max_charge: '100000' }),
      api(`add ${type}`, { ...sent, ...(all['link'] !== undefined && { link: `https://example.com/${ONCE}` }), max_charge: '100000', idempotency_key: '', request_id: '' }), // prettier-ignore
    ]
  })
  const bearer = (path: string, name = `GET ${path}`): Target => ({
    name,
    method: 'GET',
    path,
    kind: 'api',
    headers: { authorization: `Bearer ${depositKey}` },
    fields: {},
  })
  const deposit = { amount: '50', method: String(method), coupon: '', idempotency_key: ONCE, key: depositKey }
  const prefixes = ['/api/v2', '/api2/v2', '']
  const write = { text: 'Where is it?', idempotency_key: '', key }
  const ticketTargets = prefixes
    .slice(0, 2)
    .flatMap((prefix) => [
      api(
        'ticket',
        { ...write, kind: 'other', orders: String(order), subject: 'Late' },
        { path: `${prefix}/tickets`, name: `POST ${prefix}/tickets` },
      ),
      api('ticket', write, { path: `${prefix}/tickets/${ticket}/reply`, name: `POST ${prefix}/tickets/${ticket}/reply` }),
      api('ticket', { key }, { path: `${prefix}/tickets/${ticket}/close`, name: `POST ${prefix}/tickets/${ticket}/close` }),
      bearer(`${prefix}/tickets/${ticket}`),
      { ...bearer(`${prefix}/tickets`), fields: { state: 'waiting' } },
    ])
  return [
    ...byAction,
    ...byType,
    ...prefixes.flatMap((prefix) => [
      api('deposit', deposit, { path: `${prefix}/deposits`, name: `POST ${prefix}/deposits` }),
      bearer(`${prefix}/deposits`),
      bearer(`${prefix}/deposits/${payment}`),
    ]),
    ...ticketTargets,
    ...['/api/v2/', '/api2/v2', '/api2/v2/'].map((path) => api('balance', {}, { path, name: `POST ${path}` })),
    ...['/api/v2', '/api/v2/', '/api2/v2', '/api2/v2/'].map((path) => api('balance', {}, { path, name: `GET ${path}`, method: 'GET' })),
    { ...bearer('/api/v2/deposits', 'GET /api/v2/deposits with a filter'), fields: { most: '5', before: '9' } },
    api('balance', { key: 'x' }, { name: 'a key that is none' }),
  ]
}
