import { findPayments, searchPayments } from '../../../payments/find-payments.ts'
import { gatewayCan, findMethod, readMethods } from '../../../payments/methods.ts'
import { listOwing } from '../../../payments/owing.ts'
import { findPayment, type PaymentRow } from '../../../payments/payments.ts'
import { readProof, readWholePayment } from '../../../payments/read-payment.ts'
import { listReceipts } from '../../../payments/receipts.ts'
import { refuse } from '../../../refusal.ts'
import { type LogLine, readLog, WHOLE_LOG } from '../../../staff/log.ts'
import { sendPicture } from '../../send-picture.ts'
import type { Desk, DeskContext } from '../desk.ts'
import { MOST, numberIn, placeIn } from '../money/asked.ts'
import { askedPayments } from './asked.ts'
import { routePaymentBooks } from './book-routes.ts'
import { routeMethods } from './method-routes.ts'

/** Routes money that comes in: payments, money of nobody, who owes, and the ways to pay. */
export function routePayments(desk: Desk) {
  desk.page('/payments', 'payments.read', showAll)
  desk.page('/payments/without-payer', 'payments.read', showWithoutPayer)
  desk.page('/payments/owing', 'money.read', showOwing)
  routeMethods(desk)
  routePaymentBooks(desk)
  desk.page('/payments/:id', 'payments.read', showOne)
  desk.page('/payments/:id/proof', 'payments.read', showProof)
}

async function showAll(context: DeskContext) {
  const { paymentsPage } = await import('./payments.tsx')
  const asked = askedPayments(context.query)
  const before = placeIn(context.query, 'before')
  const [methods, found] = await Promise.all([
    readMethods(context.db),
    asked.find === '' ? findPayments(context.db, asked.filter, { before, most: MOST + 1 }) : searchPayments(context.db, asked.find),
  ])
  const rows = found.slice(0, MOST)
  const hasMore = asked.find === '' && found.length > MOST
  return context.send(paymentsPage(context, { asked, methods, rows, hasMore, isFirst: before === null }))
}

async function showWithoutPayer(context: DeskContext) {
  const { withoutPayerPage } = await import('./without-payer.tsx')
  const before = placeIn(context.query, 'before')
  const found = await listReceipts(context.db, { withoutPayer: true }, { before, most: MOST + 1 })
  return context.send(withoutPayerPage(context, { rows: found.slice(0, MOST), hasMore: found.length > MOST, isFirst: before === null }))
}

async function showOwing(context: DeskContext) {
  const { owingPage } = await import('./owing.tsx')
  const after = numberIn(context.query.get('after') ?? undefined)
  const found = await listOwing(context.db, { after, most: MOST + 1 })
  return context.send(owingPage(context, { rows: found.slice(0, MOST), hasMore: found.length > MOST, isFirst: after === null }))
}

async function showOne(context: DeskContext) {
  const { paymentPage } = await import('./payment.tsx')
  const { db, now, house } = context
  const payment = await paymentOf(context)
  const [method, whole, payments] = await Promise.all([
    findMethod(db, payment.methodId),
    readWholePayment(db, payment, now),
    house.payments(),
  ])
  const able = { canLook: gatewayCan(payments.gateways, method!, 'look'), canGiveBack: gatewayCan(payments.gateways, method!, 'giveBack') }
  const decisions = context.staff.may.has('log.read')
    ? await decisionsAbout(
        context,
        payment,
        whole.receipts.map(({ id }) => id),
      )
    : []
  return context.send(paymentPage(context, { payment, method: method!, ...able, ...whole, decisions }))
}

const MOST_LINES = 200

/** What staff did about the payment: the acts of its account that name it or one of its receipts. */
async function decisionsAbout({ db }: DeskContext, payment: PaymentRow, receipts: readonly bigint[]): Promise<LogLine[]> {
  const lines = await readLog(db, { ...WHOLE_LOG, account: payment.accountId }, { before: null, most: MOST_LINES })
  const ids = new Set(receipts.map(String))
  return lines.filter(({ act, input }) => {
    const { payment: number, receipt } = input as { payment?: unknown; receipt?: unknown }
    return act.startsWith('payment ') && (String(number) === String(payment.id) || ids.has(String(receipt)))
  })
}

async function showProof(context: DeskContext) {
  const proof = await readProof(context.db, (await paymentOf(context)).id)
  if (!proof) throw refuse('unknown_payment', 0n)
  return sendPicture(context.reply, proof)
}

async function paymentOf({ db, params }: DeskContext): Promise<PaymentRow> {
  const id = placeIn(new URLSearchParams(params), 'id')
  const payment = id === null ? undefined : await findPayment(db, id)
  if (!payment) throw refuse('unknown_payment', id ?? 0n)
  return payment
}
