import { z } from 'zod'
import { type SettingField, settingFields } from '../settings/fields.ts'
import { saveSettings, type SettingChange } from '../settings/save.ts'
import { act } from './act.ts'
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
  async run({ tx, now, actor, house }, { seen, ...change }) {
    const saver = { config: house.config, who: actor.who, now, seen }
    const { before, after, version } = await saveSettings(tx, change as SettingChange, saver)
    return { result: { changed: Object.keys(after), version }, before, after }
  },
  says: ({ changed }) => (changed.length === 0 ? 'It is so already' : `Changed: ${changed.join(', ')}`),
})
