import type { FastifyInstance, FastifyReply } from 'fastify'
import { findTopUp, switchTopUpOff, switchTopUpOn } from '../../../payments/top-up.ts'
import { field } from '../../form-faults.ts'
import { sendOwnPage } from '../../send.ts'
import { UNPROCESSABLE } from '../../ui/page-ui.ts'
import type { Web } from '../../web.ts'
import { sumIn } from './add-form.ts'
import { onPay, type PayContext } from './pay-context.ts'

export function routeTopUp(pages: FastifyInstance, web: Web) {
  pages.get(
    '/funds/top-up',
    onPay(web, (context) => showTopUp(context, {}, null)),
  )
  pages.post('/funds/top-up', onPay(web, takeTopUp))
}

/** The form as it was filled in; null: as it is stored. */
export type TypedTopUp = Readonly<Record<'below' | 'amount' | 'most', string>>

async function showTopUp(context: PayContext, faults: Readonly<Record<string, string>>, typed: TypedTopUp | null): Promise<FastifyReply> {
  const { reply, ui, orders, session } = context
  const { topUpPage } = await import('./top-up.tsx')
  const topUp = await findTopUp(orders.db, session.accountId)
  const status = typed === null ? 200 : UNPROCESSABLE
  return sendOwnPage(reply, topUpPage(ui, { topUp, typed, faults, currency: session.currency }), status)
}

async function takeTopUp(context: PayContext): Promise<FastifyReply> {
  const { request, reply, orders, session, ui } = context
  const now = orders.now()
  const wanted = field(request, 'do')
  if (wanted === 'off' || wanted === 'forget') {
    await switchTopUpOff(orders.db, session.accountId, wanted === 'forget', now)
    return reply.redirect('/funds/top-up', 303)
  }
  const typed = { below: field(request, 'below'), amount: field(request, 'amount'), most: field(request, 'most') }
  const [below, amount, mostPerDay] = [sumIn(typed.below), sumIn(typed.amount), sumIn(typed.most)]
  const { texts } = ui.frame
  const faults: Record<string, string> = {}
  if (below === undefined) faults['below'] = texts.text('payments.fault.amount')
  if (amount === undefined) faults['amount'] = texts.text('payments.fault.amount')
  if (mostPerDay === undefined) faults['most'] = texts.text('payments.fault.amount')
  else if (amount !== undefined && mostPerDay < amount) faults['most'] = texts.text('topUp.fault.most')
  if (below === undefined || amount === undefined || mostPerDay === undefined || mostPerDay < amount)
    return showTopUp(context, faults, typed)
  const isOn = await switchTopUpOn(orders.db, session.accountId, { below, amount, mostPerDay }, now)
  return isOn ? reply.redirect('/funds/top-up', 303) : showTopUp(context, { form: texts.text('topUp.noCard') }, typed)
}
