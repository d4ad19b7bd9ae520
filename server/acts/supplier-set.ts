import { z } from 'zod'
import { supplierByName } from '../catalog/bind.ts'
import { tellOfBalance } from '../fulfilment/balances.ts'
import { type Alert, closeAlerts } from '../loops/alerts.ts'
import { refuse } from '../refusal.ts'
import { checkUnlocked, setSupplier } from '../suppliers/registry.ts'
import { act, changed } from './act.ts'
import { cli, rate, supplierName, text, whole, yesNo } from './fields.ts'
import { rowOf } from './rows.ts'

/** Of the panel that made this one only that panel changes these. */
const LOCKED = ['key', 'url', 'private_network', 'currency'] as const

export const supplierSet = act({
  name: 'supplier set',
  does: 'change a supplier',
  permission: 'suppliers.manage',
  overwrites: true,
  input: z.object({
    name: cli(supplierName(), { argument: true }).describe('name of the supplier'),
    paused: yesNo().optional().describe('yes: hand nothing to it and ask nothing of it'),
    calls_at_once: whole(1, 100).optional().describe('most calls to it at the same time'),
    calls_a_minute: whole(1, 100_000).optional().describe('most calls to it per minute'),
    key: cli(text(4096), { placeholder: '<key>', secret: true }).optional().describe('a new key'),
    url: cli(text(2048), { placeholder: '<address>' }).optional().describe('another address of its API'),
    private_network: yesNo().optional().describe('whether an address in your own network, like 10.0.0.5, is allowed'),
    balance_low: rate().nullable().optional().describe('an alert when our balance there is below it, in its currency; none: no alert'),
    currency: cli(text(10), { placeholder: '<code>' }).optional().describe('the currency of its costs'),
    public_name: cli(text(60), { placeholder: '<text>' })
      .nullable()
      .optional()
      .describe('how the status page calls it, for everybody; none: it is only counted there'),
  }),
  prepare: (house) => house.secret(),
  async run({ tx, now }, { name, ...given }, secret) {
    if (Object.values(given).every((value) => value === undefined)) throw refuse('nothing_to_change', '--paused yes')
    const supplier = await supplierByName(tx, name)
    if (LOCKED.some((field) => given[field] !== undefined)) await checkUnlocked(tx, name)
    const before = await rowOf(tx, 'suppliers', supplier)
    const {
      calls_at_once: callsAtOnce,
      calls_a_minute: callsAMinute,
      private_network: privateNetwork,
      balance_low: balanceLow,
      public_name: publicName,
      ...rest
    } = given
    await setSupplier(tx, name, { ...rest, callsAtOnce, callsAMinute, privateNetwork, balanceLow, publicName }, secret)
    if (balanceLow !== undefined) await tellOfBalance(tx, supplier, now)
    // If the fault is still there, a new alert is opened.
    const mended: Alert['kind'][] = ['supplier away']
    if (given.currency) mended.push('another currency')
    if (given.key) mended.push('supplier refuses our key')
    for (const kind of mended) await closeAlerts(tx, { kind, supplierId: supplier, orderId: null }, now)
    return { result: { name, changed: true }, subject: { supplier }, ...changed(before, await rowOf(tx, 'suppliers', supplier)) }
  },
  says: ({ name }) => `Supplier ${name} is changed`,
})
