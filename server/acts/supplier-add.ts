import { z } from 'zod'
import { addSupplier } from '../suppliers/registry.ts'
import { act } from './act.ts'
import { cli, flag, supplierName, text, yesNo } from './fields.ts'
import { rowOf } from './rows.ts'

export const supplierAdd = act({
  name: 'supplier add',
  does: 'add a panel that speaks this same API, staff who work by hand, or one that only simulates the work',
  permission: 'suppliers.manage',
  input: z.object({
    name: cli(supplierName(), { argument: true }).describe('your name for the supplier'),
    protocol: cli(z.enum(['api-v2', 'manual', 'simulated']), { placeholder: '<protocol>' })
      .default('api-v2')
      .describe('api-v2, manual, or simulated to try things out'),
    url: cli(text(2048), { placeholder: '<address>' }).optional().describe('address of its API, like https://panel.example/api/v2'),
    key: cli(text(4096), { placeholder: '<key>', secret: true })
      .optional()
      .describe(
        'the key it gave you, stored sealed; - reads it from standard input, so that the list of processes does not show it (or set DOCKET_SUPPLIER_KEY)',
      ),
    private_network: flag().describe('allow an address in your own network, like 10.0.0.5'),
    keeps_retry_keys: yesNo()
      .optional()
      .describe('whether it keeps idempotency_key, as Docket does: then lost answers are asked for again'),
  }),
  prepare: (house) => house.secret(),
  async run({ tx }, { name, protocol, ...given }, secret) {
    const settings = { url: given.url ?? null, key: given.key ?? null, keepsRetryKeys: given.keeps_retry_keys ?? null }
    const added = await addSupplier(tx, { name, protocol, privateNetwork: given.private_network, ...settings }, secret)
    return { result: { supplier: added, name }, subject: { supplier: added }, after: await rowOf(tx, 'suppliers', added) }
  },
  says: ({ name }) => `Supplier ${name} is added: bind services to it with "docket service bind"`,
})
