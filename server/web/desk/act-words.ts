import type { AnyAct } from '../../acts/act.ts'
import { isRefusal, type Refusal } from '../../refusal.ts'
import type { Texts } from '../../texts/texts.ts'
import type { Faults } from '../ui/page-ui.ts'
import { faultText } from './field-faults.ts'

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
export function refusalText(texts: Texts, refusal: Refusal): string {
  if (isRefusal(refusal, 'incorrect_act_field')) return fieldRefusalText(texts, refusal)
  const { code, values, message } = refusal
  const key = `desk.refusal.${code}`
  const named = Object.fromEntries((values as readonly unknown[]).map((value, at) => [`v${at + 1}`, String(value)]))
  return texts.has(key) ? texts.text(key, named) : message
}

function fieldRefusalText(texts: Texts, { code, values: [field, sentence] }: Refusal<'incorrect_act_field'>): string {
  return texts.text(`desk.refusal.${code}`, { v1: fieldLabel(texts, field), v2: faultText(texts, sentence) })
}

/** The faults that a refusal puts onto a form: at its field where it names one, else above the form. */
export function faultsOfRefusal(texts: Texts, refusal: Refusal): Faults {
  if (!isRefusal(refusal, 'incorrect_act_field')) return { form: refusalText(texts, refusal) }
  const [field, sentence] = refusal.values
  const why = faultText(texts, sentence)
  // What is wrong within a field, like one of several settings, is told at the field.
  const [whole = field, ...within] = field.split('.')
  return { [whole]: within.length === 0 ? why : `${within.map((name) => fieldLabel(texts, name)).join('.')}: ${why}` }
}
