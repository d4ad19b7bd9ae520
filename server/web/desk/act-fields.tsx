import { z } from 'zod'
import type { AnyAct } from '../../acts/act.ts'
import { isRepeated, unwrapped, valueOf } from '../../acts/field-text.ts'
import { type OnCommandLine, toldOf } from '../../acts/fields.ts'
import type { Texts } from '../../texts/texts.ts'
import { Field } from '../ui/form.tsx'
import { describedBy, Labelled, LinesArea } from '../ui/labelled.tsx'
import type { Faults } from '../ui/page-ui.ts'
import { fieldLabel, optionLabel } from './act-words.ts'
import { faultText } from './field-faults.ts'

interface ActField {
  readonly name: string
  readonly schema: z.ZodType
  readonly told: OnCommandLine
}

export function fieldsOf(act: AnyAct): ActField[] {
  return Object.entries(act.input.shape).map(([name, schema]) => ({
    name,
    schema: schema as z.ZodType,
    told: toldOf(schema as z.ZodType),
  }))
}

/** The texts of a form's fields, by their names. */
export type Given = Readonly<Record<string, string>>

/** The fields as the act takes them, read from the texts of its form. A field that was left empty is left out. Faults are in `faults`. */
export function readFields(act: AnyAct, given: Given): { readonly input: Record<string, unknown>; readonly faults: Faults } {
  const input: Record<string, unknown> = {}
  const faults: Record<string, string> = {}
  for (const { name, schema, told } of fieldsOf(act)) {
    const text = given[name]
    if (text === undefined || text === '') continue
    try {
      input[name] = isRepeated(told) ? linesOf(text).map((line) => valueOf(schema, told, line)) : valueOf(schema, told, text)
    } catch (error) {
      faults[name] = (error as Error).message
    }
  }
  return { input, faults }
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line !== '')
}

interface ActFieldsProps {
  readonly texts: Texts
  readonly act: AnyAct
  readonly given: Given
  readonly faults: Faults
  /** Fields that the form shows and does not let change, like the order that it is about. */
  readonly fixed: ReadonlySet<string>
}

/** The fields of an act, drawn from its schema. */
export function ActFields({ texts, act, given, faults, fixed }: ActFieldsProps) {
  const drawn = fieldsOf(act).filter(({ told }) => !told.offForms)
  return (
    <>
      {drawn.map((field) =>
        fixed.has(field.name) ? (
          <input key={field.name} type="hidden" name={field.name} value={given[field.name]} />
        ) : (
          <OneField
            key={field.name}
            texts={texts}
            act={act.name}
            field={field}
            value={given[field.name] ?? ''}
            fault={faultIn(texts, faults[field.name])}
          />
        ),
      )}
    </>
  )
}

/** Readers of texts speak English, as schemas do. */
function faultIn(texts: Texts, fault: string | undefined): string | undefined {
  return fault === undefined ? undefined : faultText(texts, fault)
}

interface OneFieldProps {
  readonly texts: Texts
  /** The name of the act. */
  readonly act: string
  readonly field: ActField
  readonly value: string
  readonly fault: string | undefined
}

function OneField({ texts, act, field: { name, schema, told }, value, fault }: OneFieldProps) {
  const inner = unwrapped(schema)
  const about = { id: name, label: labelOf(texts, act, name), hint: hintOf(texts, act, name, schema), fault }
  const isOptional = schema.isOptional()
  if (inner instanceof z.ZodEnum && !told.fromText) {
    const options = inner.options.map(String)
    const words = options.map((option) => optionLabel(texts, option))
    return <Choice {...about} name={name} value={value} options={options} words={words} isOptional={isOptional} />
  }
  if (inner instanceof z.ZodBoolean) {
    const yesNo = [texts.text('desk.form.yes'), texts.text('desk.form.no')]
    return <Choice {...about} name={name} value={value} options={['yes', 'no']} words={yesNo} isOptional={isOptional} />
  }
  if (isRepeated(told)) return <LinesArea {...about} name={name} value={value} rows={5} />
  const isNumber = inner instanceof z.ZodNumber
  return (
    <Field
      {...about}
      name={name}
      value={value}
      type={told.secret ? 'password' : 'text'}
      {...(told.secret && { autocomplete: 'off' })}
      {...(isNumber && { inputMode: 'numeric' as const, dir: 'ltr' as const })}
      required={!isOptional}
    />
  )
}

/** Some fields are something else in one act than in others, like an amount that is never below zero. */
function labelOf(texts: Texts, act: string, name: string): string {
  const own = `desk.field.${act.replaceAll(' ', '-')}.${name}`
  return texts.has(own) ? texts.text(own) : fieldLabel(texts, name)
}

/** What helps to fill it in, where there are words for that; a field that may have no value says how to write that. */
function hintOf(texts: Texts, act: string, name: string, schema: z.ZodType): string | undefined {
  const own = `desk.hint.${act.replaceAll(' ', '-')}.${name}`
  if (texts.has(own)) return texts.text(own)
  return schema.safeParse(null).success ? texts.text('desk.form.none') : undefined
}

interface ChoiceProps {
  readonly id: string
  readonly label: string
  readonly hint: string | undefined
  readonly fault: string | undefined
  readonly name: string
  readonly value: string
  readonly options: readonly string[]
  /** What the options are called. */
  readonly words: readonly string[]
  readonly isOptional: boolean
}

function Choice({ name, value, options, words, isOptional, ...about }: ChoiceProps) {
  return (
    <Labelled {...about}>
      <select id={about.id} name={name} {...describedBy(about)}>
        {isOptional && <option value="">–</option>}
        {options.map((option, at) => (
          <option key={option} value={option} selected={option === value}>
            {words[at]}
          </option>
        ))}
      </select>
    </Labelled>
  )
}
