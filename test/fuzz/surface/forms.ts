import { serviceTypes } from '../../../contract/service-types.ts'
import type { World } from '../world.ts'
import { ONCE, type Target } from './target.ts'

/** Each form of a customer who is signed in. */
export function formTargets(world: World): Target[] {
  const { cookie, csrf, order, payment, massOrder, ticket } = world
  const form = (path: string, fields: Record<string, string>, kind: Target['kind'] = 'page'): Target => ({
    name: `POST ${path}`,
    method: 'POST',
    path,
    kind,
    headers: { cookie, accept: 'text/html' },
    fields: { ...fields, csrf },
  })
  const proof = { password: 'x', code: '123456' }
  const token = ONCE
  const orders = serviceTypes.flatMap(({ name, example, fields }) => {
    const all = Object.fromEntries(fields.map((field) => [field.name, example[field.name] ?? '']))
    const order = { ...all, service: String(world.services.get(name)) }
    return [form('/order/quote', order), form('/order', { ...order, step: 'price', retry: token, max_charge: '100000' })]
  })
  const webhook = `/webhooks/${world.webhook}`
  const lines = '101|https://example.com/p/1|1000\n101|https://example.com/p/2|10'
  const asked = { kind: 'other', orders: String(order), find: '', subject: 'Hello', text: 'Where is it?', once: token }
  return [
    ...orders,
    form('/mass-order', { form: token, lines, file_fault: '' }),
    form('/mass-order', { form: token, lines, file: lines }, 'upload'),
    form(`/mass-order/${massOrder}/place`, {}),
    form(`/mass-order/${massOrder}/go-on`, { watched: 'yes' }),
    form(`/mass-order/${massOrder}/again`, {}),
    form('/orders/bulk', { act: 'again', [`order-${order}`]: 'on', 'order-2': 'on' }),
    form(`/orders/${order}/cancel`, {}),
    form(`/orders/${order}/refill`, {}),
    form(`/orders/${order}/speed-up`, {}),
    form('/services/101/favourite', { keep: 'yes', back: 'find=a&page=1' }),
    form('/keys/old', { old_key: 'a1b2c3d4e5f60718293a', ...proof }),
    form('/keys/new', {
      label: 'shop',
      kind: 'test',
      access: 'chosen',
      'scope-read': 'on',
      daily_cap: '5',
      services: '101,103-110',
      step: 'address',
      networks: '203.0.113.0/24',
      expires: '2031-01-01',
      form: token,
      ...proof,
    }),
    form('/funds/add', { form: token, figures: '', amount: '50', method: String(world.method), coupon: '', pick: '25' }),
    form('/funds/quote', { form: token, amount: '50', method: String(world.method), coupon: '' }),
    form(`/funds/payments/${payment}/again`, {}),
    form(`/funds/payments/${payment}/proof`, { picture: lines }, 'upload'),
    form('/funds/payments/mails', { mails: 'on' }),
    form('/referrals/link', {}),
    form('/panels', { url: 'https://shop.example', name: 'Shop' }),
    form('/announcements/mails', { mails: 'on' }),
    form(`/announcements/${world.announcements.open}/dismiss`, { next: '/' }),
    form('/funds/top-up', { below: '5', amount: '10', most: '20' }),
    form('/webhooks/low', { below: '5' }),
    form('/webhooks/new', { url: 'http://127.0.0.1:9/', 'event-order.*': 'on', money: 'live', form: token, ...proof }),
    form(`${webhook}/edit`, { url: 'http://127.0.0.1:9/', 'event-order.*': 'on', 'event-refill.*': 'on', ...proof }),
    form(`${webhook}/test`, {}),
    form(`${webhook}/again`, {}),
    form(`${webhook}/pause`, {}),
    form(`${webhook}/resume`, {}),
    form(`${webhook}/rotate`, proof),
    form('/account/mail', { email: 'wrong' }),
    form('/account/language', { locale: 'en' }),
    form('/accept-terms', { next: '/account', terms: '1', accept: 'on' }),
    form('/account/prove', { next: '/account', ...proof }),
    form('/account/prove/with', { provider: 'none', next: '/account', code: '123456' }),
    form('/account/link', { provider: 'none' }),
    form('/account/unlink', { linked: '1' }),
    form('/account/password', { current: 'x', wanted: 'y' }),
    form('/account/codes/begin', proof),
    form('/account/codes/confirm', proof),
    form('/account/codes/renew', proof),
    form('/account/codes/remove', proof),
    form('/account/sessions/end', { session: '999999' }),
    form('/account/sessions/end-others', {}),
    form('/start/test-key', {}),
    form(`/keys/${world.ownKey}/edit`, {
      label: 'shop',
      access: 'chosen',
      'scope-read': 'on',
      daily_cap: '5',
      services: '101',
      networks: '203.0.113.0/24',
      expires: '2031-01-01',
      ...proof,
    }),
    form(`/keys/${world.ownKey}/revoke`, { form: 'no', ...proof }),
    form(`${webhook}/remove`, { form: 'no', ...proof }),
    form('/support/new', { ...asked, press: '' }),
    form('/support/new', { ...asked, pictures: lines }, 'upload'),
    form(`/support/${ticket}/reply`, { text: 'Thank you.', once: token }),
    form(`/support/${ticket}/reply`, { text: 'Thank you.', once: token, pictures: lines }, 'upload'),
    form(`/support/${ticket}/close`, {}),
    form(`/support/${ticket}/reopen`, {}),
    form('/view/end', {}),
  ]
}
