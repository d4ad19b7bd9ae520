import { randomBytes } from 'node:crypto'
import type { z } from 'zod'
import { placesOf } from '../../../server/payments/amounts.ts'
import { razorpay } from '../../../server/payments/gateways/razorpay.ts'
import type { GatewayCase, GatewayFake, PayOptions } from '../gateway-case.ts'
import { openFakeServer } from './fake-server.ts'
import { FakeRazorpay } from './razorpay-fake.ts'

type Settings = typeof razorpay.settings

export const razorpayCase: GatewayCase<Settings> = {
  gateway: razorpay,
  currencies: ['INR', 'JPY', 'KWD'],
  async openFake(): Promise<GatewayFake<Settings>> {
    const fake = new FakeRazorpay()
    const server = await openFakeServer((request) => fake.reply(request))
    const settings = (): z.input<Settings> => ({
      keyId: fake.keyId,
      keySecret: fake.keySecret,
      webhookSecret: fake.secrets.join(' '),
      apiUrl: server.url,
    })
    return Object.assign(server, {
      settings: settings(),
      rotate() {
        fake.secrets.unshift(randomBytes(16).toString('hex'))
        return settings()
      },
      started: () => fake.links.length,
      pay: (reference: string, options: PayOptions = {}) => fake.pay(reference, options),
      become: (reference: string, state: string) => fake.become(reference, state),
      refund(receiptId: string, amount?: string) {
        const { currency } = fake.payments.find((payment) => payment.id === receiptId)!
        fake.refund(receiptId, amount === undefined ? undefined : Math.round(Number(amount) * 10 ** placesOf(currency)), [])
        return fake.refunds.at(-1)!.id
      },
      chargeback: (receiptId: string) => fake.dispute(receiptId),
      winBack: (reversalId: string) => fake.win(reversalId),
      hooks: (reference: string) =>
        fake.told.filter((each) => each.reference === reference).map(({ body, event }) => fake.sign(body, event)),
      foreign: () => [
        fake.sign(
          JSON.stringify({
            event: 'payment_link.paid',
            payload: { payment_link: { entity: { id: 'plink_other', reference_id: 'SHOP-77' } } },
          }),
        ),
        fake.sign(JSON.stringify({ event: 'payment.captured', payload: { payment: { entity: { id: 'pay_other', notes: [] } } } })),
        fake.sign(JSON.stringify({ event: 'settlement.processed', payload: { settlement: { entity: { id: 'setl_1' } } } })),
      ],
      sign: (body: string) => fake.sign(body),
    })
  },
}
