import type { Action } from '../action.ts'

export const services: Action = {
  name: 'services',
  about: 'Every service on sale at your own rate. Carries an ETag: send it back as If-None-Match and an unchanged list is a 304.',
  forms: [
    {
      about: 'Service list',
      parameters: [
        { name: 'lang', about: 'Names in this language where the operator has them', optional: true },
        {
          name: 'extended',
          about:
            '1 adds description, refill_days and refill_count (refills an order gets; null: no limit), what is promised: start_within and finish_within (minutes from placement), when_missed (cancel, or compensate with compensation_basis_points of the charge), and what the newest orders took: start_time and finish_time ({median, p95} in seconds; null: too few)',
          optional: true,
        },
      ],
      examples: [
        {
          title: 'services',
          parameters: {},
          answer: [
            {
              service: 1448,
              name: 'Instagram 追蹤者',
              type: 'Default',
              rate: '0.90',
              min: '50',
              max: '10000',
              dripfeed: true,
              refill: true,
              cancel: true,
              category: 'Instagram',
            },
            {
              service: 1452,
              name: 'Facebook 留言',
              type: 'Custom Comments',
              rate: '8',
              min: '10',
              max: '1500',
              dripfeed: false,
              refill: false,
              cancel: false,
              category: '臉書',
            },
          ],
        },
      ],
      refusals: [],
    },
  ],
}
