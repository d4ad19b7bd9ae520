import type { AnyAct } from '../../acts/act.ts'
import type { Refusal } from '../../refusal.ts'
import type { Texts } from '../../texts/texts.ts'

/** What an act is called on the desk, like "Cancel with refund"; its name in the API where it has no words yet. */
export function actTitle(texts: Texts, name: AnyAct['name']): string {
  const key = `desk.act.${name.replaceAll(' ', '-')}`
  return texts.has(key) ? texts.text(key) : name
}

/** What a field of an act, or of what it changed, is called on the desk. */
export function fieldLabel(texts: Texts, name: string): string {
  const key = `desk.field.${name}`
  return texts.has(key) ? texts.text(key) : name
}

/** What one of the values of a field is called on the desk. */
export function optionLabel(texts: Texts, option: string): string {
  const key = `desk.option.${option.replaceAll(' ', '-')}`
  return texts.has(key) ? texts.text(key) : option
}

/** Why something was refused, in the reader's language where there is a text for it. */
export function refusalText(texts: Texts, { code, values, message }: Refusal): string {
  const key = `desk.refusal.${code}`
  const named = Object.fromEntries((values as readonly unknown[]).map((value, at) => [`v${at + 1}`, String(value)]))
  return texts.has(key) ? texts.text(key, named) : message
}
