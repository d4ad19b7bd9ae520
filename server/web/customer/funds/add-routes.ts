import type { FastifyInstance, FastifyReply } from 'fastify'
import { isRefusal } from '../../../refusal.ts'
import type { Offer } from '../../../payments/offers.ts'
import { startPayment } from '../../../payments/start.ts'
import type { Web } from '../../web.ts'
import { field } from '../../form-faults.ts'
import { sendOwnPage } from '../../send.ts'
import { type Faults, UNPROCESSABLE } from '../../ui/page-ui.ts'
import { type AddView, amountOf, figuresOf, formOf, readAdd, refusalText, typedFunds, wantedOf } from './add-form.ts'
import { onPay, type PayContext } from './pay-context.ts'
import { showFunds } from './show-funds.ts'

export function routeAddFunds(pages: FastifyInstance, web: Web) {
  pages.post('/funds/add', onPay(web, takeAdd))
  pages.post('/funds/quote', onPay(web, sendQuote))
}

/** The form was sent: it is drawn again with what is wrong, or its figures are shown to be confirmed, or the payment is started. */
async function takeAdd(context: PayContext): Promise<FastifyReply> {
  const { request, reply, ui } = context
  const form = formOf(request)
  const add = await readAdd(context, typedFunds(request), form)
  if (add === null) return reply.redirect('/funds', 303)
  if (field(request, 'pick') !== '') return showFunds(context, add)
  const offer = add.offers?.find(({ method }) => String(method.id) === add.typed.method)
  if (Object.keys(add.faults).length > 0 || !offer) return showFunds(context, add, UNPROCESSABLE)
  if (offer.terms === null)
    return showFunds(context, { ...add, faults: { method: refusalText(ui.frame.texts, offer.refusal) } }, UNPROCESSABLE)
  const agreed = field(request, 'figures')
  if (agreed !== figuresOf(offer.terms.quote)) {
    const { confirmPage } = await import('./add-funds.tsx')
    return sendOwnPage(reply, confirmPage(ui, { add, terms: offer.terms, isChanged: agreed !== '' }))
  }
  return start(context, add, offer)
}

/** However often the form arrives, its figures start one payment. When that fails, the form keeps what was typed. */
async function start(context: PayContext, add: AddView, { method }: Offer): Promise<FastifyReply> {
  const { reply, ui, payments, session } = context
  const { texts } = ui.frame
  const { typed, form } = add
  const amount = amountOf(typed)!
  try {
    const payment = await startPayment(payments, {
      ...wantedOf(context, amount, typed.coupon),
      methodId: method.id,
      startKey: `form ${form} ${method.id} ${amount} ${typed.coupon.toUpperCase()}`,
      by: 'customer',
      keepsCard: typed.keepCard,
      language: texts.language.code,
      about: texts.text('payments.about', { name: ui.frame.house.name, account: String(session.accountId) }),
    })
    return reply.redirect(
      `/funds/payments/${payment.id}${payment.nextStep?.kind === 'redirect' && payment.state === 'open' ? '?begin=1' : ''}`,
      303,
    )
  } catch (error) {
    const faults: Faults = { [isRefusal(error, 'coupon_not_valid') ? 'coupon' : 'form']: refusalText(texts, error) }
    return showFunds(context, { ...add, faults }, UNPROCESSABLE)
  }
}

/** The figures of what is being typed, for the page's script. */
async function sendQuote(context: PayContext): Promise<FastifyReply> {
  const { request, reply, ui } = context
  const { texts } = ui.frame
  const { offerCostHtml, sentence } = await import('./offer-cost.tsx')
  const { payText } = await import('./add-funds.tsx')
  const add = await readAdd(context, typedFunds(request), formOf(request))
  void reply.header('cache-control', 'private, no-store')
  const offers = add?.offers ?? []
  const ways = offers.map((offer) => [
    offer.method.id,
    {
      cost: offerCostHtml({ texts, currency: add!.currency, offer, now: add!.now, house: add!.house }),
      figures: offer.terms === null ? '' : figuresOf(offer.terms.quote),
      pay: payText(texts, offer) ?? null,
      spoken: offer.terms === null ? refusalText(texts, offer.refusal) : sentence(texts, offer.terms.quote, add!.currency),
    },
  ])
  return reply.send({ ways: Object.fromEntries(ways), faults: add?.faults ?? {} })
}
