import { createHmac } from 'node:crypto'
import { PAYMENT_HOOKS } from '../../../server/payment-hooks/route.ts'
import { HOOK_SECRETS, type World } from '../world.ts'
import type { Target } from './target.ts'

/** The calls of gateways. Where a call is proved by a secret that is ours to choose, whatever is sent is signed with it, so that it is read. */
export function hookTargets({ hooks, reference }: World): Target[] {
  const told = { id: '"x"', amount: '"103.00"', currency: '"USD"', reference: JSON.stringify(reference), at: '"2026-11-28T12:00:00Z"' }
  const object = JSON.stringify({ object: 'charge', id: 'ch_1', payment_intent: 'pi_1', metadata: { docket_reference: reference } })
  const bodies: Readonly<Record<string, Record<string, string>>> = {
    'signed-hook': told,
    sepay: { id: '9', transferAmount: '500000', transferType: '"in"', content: `"DKT${reference}"`, accountNumber: '"123456"', transactionDate: '"2026-11-28 12:00:00"' }, // prettier-ignore
    stripe: { id: '"evt_1"', type: '"charge.refunded"', data: `{"object":${object}}` },
    nowpayments: { payment_id: '5', payment_status: '"finished"', order_id: JSON.stringify(reference), price_amount: '5' },
    razorpay: { event: '"payment.captured"', payload: `{"payment":{"entity":{"id":"pay_1","notes":{"docket_reference":"${reference}"}}}}` },
    mercadopago: { type: '"payment"', action: '"payment.updated"', data: '{"id":"123"}' },
    btcpay: { type: '"InvoiceSettled"', invoiceId: '"abc"', deliveryId: '"d"', metadata: `{"orderId":"${reference}"}` },
    paypal: { event_type: '"PAYMENT.CAPTURE.COMPLETED"', id: '"WH-1"', resource: `{"id":"1","custom_id":"${reference}"}` },
  }
  const known = Object.entries(hooks).map(([gateway, token]): Target => {
    const sign = signatures[gateway]
    return {
      name: `a call of ${gateway}`,
      method: 'POST',
      path: `${PAYMENT_HOOKS}/${token}`,
      kind: 'hook',
      fields: bodies[gateway] ?? told,
      headers: { 'content-type': 'application/json' },
      ...(sign && { sign }),
    }
  })
  const stranger = { kind: 'hook', fields: told, path: `${PAYMENT_HOOKS}/${'x'.repeat(32)}` } as const
  const forged = {
    'webhook-id': 'x',
    'webhook-timestamp': '1774422160',
    'webhook-signature': 'v1,x',
    'stripe-signature': 't=1,v1=x',
  }
  return [
    ...known,
    { ...stranger, name: 'a call that is no gateway', method: 'POST', headers: forged },
    { ...stranger, name: 'GET of a hook', method: 'GET', headers: {} },
  ]
}

const now = () => Math.floor(Date.now() / 1000)
const hmac = (hash: string, secret: string | Buffer, ...parts: readonly (string | Buffer)[]) => {
  const sum = createHmac(hash, secret)
  for (const part of parts) sum.update(part)
  return sum
}

const signatures: Readonly<Record<string, (body: Buffer) => Readonly<Record<string, string>>>> = {
  'signed-hook': (body) => {
    const [id, at] = [`msg_${now()}`, now()]
    const signature = hmac('sha256', Buffer.from(HOOK_SECRETS.signedHook, 'base64'), `${id}.${at}.`, body).digest('base64')
    return { 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': `v1,${signature}` }
  },
  sepay: () => ({ authorization: `Apikey ${HOOK_SECRETS.sepay}` }),
  stripe: (body) => ({ 'stripe-signature': `t=${now()},v1=${hmac('sha256', HOOK_SECRETS.stripe, `${now()}.`, body).digest('hex')}` }),
  razorpay: (body) => ({ 'x-razorpay-signature': hmac('sha256', HOOK_SECRETS.razorpay, body).digest('hex') }),
  btcpay: (body) => ({ 'btcpay-sig': `sha256=${hmac('sha256', HOOK_SECRETS.btcpay, body).digest('hex')}` }),
}
