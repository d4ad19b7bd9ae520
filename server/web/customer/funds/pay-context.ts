import type { FastifyReply, FastifyRequest } from 'fastify'
import type { PaymentContext, PaymentRow } from '../../../payments/payments.ts'
import { findOwnPayment } from '../../../payments/payments.ts'
import type { Web, WebSettings } from '../../web.ts'
import { nothingHerePage } from '../app-frame.tsx'
import { onOwn, type OwnContext } from '../own-context.ts'
import { sendOwnPage } from '../../send.ts'

/** A request about money that a customer pays in. */
export interface PayContext extends OwnContext {
  readonly payments: PaymentContext
  readonly settings: Pick<WebSettings, 'fundsNote' | 'log'>
}

export function onPay(web: Web, handle: (context: PayContext) => Promise<FastifyReply>) {
  return onOwn(web, (context) => handle({ ...context, payments: web.payments(), settings: web.settings }))
}

/** For an address with the number of a payment. Somebody else's gets the same answer as one that does not exist. */
export function onPayment(web: Web, handle: (context: PayContext, payment: PaymentRow) => Promise<FastifyReply>) {
  return onPay(web, async (context) => {
    const { reply, ui, session, orders, request } = context
    const payment = await findOwnPayment(orders.db, session.accountId, idOf(request))
    return payment ? handle(context, payment) : sendOwnPage(reply, nothingHerePage(ui), 404)
  })
}

function idOf(request: FastifyRequest): bigint {
  const { id } = request.params as { id: string }
  return /^[1-9]\d{0,17}$/.test(id) ? BigInt(id) : 0n
}
