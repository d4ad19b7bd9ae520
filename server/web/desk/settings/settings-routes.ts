import type { FastifyReply } from 'fastify'
import { settingsSet } from '../../../acts/settings-set.ts'
import { isRefusal, refuse } from '../../../refusal.ts'
import type { SettingKey } from '../../../settings/fields.ts'
import { showSettings } from '../../../settings/list.ts'
import { newestVersion, readSaved } from '../../../settings/settings.ts'
import { type Faults, UNPROCESSABLE } from '../../ui/page-ui.ts'
import { leadBack, runOnDesk } from '../act-routes.ts'
import { refusalText } from '../act-words.ts'
import type { Desk, DeskContext } from '../desk.ts'
import { readSettingForm } from './read-form.ts'
import { isSection, sections } from './sections.ts'
import type { SettingsView } from './settings.tsx'

export function routeSettings(desk: Desk) {
  desk.page('/settings', 'settings.read', (context) => draw(context))
  desk.form('/settings/:section', 'settings.manage', save)
}

async function draw(context: DeskContext, again?: SettingsView['again']): Promise<FastifyReply> {
  const { settingsPage } = await import('./settings.tsx')
  const saved = await readSaved(context.db)
  const view = { settings: showSettings(context.house.config, saved), seen: newestVersion(saved), ...(again && { again }) }
  return context.send(settingsPage(context, view), again ? UNPROCESSABLE : 200)
}

/** Saves one section. When somebody else has saved meanwhile, the form tells both values; sending it again replaces theirs. */
async function save(context: DeskContext): Promise<FastifyReply> {
  const { section } = context.params
  if (section === undefined || !isSection(section)) throw refuse('incorrect_input')
  const saved = await saveTyped(context, sections[section])
  if (saved.kind === 'saved') return leadBack(context, '/desk/settings', saved)
  return draw(context, { section, typed: bodyOf(context), faults: saved.faults })
}

export type SavedSection =
  | { readonly kind: 'saved'; readonly line: bigint | null; readonly changed: readonly string[] }
  | { readonly kind: 'faults'; readonly faults: Faults }

/** Saves what was typed for these settings. */
export async function saveTyped(context: DeskContext, keys: readonly SettingKey[]): Promise<SavedSection> {
  const typed = bodyOf(context)
  const { change, faults } = readSettingForm(context.ui.frame.texts, context.house.config, keys, typed)
  if (Object.keys(faults).length > 0) return { kind: 'faults', faults }
  const seen = /^\d{1,9}$/.test(typed['seen'] ?? '') ? { seen: Number(typed['seen']) } : {}
  try {
    const { line, result } = await runOnDesk(context, settingsSet, { ...change, ...seen })
    await context.web.settings.readAgain(context.db)
    return { kind: 'saved', line, changed: result.changed }
  } catch (error) {
    if (!isRefusal(error)) throw error
    return { kind: 'faults', faults: { form: refusalText(context.ui.frame.texts, error) } }
  }
}

export function bodyOf({ request }: DeskContext): Readonly<Record<string, string>> {
  return (request.body ?? {}) as Readonly<Record<string, string>>
}
