import type { Field as OrderField } from '../../../../contract/service-types.ts'
import { linesOf } from '../../../ordering/lines.ts'
import type { Texts } from '../../texts/texts.ts'
import { Field } from '../../ui/form.tsx'
import { describedBy, Labelled } from '../../ui/labelled.tsx'
import { Prose } from '../../ui/prose.tsx'

interface FieldOfOrderProps {
  readonly texts: Texts
  readonly field: OrderField
  readonly value: string
  readonly fault: string | undefined
  /** What fits, in words. */
  readonly range: string | undefined
}

/** A field as the type of its service asks for it. */
export function FieldOfOrder({ texts, field, value, fault, range }: FieldOfOrderProps) {
  // A label is spoken: marks of code say nothing there.
  const name = texts.text(field.about).replaceAll('`', '')
  const label = field.optional ? `${name} (${texts.text('docs.optional')})` : name
  const hint = hintOf(texts, field, range)
  const shared = { label, hint, fault: fault?.replaceAll('`', '') }
  if (field.kind === 'lines') return <Lines texts={texts} name={field.name} value={value} {...shared} />
  if (field.oneOf) return <Choice texts={texts} name={field.name} values={field.oneOf} value={value} {...shared} />
  const isNumber = field.kind === 'quantity' || field.kind === 'whole'
  return (
    <Field
      name={field.name}
      value={value}
      dir="ltr"
      {...(isNumber && { inputMode: 'numeric' as const })}
      {...(field.kind === 'url' && { inputMode: 'url' as const })}
      {...(!field.optional && !field.when && { required: true })}
      autocomplete="off"
      {...shared}
    />
  )
}

function hintOf(texts: Texts, { when }: OrderField, range: string | undefined) {
  if (when) return <Prose text={texts.text('docs.when', { field: when.field, value: when.is })} />
  return range
}

interface SharedProps {
  readonly name: string
  readonly value: string
  readonly label: string
  readonly hint: ReturnType<typeof hintOf>
  readonly fault: string | undefined
}

function Lines({ texts, name, value, label, hint, fault }: SharedProps & { texts: Texts }) {
  return (
    <Labelled id={name} label={label} hint={hint} fault={fault}>
      <textarea id={name} name={name} rows={6} dir="auto" required {...describedBy({ id: name, label, hint, fault })}>
        {value}
      </textarea>
      {/* Counted anew by the page's script while they are typed. */}
      <p class="hint" data-count-of={name} data-forms={JSON.stringify(texts.pluralForms('order.lines'))}>
        {value === '' ? '' : texts.text('order.lines', { count: linesOf(value).length })}
      </p>
    </Labelled>
  )
}

function Choice({ texts, name, values, value, label, hint, fault }: SharedProps & { texts: Texts; values: readonly number[] }) {
  return (
    <Labelled id={name} label={label} hint={hint} fault={fault}>
      <select id={name} name={name} {...describedBy({ id: name, label, hint, fault })}>
        {values.map((one) => (
          <option key={one} value={one} selected={String(one) === value}>
            {texts.number(one)}
          </option>
        ))}
      </select>
    </Labelled>
  )
}
