import type { Action } from '../action.ts'
import type { InWords, MessageKey } from '../message.ts'

const inWords = (key: MessageKey): InWords => ({ inWords: key })

const followers = {
  service: 1448,
  name: inWords('example.followers'),
  type: 'Default',
  rate: '0.90',
  min: '50',
  max: '10000',
  dripfeed: true,
  refill: true,
  cancel: true,
  category: inWords('example.instagram'),
}
const comments = {
  service: 1452,
  name: inWords('example.comments'),
  type: 'Custom Comments',
  rate: '8',
  min: '10',
  max: '1500',
  dripfeed: false,
  refill: false,
  cancel: false,
  category: inWords('example.facebook'),
}

export const services: Action = {
  name: 'services',
  forms: [
    {
      id: 'services',
      title: 'action.services',
      about: 'action.services.about',
      parameters: [
        { name: 'lang', type: 'text', about: 'parameter.lang', optional: true },
        { name: 'extended', type: 'yes or no', about: 'parameter.extended', optional: true },
      ],
      shape: 'list',
      answer: [
        { name: 'service', type: 'whole number', about: 'answer.service' },
        { name: 'name', type: 'text', about: 'answer.name' },
        { name: 'type', type: 'text', about: 'answer.type' },
        { name: 'rate', type: 'text', about: 'answer.rate' },
        { name: 'min', type: 'text', about: 'answer.min' },
        { name: 'max', type: 'text', about: 'answer.max' },
        { name: 'dripfeed', type: 'yes or no', about: 'answer.dripfeed' },
        { name: 'refill', type: 'yes or no', about: 'answer.refill' },
        { name: 'cancel', type: 'yes or no', about: 'answer.cancel' },
        { name: 'category', type: 'text', about: 'answer.category' },
        { name: 'description', type: 'text', about: 'answer.description', extended: true },
        { name: 'refill_days', type: 'whole number', about: 'answer.refillDays', extended: true },
        { name: 'refill_count', type: 'whole number', about: 'answer.refillCount', extended: true },
        { name: 'start_within', type: 'whole number', about: 'answer.startWithin', extended: true },
        { name: 'finish_within', type: 'whole number', about: 'answer.finishWithin', extended: true },
        { name: 'when_missed', type: 'text', about: 'answer.whenMissed', extended: true },
        { name: 'compensation_basis_points', type: 'whole number', about: 'answer.compensation', extended: true },
        { name: 'start_time', type: 'object', about: 'answer.startTime', extended: true },
        { name: 'finish_time', type: 'object', about: 'answer.finishTime', extended: true },
      ],
      examples: [{ parameters: {}, answer: [followers, comments] }],
      refusals: [],
    },
  ],
}
