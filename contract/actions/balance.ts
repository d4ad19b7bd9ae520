import type { Action, AnswerField } from '../action.ts'

export const currency: AnswerField = { name: 'currency', type: 'text', about: 'answer.currency' }

export const balance: Action = {
  name: 'balance',
  forms: [
    {
      id: 'balance',
      title: 'action.balance',
      about: 'action.balance.about',
      parameters: [],
      shape: 'object',
      answer: [{ name: 'balance', type: 'text', about: 'answer.balance' }, currency],
      examples: [{ parameters: {}, answer: { balance: '100.84292', currency: 'USD' } }],
      refusals: [],
    },
  ],
}
