import type { Action } from '../action.ts'

export const balance: Action = {
  name: 'balance',
  about: 'What is left to spend, with five decimals.',
  forms: [
    {
      about: 'User balance',
      parameters: [],
      examples: [{ title: 'balance', parameters: {}, answer: { balance: '100.84292', currency: 'USD' } }],
      refusals: [],
    },
  ],
}
