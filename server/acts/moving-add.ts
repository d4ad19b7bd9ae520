import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { catalogueCurrency } from '../catalog/sync-lists.ts'
import { addMoving, movingSources } from '../move-in/movings.ts'
import type { SealedKeys } from '../move-in/take-in.ts'
import { refuse } from '../refusal.ts'
import { trimmedEnd } from '../text.ts'
import { isUrl } from '../url.ts'
import { act } from './act.ts'
import { cli, flag, text } from './fields.ts'

const sources = movingSources.filter((source) => source !== 'out')
const A_NAME = 'It must be letters, digits, dots and dashes.'
const A_CURRENCY = 'It must be a currency code like USD.'
const LONGEST_LIST = 200_000

export const movingAdd = act({
  name: 'moving add',
  does: 'begin to move another panel in: a hosted one is looked at now; of the others the files are sent next, by the desk or by "docket moving send"',
  permission: 'moving.manage',
  input: z.object({
    source: cli(z.enum(sources, `It must be one of: ${sources.join(', ')}.`), { argument: true, placeholder: '<source>' }).describe(
      'glycon or smartpanel: a MySQL dump of that family; csv: CSV files; hosted: a hosted panel; docket: an export of another Docket',
    ),
    name: cli(
      z
        .string()
        .trim()
        .regex(/^[A-Za-z0-9][\w.-]{0,39}$/, A_NAME),
      { placeholder: '<name>' },
    )
      .optional()
      .describe('name of the panel in references; the same each time it is moved in'),
    currency: cli(
      z
        .string()
        .trim()
        .regex(/^[A-Za-z]{3}$/, A_CURRENCY),
      { placeholder: '<code>' },
    )
      .optional()
      .describe('currency of the balances there; it must be the one of your prices'),
    url: cli(text(2048), { placeholder: '<address>' }).optional().describe('hosted: address of the panel, like https://panel.example'),
    key: cli(text(4096), { placeholder: '<key>', secret: true })
      .optional()
      .describe('hosted: the key of its admin API, kept sealed while it is needed'),
    services_key: cli(text(4096), { placeholder: '<key>', secret: true })
      .optional()
      .describe('hosted: the key of a reseller account of yours there, by which services are listed'),
    suppliers: cli(z.string().max(LONGEST_LIST, `It must have at most ${LONGEST_LIST} characters.`), { placeholder: '<csv>', secret: true })
      .optional()
      .describe('hosted: its suppliers as lines of CSV with name, url and key'),
    private_network: flag().describe('suppliers, or a hosted panel, may be in your own network'),
    try_suppliers: flag().describe('ask each supplier for your balance there when it is looked at'),
  }),
  prepare: (house) => house.secret(),
  async run({ tx, now, actor, dryRun }, given, secret) {
    const { source, name = source, currency, private_network: privateNetwork, try_suppliers: trySuppliers } = given
    const ours = await catalogueCurrency(tx)
    if (currency !== undefined && currency.toUpperCase() !== ours) throw refuse('another_currency_here', currency.toUpperCase(), ours)
    const isHosted = source === 'hosted'
    const url = isHosted ? addressIn(given.url) : null
    if (isHosted && !given.key) throw refuse('moving_without_address')
    const keys: SealedKeys = { key: given.key ?? '', servicesKey: given.services_key || null, suppliers: given.suppliers ?? '' }
    const sealed = isHosted ? secret.seal(JSON.stringify(keys)) : null
    const state = isHosted ? 'look' : 'files'
    const row = { source, name, url, sealed, privateNetwork, trySuppliers, folder: randomUUID(), state } as const
    // A number that a dry run took would stay taken.
    const moving = dryRun ? null : await addMoving(tx, row, actor, now)
    return { result: { moving, source, name }, after: { source, name, url, private_network: privateNetwork, try_suppliers: trySuppliers } }
  },
  says: ({ moving, source, name }) =>
    source === 'hosted'
      ? `Moving ${moving} looks at ${name}: "docket moving list" tells how far it is`
      : `Moving ${moving} waits for its files: "docket moving send ${moving} FILE"`,
})

function addressIn(given: string | undefined): string {
  const url = trimmedEnd((given ?? '').trim(), '/')
  if (!/^https?:\/\//i.test(url) || !isUrl(url)) throw refuse('moving_without_address')
  return url
}
