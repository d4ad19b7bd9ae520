import type { AnswerField, Parameter } from './action.ts'

/** The path of deposits, below the API's address. */
export const DEPOSITS = '/deposits'

/** What a call that starts a deposit sends, besides its key. */
export const depositParameters: readonly Parameter[] = [
  { name: 'amount', type: 'amount', about: 'deposit.amount' },
  { name: 'method', type: 'whole number', about: 'deposit.method', optional: true },
  { name: 'coupon', type: 'text', about: 'deposit.coupon', optional: true },
  { name: 'idempotency_key', type: 'text', about: 'deposit.key' },
]

/** A deposit, as it is answered. */
export const depositAnswer: readonly AnswerField[] = [
  { name: 'deposit', type: 'whole number', about: 'deposit.id' },
  { name: 'reference', type: 'text', about: 'deposit.reference' },
  { name: 'state', type: 'text', about: 'deposit.state' },
  { name: 'method', type: 'whole number', about: 'deposit.methodUsed' },
  { name: 'amount', type: 'text', about: 'deposit.arrives' },
  { name: 'bonus', type: 'text', about: 'deposit.bonus' },
  { name: 'currency', type: 'text', about: 'deposit.currency' },
  { name: 'pay', type: 'object', about: 'deposit.pay' },
  { name: 'next', type: 'object', about: 'deposit.next', optional: true },
  { name: 'page', type: 'text', about: 'deposit.page' },
  { name: 'created', type: 'text', about: 'deposit.created' },
  { name: 'until', type: 'text', about: 'deposit.until' },
  { name: 'credited', type: 'list', about: 'deposit.credited' },
]

/** A way to pay, as it is answered. */
export const depositMethodAnswer: readonly AnswerField[] = [
  { name: 'method', type: 'whole number', about: 'deposit.methodUsed' },
  { name: 'name', type: 'text', about: 'deposit.methodName' },
  { name: 'currency', type: 'text', about: 'deposit.methodCurrency' },
  { name: 'least', type: 'text', about: 'deposit.least', optional: true },
  { name: 'most', type: 'text', about: 'deposit.most', optional: true },
]

export const depositExample = {
  parameters: { amount: '100', method: '2', idempotency_key: 'top-up-2026-07' },
  answer: {
    deposit: 12,
    reference: 'K7MQ2XVA9RTD',
    state: 'open',
    method: 2,
    amount: '100.00000',
    bonus: '5.00000',
    currency: 'USD',
    pay: { amount: '103.00', currency: 'USD', rate: null },
    next: {
      kind: 'transfer',
      lines: [
        { name: 'account', text: 'DE89370400440532013000' },
        { name: 'amount', text: '103.00' },
        { name: 'reference', text: 'K7MQ2XVA9RTD' },
      ],
      qr: null,
    },
    page: 'https://panel.example/funds/payments/12',
    created: '2026-03-01T12:00:00.000Z',
    until: '2026-03-08T12:00:00.000Z',
    credited: [],
  },
}
