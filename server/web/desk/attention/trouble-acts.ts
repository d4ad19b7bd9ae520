import { accountExcuse } from '../../../acts/account-excuse.ts'
import { accountSuspend } from '../../../acts/account-suspend.ts'
import type { AnyAct } from '../../../acts/act.ts'
import { alertsAcknowledge } from '../../../acts/alerts-acknowledge.ts'
import { approvalAccept } from '../../../acts/approval-accept.ts'
import { approvalDecline } from '../../../acts/approval-decline.ts'
import { childRenewKey } from '../../../acts/child-renew-key.ts'
import { handOffDecide } from '../../../acts/hand-off-decide.ts'
import { jobAdd } from '../../../acts/job-add.ts'
import { orderCancel } from '../../../acts/order-cancel.ts'
import { paymentApprove } from '../../../acts/payment-approve.ts'
import { paymentDecide } from '../../../acts/payment-decide.ts'
import { paymentDecline } from '../../../acts/payment-decline.ts'
import { paymentLook } from '../../../acts/payment-look.ts'
import { orderSendTo } from '../../../acts/order-send-to.ts'
import { serviceSet } from '../../../acts/service-set.ts'
import { speedUpAnswer } from '../../../acts/speed-up-answer.ts'
import { supplierSet } from '../../../acts/supplier-set.ts'
import { supplierTry } from '../../../acts/supplier-try.ts'
import { ticketClose } from '../../../acts/ticket-close.ts'
import type { MessageKey } from '../../../../contract/message.ts'
import type { Trouble } from '../../../reports/attention.ts'

/** Something that can be done about a trouble from its row. */
export interface TroubleAct {
  readonly act: AnyAct
  readonly with: Readonly<Record<string, string>>
  /** The letter that does it while the row has the focus. */
  readonly letter: string
  /** Other words than the act's own title. */
  readonly text?: MessageKey
  /** It moves no money and is done at once, without its form. */
  readonly atOnce?: true
}

/** The acts that may be done at once, by their names. */
export const AT_ONCE: readonly AnyAct[] = [alertsAcknowledge, supplierTry, handOffDecide, ticketClose]

/** What can be done about a trouble, the likeliest first. */
export function actsFor(trouble: Trouble): TroubleAct[] {
  const order = { order: String(trouble.order) }
  switch (trouble.kind) {
    case 'unconfirmed':
    case 'refused':
      return [
        { act: handOffDecide, with: { ...order, send: 'yes' }, letter: 's', text: 'desk.attention.sendAgain' },
        { act: orderSendTo, with: order, letter: 't' },
        { act: handOffDecide, with: { ...order, they_have_it: '' }, letter: 'h', text: 'desk.attention.theyHaveIt' },
        { act: handOffDecide, with: { ...order, cancel: 'yes' }, letter: 'c', text: 'desk.attention.giveBack' },
      ]
    case 'ticket':
      return [{ act: ticketClose, with: { ticket: String(trouble.ticket) }, letter: 'c', atOnce: true }]
    case 'speed-up':
      return [
        { act: speedUpAnswer, with: order, letter: 'a' },
        { act: orderSendTo, with: order, letter: 't' },
        { act: orderCancel, with: order, letter: 'c' },
        ...tryAgain(trouble),
      ]
    case 'stuck':
    case 'cancel':
      return [{ act: orderCancel, with: order, letter: 'c' }, ...tryAgain(trouble)]
    case 'refill':
      return tryAgain(trouble)
    case 'supplier':
      return [...tryAgain(trouble), ...ofSupplier(trouble), ...acknowledge(trouble)]
    case 'below cost':
      return [
        { act: serviceSet, with: { service: String(trouble.service) }, letter: 'r' },
        { act: serviceSet, with: { service: String(trouble.service), state: 'disabled' }, letter: 'p', text: 'desk.attention.off' },
      ]
    case 'catalogue':
      return [
        { act: serviceSet, with: { service: String(trouble.service), state: 'on sale' }, letter: 'o', text: 'desk.attention.onSale' },
        { act: serviceSet, with: { service: String(trouble.service) }, letter: 'r' },
      ]
    case 'approval':
      return [
        { act: approvalAccept, with: { approval: String(trouble.approval) }, letter: 'a' },
        { act: approvalDecline, with: { approval: String(trouble.approval) }, letter: 'd' },
      ]
    case 'receipt':
      return decisionsAbout(trouble)
    case 'payment':
      return [
        ...(trouble.gateway === 'manual' ? [approve(trouble)] : [look(trouble)]),
        { act: paymentDecline, with: ofPayment(trouble), letter: 'd' },
      ]
    case 'owing':
      return [
        { act: accountExcuse, with: { account: String(trouble.account) }, letter: 'e' },
        { act: accountSuspend, with: { account: String(trouble.account) }, letter: 's' },
      ]
    case 'child':
      return trouble.words === 'key revoked' ? [{ act: childRenewKey, with: { host: trouble.panelHost! }, letter: 'r' }] : []
    case 'unknown word':
    case 'alert':
      return [...acknowledge(trouble), { act: orderCancel, with: order, letter: 'c' }]
    default:
      return trouble.kind satisfies never
  }
}

function decisionsAbout({ receipt }: Trouble): TroubleAct[] {
  const of = { receipt: String(receipt) }
  return [
    { act: paymentDecide, with: { ...of, decision: 'credit' }, letter: 'c', text: 'desk.payments.credit' },
    { act: paymentDecide, with: { ...of, decision: 'match' }, letter: 'm', text: 'desk.payments.match' },
    { act: paymentDecide, with: { ...of, decision: 'refuse' }, letter: 'r', text: 'desk.payments.refuse' },
  ]
}

function ofPayment({ payment }: Trouble): { readonly payment: string } {
  return { payment: String(payment) }
}

function approve(trouble: Trouble): TroubleAct {
  return { act: paymentApprove, with: ofPayment(trouble), letter: 'a' }
}

function look(trouble: Trouble): TroubleAct {
  return { act: paymentLook, with: ofPayment(trouble), letter: 'l' }
}

function tryAgain({ supplier }: Trouble): TroubleAct[] {
  return supplier === null ? [] : [{ act: supplierTry, with: { name: supplier }, letter: 'y', atOnce: true }]
}

function ofSupplier({ supplier }: Trouble): TroubleAct[] {
  if (supplier === null) return []
  return [
    { act: jobAdd, with: { act: 'order send-to', supplier, state: 'waiting' }, letter: 'b', text: 'desk.attention.bulk' },
    { act: supplierSet, with: { name: supplier, paused: 'yes' }, letter: 'p', text: 'desk.attention.pause' },
  ]
}

function acknowledge({ alert }: Trouble): TroubleAct[] {
  return alert === null ? [] : [{ act: alertsAcknowledge, with: { alert: String(alert) }, letter: 'a', atOnce: true }]
}
