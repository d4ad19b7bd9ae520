import type { Action, AnswerField } from '../action.ts'
import { refusals } from '../refusals.ts'
import { currency } from './balance.ts'

const cursor: AnswerField = { name: 'cursor', type: 'text', about: 'answer.cursor' }
const more: AnswerField = { name: 'more', type: 'yes or no', about: 'answer.more' }
const since = { name: 'since', type: 'text', about: 'parameter.since', optional: true } as const

export const changes: Action = {
  name: 'changes',
  forms: [
    {
      id: 'changes',
      title: 'action.changes',
      about: 'action.changes.about',
      parameters: [since],
      shape: 'object',
      answer: [
        cursor,
        { name: 'orders', type: 'object', about: 'answer.orders' },
        { name: 'refills', type: 'object', about: 'answer.refills' },
        more,
      ],
      examples: [
        {
          parameters: { since: '4-0' },
          answer: {
            cursor: '5-0',
            orders: { 100: { charge: '1.44219', start_count: '234', status: 'In progress', remains: '10', currency: 'USD' } },
            refills: {},
            more: false,
          },
        },
      ],
      refusals: [refusals.incorrect_request.text],
    },
  ],
}

export const serviceChanges: Action = {
  name: 'service_changes',
  forms: [
    {
      id: 'service-changes',
      title: 'action.serviceChanges',
      about: 'action.serviceChanges.about',
      parameters: [
        since,
        { name: 'announcements', type: 'yes or no', about: 'parameter.announcements', optional: true },
        { name: 'lang', type: 'text', about: 'parameter.lang', optional: true },
      ],
      shape: 'object',
      answer: [
        cursor,
        { name: 'new', type: 'list', about: 'answer.new' },
        { name: 'gone', type: 'list', about: 'answer.gone' },
        { name: 'prices', type: 'list', about: 'answer.prices' },
        more,
        { name: 'announcements', type: 'list', about: 'answer.announcements', optional: true },
      ],
      examples: [
        {
          parameters: {},
          answer: {
            cursor: '2',
            new: [
              { service: 1448, rate: '0.90' },
              { service: 1452, rate: '8' },
            ],
            gone: [],
            prices: [],
            more: false,
          },
          differs: ['cursor'],
        },
      ],
      refusals: [refusals.incorrect_request.text],
    },
  ],
}

export const ledger: Action = {
  name: 'ledger',
  forms: [
    {
      id: 'ledger',
      title: 'action.ledger',
      about: 'action.ledger.about',
      parameters: [{ name: 'cursor', type: 'text', about: 'parameter.cursor', optional: true }],
      shape: 'object',
      answer: [
        cursor,
        currency,
        { name: 'previous', type: 'text', about: 'answer.previous' },
        { name: 'lines', type: 'list', about: 'answer.lines' },
        more,
      ],
      examples: [
        {
          parameters: { cursor: '4' },
          answer: {
            cursor: '5',
            currency: 'USD',
            previous: '1b4f0e9851971998e732078544c96b36c3d01cedf7caa332359d6f1d83567014',
            lines: [
              {
                line: 5,
                at: '2026-02-19T12:00:00.000000Z',
                cause: 'charge',
                from: 'wallet',
                to: 'sales',
                amount: '-1.44219',
                balance: '100.84292',
                order: 100,
                reference: null,
                note: null,
                hash: '60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752',
              },
            ],
            more: false,
          },
          differs: ['previous', 'hash'],
        },
      ],
      refusals: [refusals.incorrect_request.text],
    },
  ],
}
