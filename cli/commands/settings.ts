import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { settingsSet } from '../../server/acts/settings-set.ts'
import { setupLink } from '../../server/acts/setup-link.ts'
import { setupOwner } from '../../server/acts/setup-owner.ts'
import { setupSkip } from '../../server/acts/setup-skip.ts'
import { readConfig } from '../../server/config.ts'
import { settingWords } from '../../server/settings/fields.ts'
import { showSettings } from '../../server/settings/list.ts'
import { dataAddressOf } from '../../server/settings/logo.ts'
import { readSaved } from '../../server/settings/settings.ts'
import { addAct } from '../acts.ts'
import { withDatabase } from '../database.ts'
import { type Json, print, table } from '../output.ts'

/** Commands for what an operator changes while the house is open. */
export function addSettingCommands(program: Command) {
  const settings = program
    .command('settings')
    .description('what your customers see and may do: name, logo, colour, languages, limits, mails; shows all, or changes them')
    .option('--json', 'answer in JSON')
    .action((options: Json) =>
      withDatabase(async (db) => {
        const shown = showSettings(readConfig(), await readSaved(db))
        const rows = shown.map(({ setting, value, fixed_by: fixed, from, changed_by: who }) => {
          return [setting, settingWords(value), fixed === null ? (from === 'saved' ? `by ${who}` : '') : `fixed by ${fixed}`]
        })
        print(options.json, shown, table(['setting', 'value', ''], rows))
      }),
    )
  addAct(settings, settingsSet, {
    async amend(input) {
      const { logo } = input
      return typeof logo === 'string' ? { ...input, logo: await readLogo(logo) } : input
    },
  })
}

/** Commands that set Docket up: a link for the browser, and the steps that the desk asks for. */
export function addSetupCommands(program: Command) {
  addAct(program, setupLink)
  const setup = program.command('setup').description('the set-up: the first owner by a link, steps that are left out')
  addAct(setup, setupOwner)
  addAct(setup, setupSkip)
}

/** What is no picture goes on as a text, and the act says what is wrong with it. */
async function readLogo(file: string): Promise<string> {
  return dataAddressOf(await readFile(file)) ?? file
}
