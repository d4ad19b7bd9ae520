import type { MessageKey } from '../../../../contract/message.ts'
import type { TroubleKind } from '../../../reports/trouble-kinds.ts'
import type { Texts } from '../../../texts/texts.ts'

const TITLES: Readonly<Record<TroubleKind, MessageKey>> = {
  unconfirmed: 'desk.attention.kind.unconfirmed',
  refused: 'desk.attention.kind.refused',
  stuck: 'desk.attention.kind.stuck',
  supplier: 'desk.attention.kind.supplier',
  'below cost': 'desk.attention.kind.below-cost',
  'unknown word': 'desk.attention.kind.unknown-word',
  ticket: 'desk.attention.kind.ticket',
  'speed-up': 'desk.attention.kind.speed-up',
  cancel: 'desk.attention.kind.cancel',
  refill: 'desk.attention.kind.refill',
  catalogue: 'desk.attention.kind.catalogue',
  approval: 'desk.attention.kind.approval',
  receipt: 'desk.attention.kind.receipt',
  payment: 'desk.attention.kind.payment',
  owing: 'desk.attention.kind.owing',
  child: 'desk.attention.kind.child',
  alert: 'desk.attention.kind.alert',
}

export function troubleTitle(texts: Texts, kind: TroubleKind): string {
  return texts.text(TITLES[kind])
}

const ALERTS: Readonly<Record<string, MessageKey>> = {
  'unconfirmed hand-off': 'desk.attention.alert.unconfirmed-hand-off',
  'order needs attention': 'desk.attention.alert.order-needs-attention',
  'cancel requested': 'desk.attention.alert.cancel-requested',
  'promise missed': 'desk.attention.alert.promise-missed',
  'supplier balance too low': 'desk.attention.alert.supplier-balance-too-low',
  'supplier balance below limit': 'desk.attention.alert.supplier-balance-below-limit',
  'supplier refuses our key': 'desk.attention.alert.supplier-refuses-our-key',
  'supplier away': 'desk.attention.alert.supplier-away',
  'unknown status word': 'desk.attention.alert.unknown-status-word',
  'answer unclear': 'desk.attention.alert.answer-unclear',
  'refill unclear': 'desk.attention.alert.refill-unclear',
  'order not known there': 'desk.attention.alert.order-not-known-there',
  'remains above quantity': 'desk.attention.alert.remains-above-quantity',
  'partial not believed': 'desk.attention.alert.partial-not-believed',
  'numbers unreadable': 'desk.attention.alert.numbers-unreadable',
  'another currency': 'desk.attention.alert.another-currency',
  'settled order changed': 'desk.attention.alert.settled-order-changed',
  'cost above charge': 'desk.attention.alert.cost-above-charge',
  'child order unclear': 'desk.attention.alert.child-order-unclear',
  'supplier delivers unpaid': 'desk.attention.alert.supplier-delivers-unpaid',
  'subscription paused there': 'desk.attention.alert.subscription-paused-there',
  'price list refused': 'desk.attention.alert.price-list-refused',
  'cost above price': 'desk.attention.alert.cost-above-price',
  'services gone': 'desk.attention.alert.services-gone',
  'prices unreadable': 'desk.attention.alert.prices-unreadable',
  'webhooks failing': 'desk.attention.alert.webhooks-failing',
  'mails given up': 'desk.attention.alert.mails-given-up',
  'payment reported again': 'desk.attention.alert.payment-reported-again',
  'exchange rates old': 'desk.attention.alert.exchange-rates-old',
  'payment reports differ': 'desk.attention.alert.payment-reports-differ',
}

/** What an alert is called; one of another version is called by its own English words. */
export function alertTitle(texts: Texts, kind: string): string {
  const key = Object.hasOwn(ALERTS, kind) ? ALERTS[kind] : undefined
  return key === undefined ? kind : texts.text(key)
}

const REFUSED: Readonly<Record<string, MessageKey>> = {
  'key revoked': 'desk.children.refused.key',
  'account suspended': 'desk.children.refused.account',
}

/** Why a child panel needs a person: its orders are refused here, or it does not answer and these are its words. */
export function childText(texts: Texts, words: string): string {
  const key = Object.hasOwn(REFUSED, words) ? REFUSED[words] : undefined
  return key === undefined ? words : texts.text(key)
}

/** Why a service waits for a decision, from `services.sync_pause`. */
const PAUSES: Readonly<Record<string, MessageKey>> = {
  cost: 'desk.attention.pause.cost',
  gone: 'desk.attention.pause.gone',
  type: 'desk.attention.pause.type',
}

export function pauseText(texts: Texts, pause: string): string {
  const key = Object.hasOwn(PAUSES, pause) ? PAUSES[pause] : undefined
  return key === undefined ? pause : texts.text(key)
}
