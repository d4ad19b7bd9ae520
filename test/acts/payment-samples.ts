import type { PaymentRow } from '../../server/payments/payments.ts'
import type { OpenPayments } from '../../server/payments/open.ts'
import { lookAt } from '../../server/payments/look.ts'
import { findMethod } from '../../server/payments/methods.ts'
import type { Docket } from '../support/docket.ts'
import type { GatewayFake } from '../payments/gateway-case.ts'
import { asAsked, beginPayment } from '../payments/world.ts'

/** What the samples of payments work in. */
export interface PaymentWorld {
  readonly docket: Docket
  readonly payments: OpenPayments
  /** The other side of Stripe. */
  readonly stripe: GatewayFake
  readonly done: (name: string, input: object) => Promise<any>
}

type Sample = (world: PaymentWorld) => Promise<object>

let numbers = 0
const unique = () => (numbers += 1)
const newAccount = async ({ docket }: PaymentWorld) => (await docket.account()).account
const newCoupon = async (world: PaymentWorld) =>
  (await world.done('coupon add', { coupon_code: `HELLO-${unique()}`, percent: '10' })).coupon

/** Money that nobody has asked for. */
async function newReceipt({ docket, done }: PaymentWorld): Promise<number> {
  const { method } = await manual(done)
  const { rows } = await docket.db.query<{ id: bigint }>(
    `insert into payment_receipts (method_id, their_id, amount, currency, at, state, heard_at) values ($1, $2, 10, 'USD', now(), 'review', now()) returning id`,
    [method, `transfer ${unique()}`],
  )
  return Number(rows[0]!.id)
}

async function manual(done: PaymentWorld['done'], isOn = false): Promise<{ method: number }> {
  const { method } = await done('payment-method add', {
    gateway: 'manual',
    name: `Bank ${unique()}`,
    settings: { account: 'DE89370400440532013000' },
  })
  if (isOn) await switchOn(done, method)
  return { method }
}

async function switchOn(done: PaymentWorld['done'], method: number) {
  await done('payment-method test', { method })
  await done('payment-method on', { method })
}

async function stripe({ done, stripe: fake }: PaymentWorld): Promise<{ method: number }> {
  const { secretKey, webhookSecret, address } = fake.settings as Record<string, string>
  const { method } = await done('payment-method add', {
    gateway: 'stripe',
    name: `Card ${unique()}`,
    settings: { address },
    secrets: { secretKey, webhookSecret },
    private_network: true,
  })
  await switchOn(done, method)
  return { method }
}

async function begun(world: PaymentWorld, id: number): Promise<PaymentRow> {
  return beginPayment(world.docket, world.payments, { id, token: '' }, '20')
}

/** A payment by card that was paid; its money is credited. */
async function paid(world: PaymentWorld): Promise<{ payment: PaymentRow; method: number; receipt: number; theirId: string }> {
  const { method } = await stripe(world)
  const payment = await begun(world, method)
  const theirId = world.stripe.pay(payment.reference, asAsked(payment))
  await lookAt(world.payments, (await findMethod(world.docket.db, method))!, payment)
  const { rows } = await world.docket.db.query<{ id: bigint }>('select id from payment_receipts where payment_id = $1', [payment.id])
  return { payment, method, receipt: Number(rows[0]!.id), theirId }
}

async function reported(world: PaymentWorld): Promise<{ method: number; receipt: string }> {
  const { method } = await stripe(world)
  const payment = await begun(world, method)
  const receipt = world.stripe.pay(payment.reference, asAsked(payment))
  await world.docket.db.query(
    `insert into payment_reports (method_id, day, their_id, amount, currency, at, reference) values ($1, current_date, $2, 20, 'USD', now(), $3)`,
    [method, receipt, payment.reference],
  )
  return { method, receipt }
}

export const paymentSamples: Readonly<Record<string, Sample>> = {
  async 'account excuse'(world) {
    const account = await newAccount(world)
    await world.docket.db.query(
      `select post_transfer(id, 'reversal', 15000000, null, null, 'dispute', now(), true) from books where account_id = $1 and not play`,
      [account],
    )
    return { account, reason: 'The bank was wrong.' }
  },
  'bonus give': async (world) => ({ account: await newAccount(world), amount: '5', reason: 'They waited long.' }),
  'payment-method add': async () => ({ gateway: 'manual', name: `Bank ${unique()}`, settings: { account: 'DE89370400440532013000' } }),
  'payment-method set': async ({ done }) => ({ ...(await manual(done)), name: `Transfer ${unique()}`, fee_percent: '1.5' }),
  'payment-method test': async ({ done }) => manual(done),
  async 'payment-method on'({ done }) {
    const { method } = await manual(done)
    await done('payment-method test', { method })
    return { method }
  },
  'payment-method off': async ({ done }) => manual(done, true),
  async 'payment approve'(world) {
    const { method } = await manual(world.done, true)
    return { payment: Number((await begun(world, method)).id), reason: 'statement of 3 March' }
  },
  async 'payment decline'(world) {
    const { method } = await manual(world.done, true)
    return { payment: Number((await begun(world, method)).id), reason: 'It never arrived.' }
  },
  async 'payment look'(world) {
    const { method } = await stripe(world)
    return { payment: Number((await begun(world, method)).id) }
  },
  'payment give-back': async (world) => ({ receipt: (await paid(world)).receipt, amount: '5', reason: 'Paid twice.' }),
  'payment decide': async (world) => ({
    receipt: await newReceipt(world),
    decision: 'credit',
    account: await newAccount(world),
    amount: '10',
    reason: 'The text of the transfer names them.',
  }),
  'coupon add': async () => ({ coupon_code: `HELLO-${unique()}`, percent: '10' }),
  'coupon set': async (world) => ({ coupon: await newCoupon(world), times: 5 }),
  'coupon end': async (world) => ({ coupon: await newCoupon(world) }),
  'rate set': async () => ({ base: 'USD', currency: 'BRL', exchange: `5.${unique()}` }),
  'rate source': async () => ({ source: 'none' }),
  'reconcile look': reported,
  'reconcile settle': async (world) => ({ ...(await reported(world)), reason: 'Another shop of ours.' }),
}
