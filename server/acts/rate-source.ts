import { z } from 'zod'
import { askSource, readSource, saveSource } from '../payments/rate-source.ts'
import { refuse } from '../refusal.ts'
import { isUrl } from '../url.ts'
import { act } from './act.ts'
import { cli, flag } from './fields.ts'

export const rateSource = act({
  name: 'rate source',
  does: 'say where exchange rates are fetched from, once an hour; it is asked now, and saved if its answer can be read',
  permission: 'payments.manage',
  input: z.object({
    source: cli(z.enum(['none', 'url', 'ecb']), { argument: true, placeholder: '<none|url|ecb>' }).describe(
      'none: nobody is asked; url: an address of your choice; ecb: the daily file of the European Central Bank',
    ),
    url: cli(z.string().max(2000), { placeholder: '<url>', secret: true })
      .optional()
      .describe(
        'answers {"base": "EUR", "at": "2026-11-29T15:00:00Z", "rates": {"USD": 1.0842}}, or a file like that of the ECB; stored sealed',
      ),
    private_network: flag().describe('allow an address in your own network'),
  }),
  async prepare(house, { source: kind, url = null, private_network: privateNetwork }) {
    if (kind === 'none') return { table: null, sealedUrl: null }
    if (kind === 'url' && (url === null || !isUrl(url)))
      throw refuse('incorrect_act_field', 'url', 'It must be an address like https://example.com/rates.json.')
    const payments = await house.payments()
    const table = await askSource(payments, { kind, url, privateNetwork })
    if ('fault' in table) throw refuse('rate_source_unreadable', table.fault)
    return { table, sealedUrl: kind === 'url' ? payments.secret.seal(url!) : null }
  },
  async run({ tx, now }, { source: kind, url, private_network: privateNetwork }, { table, sealedUrl }) {
    const before = await readSource(tx)
    const shownUrl = kind === 'url' ? new URL(url!).origin : null
    await saveSource(tx, { kind, sealedUrl, shownUrl, privateNetwork }, table, now)
    const after = { source: kind, url: shownUrl, private_network: privateNetwork }
    const result = { source: kind, currencies: table === null ? 0 : table.rates.length, base: table?.base ?? null }
    return { result, before: { source: before.kind, url: before.shownUrl, private_network: before.privateNetwork }, after }
  },
  says: ({ source, currencies, base }) =>
    source === 'none'
      ? 'Nobody is asked for exchange rates'
      : `${currencies} currencies have a rate to ${base}, and are asked for once an hour`,
})
