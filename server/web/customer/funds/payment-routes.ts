import type { FastifyInstance, FastifyReply } from 'fastify'
import { mailsDeposits, setMailsDeposits } from '../../../customers/deposit-mails.ts'
import { readDeclineReason } from '../../../payments/decide-manual.ts'
import { findOwnDocument, readOwnReceipts } from '../../../payments/documents.ts'
import { lookForPayer } from '../../../payments/look.ts'
import { findMethod, readMethodNames } from '../../../payments/methods.ts'
import { listOwnPayments, type PaymentRow } from '../../../payments/payments.ts'
import { beginAgain } from '../../../payments/start.ts'
import { takesProof } from '../../../payments/proofs.ts'
import { hasProof } from '../../../payments/read-payment.ts'
import type { Web } from '../../web.ts'
import { field } from '../../form-faults.ts'
import { nothingHerePage } from '../app-frame.tsx'
import { numberIn } from '../own-context.ts'
import { sendOwnPage } from '../../send.ts'
import { UNPROCESSABLE } from '../../ui/page-ui.ts'
import { refusalText } from './add-form.ts'
import { onPay, onPayment, type PayContext } from './pay-context.ts'
import { routeProofs } from './proof-routes.ts'
import { routeTopUp } from './top-up-routes.ts'

export function routePayments(pages: FastifyInstance, web: Web) {
  pages.get('/funds/payments', onPay(web, showPayments))
  pages.post('/funds/payments/mails', onPay(web, takeMails))
  pages.get(
    '/funds/payments/:id',
    onPayment(web, (context, payment) => showPayment(context, payment)),
  )
  pages.get('/funds/payments/:id/state', onPayment(web, sendState))
  pages.post('/funds/payments/:id/again', onPayment(web, takeAgain))
  pages.get('/funds/receipts/:name', onPay(web, showReceipt))
  routeTopUp(pages, web)
  routeProofs(pages, web, (context, payment, fault) => showPayment(context, payment, undefined, fault))
}

const PAYMENTS_PER_PAGE = 50

async function showPayments(context: PayContext): Promise<FastifyReply> {
  const { reply, ui, query, orders, session } = context
  const { paymentsPage } = await import('./payments-list.tsx')
  const before = numberIn(query, 'before')
  const found = await listOwnPayments(orders.db, session.accountId, before, PAYMENTS_PER_PAGE + 1)
  const shown = found.slice(0, PAYMENTS_PER_PAGE)
  const names = await readMethodNames(orders.db)
  const view = {
    payments: shown.map((payment) => ({ payment, methodName: names.get(payment.methodId) ?? '' })),
    older: found.length > PAYMENTS_PER_PAGE ? shown.at(-1)!.id : null,
    isOlder: before !== null,
    mails: await mailsDeposits(orders.db, session.accountId),
  }
  return sendOwnPage(reply, paymentsPage(ui, view))
}

async function takeMails({ request, reply, orders, session }: PayContext): Promise<FastifyReply> {
  await setMailsDeposits(orders.db, session.accountId, field(request, 'mails') === 'on')
  return reply.redirect('/funds/payments', 303)
}

async function showPayment(context: PayContext, payment: PaymentRow, fault?: string, proofFault?: string): Promise<FastifyReply> {
  const { reply, ui, orders, settings, query } = context
  const { paymentPage } = await import('./payment.tsx')
  const isAnswer = fault !== undefined || proofFault !== undefined
  const newest = !isAnswer ? await lookBriefly(context, payment) : payment
  const { rows } = await orders.db.query<{ wallet: bigint }>('select wallet from books where id = $1', [newest.bookId])
  const method = (await findMethod(orders.db, newest.methodId))!
  const view = {
    payment: newest,
    methodName: method.name,
    receipts: await readOwnReceipts(orders.db, newest),
    wallet: rows[0]!.wallet,
    declined: newest.state === 'failed' ? await readDeclineReason(orders.db, newest.id) : undefined,
    begins: query.get('begin') === '1',
    fault,
    proof: {
      isSent: await hasProof(orders.db, newest.id),
      isWanted: takesProof(method.gateway, newest.state),
      fault: proofFault,
    },
    fundsNote: settings.fundsNote,
  }
  return sendOwnPage(reply, paymentPage(ui, view), !isAnswer ? 200 : UNPROCESSABLE)
}

/** Whether something has changed, for the page's script. */
async function sendState(context: PayContext, payment: PaymentRow): Promise<FastifyReply> {
  const { reply, ui, orders } = context
  const { versionOf } = await import('./payment.tsx')
  const { isWaiting, stateText } = await import('./payment-words.tsx')
  const newest = await lookBriefly(context, payment)
  const receipts = await readOwnReceipts(orders.db, newest)
  void reply.header('cache-control', 'private, no-store')
  return reply.send({
    version: versionOf({ payment: newest, receipts }),
    waits: isWaiting(newest),
    spoken: stateText(ui.frame.texts, newest),
  })
}

/** A page does not wait longer for a gateway; what it answers later is there at the next look. */
const LOOK_MS = 2500

async function lookBriefly({ payments, settings }: PayContext, payment: PaymentRow): Promise<PaymentRow> {
  const looking = lookForPayer(payments, payment).catch((error: unknown) => {
    settings.log.warn({ err: error, payment: String(payment.id) }, 'a payment could not be looked at')
    return payment
  })
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<PaymentRow>((resolve) => {
    timer = setTimeout(() => resolve(payment), LOOK_MS)
  })
  return Promise.race([looking, late]).finally(() => clearTimeout(timer))
}

/** The gateway was away when the payment was begun: it is asked again, for the same payment. */
async function takeAgain(context: PayContext, payment: PaymentRow): Promise<FastifyReply> {
  const { reply, ui, payments, session } = context
  const { texts } = ui.frame
  try {
    await beginAgain(payments, payment, {
      email: session.email,
      language: texts.language.code,
      about: texts.text('payments.about', { name: ui.frame.house.name, account: String(session.accountId) }),
    })
    return reply.redirect(`/funds/payments/${payment.id}`, 303)
  } catch (error) {
    return showPayment(context, payment, refusalText(texts, error))
  }
}

async function showReceipt({ request, reply, ui, orders, session }: PayContext): Promise<FastifyReply> {
  const { name } = request.params as { name: string }
  const [, year, number] = /^(\d{4})-([1-9]\d{0,8})$/.exec(name) ?? []
  const document =
    year === undefined ? undefined : await findOwnDocument(orders.db, session.accountId, { year: Number(year), number: Number(number) })
  if (!document) return sendOwnPage(reply, nothingHerePage(ui), 404)
  const { receiptPage } = await import('./receipt.tsx')
  return sendOwnPage(reply, receiptPage(ui, document))
}
