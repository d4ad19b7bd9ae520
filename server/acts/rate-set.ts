import { z } from 'zod'
import { addRate, readRate } from '../payments/rates.ts'
import { refuse } from '../refusal.ts'
import { act } from './act.ts'
import { cli } from './fields.ts'
import { currencyCode } from './payment-fields.ts'

const A_RATE = 'It must be digits and one dot, like 1.08.'

export const rateSet = act({
  name: 'rate set',
  does: 'say an exchange rate yourself; it holds from now on, until a newer one is known',
  permission: 'payments.manage',
  input: z.object({
    base: cli(currencyCode(), { argument: true }).describe('one of this currency, like USD'),
    currency: cli(currencyCode(), { argument: true }).describe('buys so much of this one, like BRL'),
    exchange: cli(z.string().regex(/^\d{1,12}(\.\d{1,12})?$/, A_RATE), { argument: true, placeholder: '<rate>' }).describe('like 5.32'),
  }),
  async run({ tx, now, actor }, { base, currency, exchange: rate }) {
    if (base === currency || !/[1-9]/.test(rate)) throw refuse('incorrect_exchange_rate', rate)
    const before = await readRate(tx, base, currency)
    await addRate(tx, { base, currency, rate, source: actor.who, at: now }, now)
    return {
      result: { base, currency, rate },
      before: { rate: before?.text ?? null, source: before?.source ?? null },
      after: { base, currency, rate },
    }
  },
  says: ({ base, currency, rate }) => `1 ${base} is ${rate} ${currency}`,
})
