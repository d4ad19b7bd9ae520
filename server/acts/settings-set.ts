import { z } from 'zod'
import { readRate } from '../payments/rates.ts'
import { refuse } from '../refusal.ts'
import { type SettingField, settingFields } from '../settings/fields.ts'
import { saveSettings, type SettingChange } from '../settings/save.ts'
import { readSaved, valueOf } from '../settings/settings.ts'
import { act, type ActContext } from './act.ts'
import { cli, whole } from './fields.ts'

const fields = Object.entries<SettingField>(settingFields).map(([name, { schema, says, placeholder }]) => {
  // A picture is large, and the log tells its digest.
  const told = name === 'logo' ? { placeholder, secret: true as const } : { placeholder }
  return [name, cli(schema.nullable(), told).optional().describe(says)] as const
})

export const settingsSet = act({
  name: 'settings set',
  does: 'change what your customers see and may do: name, logo, colour, languages, registration, limits, mails; none puts the default back',
  permission: 'settings.manage',
  input: z.object({
    ...Object.fromEntries(fields),
    seen: cli(whole(), { placeholder: '<version>' })
      .optional()
      .describe('the version that you have seen: a setting that somebody else has changed since is not replaced'),
  }),
  async run(context, { seen, ...change }) {
    const { tx, now, actor, house } = context
    const saver = { config: house.config, who: actor.who, now, seen }
    const { before, after, version } = await saveSettings(tx, change as SettingChange, saver)
    if ('shown_currencies' in after) await demandRates(context)
    return { result: { changed: Object.keys(after), version }, before, after }
  },
  says: ({ changed }) => (changed.length === 0 ? 'It is so already' : `Changed: ${changed.join(', ')}`),
})

/** Throws a Refusal for currencies that no price can be shown in: nobody has said what one of the currency of new accounts buys of them. */
async function demandRates({ tx, house }: ActContext): Promise<void> {
  const saved = await readSaved(tx)
  const currency = valueOf(house.config, 'currency', saved) as string
  const without: string[] = []
  for (const code of valueOf(house.config, 'shown_currencies', saved) as readonly string[])
    if (code !== currency && !(await readRate(tx, currency, code))) without.push(code)
  if (without.length > 0) throw refuse('no_rate_to_show', without.join(', '), currency, without[0]!)
}
