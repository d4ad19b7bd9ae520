import type { ComponentChildren } from 'preact'
import type { Field as OrderField } from '../../../../contract/service-types.ts'
import { linesOf } from '../../../ordering/lines.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Field } from '../../ui/form.tsx'
import { describedBy, Labelled } from '../../ui/labelled.tsx'
import { pickedDay } from './days.ts'
import { labelOf, type Option, optionsOf } from './labels.ts'

interface FieldOfOrderProps {
  readonly texts: Texts
  readonly field: OrderField
  readonly value: string
  readonly fault: string | undefined
  /** The accepted values, in words. */
  readonly range: string | undefined
}

/** A field that the type of the service requires or allows. */
export function FieldOfOrder({ texts, field, value, fault, range }: FieldOfOrderProps) {
  const name = labelOf(texts, field)
  const label = field.optional ? `${name} (${texts.text('docs.optional')})` : name
  const hint = field.name === 'posts' ? texts.text('order.label.posts.hint') : range
  const shared = { label, hint, fault: fault?.replaceAll('`', '') }
  if (field.kind === 'lines') return <Lines texts={texts} name={field.name} value={value} {...shared} />
  const options = optionsOf(texts, field)
  if (options) return <Choice name={field.name} options={options} value={value} {...shared} hint={undefined} />
  const { when } = field
  if (when)
    return (
      <div class="when" data-when={`${when.field} ${when.is}`}>
        <Typed field={field} value={value} {...shared} />
      </div>
    )
  return <Typed field={field} value={value} {...shared} />
}

function Typed({ field, value, ...shared }: Omit<SharedProps, 'name'> & { readonly field: OrderField }) {
  const isNumber = field.kind === 'quantity' || field.kind === 'whole'
  return (
    <Field
      name={field.name}
      {...(field.kind === 'date' ? { type: 'date' as const, value: pickedDay(value) } : { value })}
      dir="ltr"
      {...(isNumber && { inputMode: 'numeric' as const })}
      {...(field.kind === 'url' && { inputMode: 'url' as const })}
      {...(!field.optional && !field.when && { required: true })}
      autocomplete="off"
      {...shared}
    />
  )
}

interface SharedProps {
  readonly name: string
  readonly value: string
  readonly label: string
  readonly hint: string | undefined
  readonly fault: string | undefined
}

function Lines({ texts, name, value, label, hint, fault }: SharedProps & { texts: Texts }) {
  return (
    <Labelled id={name} label={label} hint={hint} fault={fault}>
      <textarea id={name} name={name} rows={6} dir="auto" required {...describedBy({ id: name, label, hint, fault })}>
        {value}
      </textarea>
      {/* The page's script updates the count as the user types. */}
      <p class="hint" data-count-of={name} data-forms={JSON.stringify(texts.pluralForms('order.lines'))}>
        {value === '' ? '' : texts.text('order.lines', { count: linesOf(value).length })}
      </p>
    </Labelled>
  )
}

function Choice({ name, options, value, label, hint, fault }: SharedProps & { options: readonly Option[] }) {
  const isOther = value !== '' && !options.some((option) => option.value === value)
  return (
    <Labelled id={name} label={label} hint={hint} fault={fault}>
      <select id={name} name={name} {...describedBy({ id: name, label, hint, fault })}>
        {/* A value from elsewhere that is not one of the choices is shown as a fault. */}
        {isOther && (
          <option value={value} selected>
            {value}
          </option>
        )}
        {options.map((one) => (
          <option key={one.value} value={one.value} selected={one.value === value}>
            {one.text}
          </option>
        ))}
      </select>
    </Labelled>
  )
}

interface DripFieldsProps {
  readonly texts: Texts
  readonly isOpen: boolean
  readonly children: ComponentChildren
}

/** The switch that shows the fields of a drip-feed. */
export function DripFields({ texts, isOpen, children }: DripFieldsProps) {
  return (
    <details class="drip fold" open={isOpen}>
      <summary>
        {texts.text('order.drip')} <span class="badge">{texts.text('app.dripFeed')}</span>
      </summary>
      <div class="drip-fields">{children}</div>
    </details>
  )
}
