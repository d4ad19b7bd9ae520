import type { ComponentChildren } from 'preact'
import { proseOf } from './prose.tsx'

interface LabelledProps {
  readonly id: string
  readonly label: string
  readonly hint?: ComponentChildren
  readonly fault?: string | undefined
}

interface TextAreaProps extends LabelledProps {
  readonly name: string
  readonly value: string
  readonly rows: number
}

/** A field of several rows that always read from left to right: orders, addresses, one word per row. */
export function LinesArea({ name, value, rows, ...about }: TextAreaProps) {
  return (
    <Labelled {...about}>
      <textarea id={about.id} name={name} rows={rows} class="lines-area" dir="ltr" wrap="off" spellcheck={false} {...describedBy(about)}>
        {value}
      </textarea>
    </Labelled>
  )
}

interface FileFieldProps extends LabelledProps {
  readonly name: string
  /** File types, in the form that the browser's file picker expects. */
  readonly accept: string
}

export function FileField({ name, accept, ...about }: FileFieldProps) {
  return (
    <Labelled {...about}>
      <input type="file" id={about.id} name={name} accept={accept} {...describedBy(about)} />
    </Labelled>
  )
}

/** Joins an input to its hint and its fault, so that screen readers read them. The first field with a fault has the focus when the page opens. */
export function describedBy({ id, hint, fault }: LabelledProps) {
  const ids = [hint === undefined ? '' : `${id}-hint`, fault === undefined ? '' : `${id}-fault`].filter(Boolean).join(' ')
  return {
    'aria-describedby': ids || undefined,
    'aria-invalid': fault === undefined ? undefined : ('true' as const),
    ...(fault !== undefined && { autofocus: true }),
  }
}

export function Labelled({ id, label, hint, fault, children }: LabelledProps & { readonly children: ComponentChildren }) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {proseOf(hint)}
        </p>
      )}
      {fault !== undefined && (
        <p class="fault" id={`${id}-fault`}>
          {proseOf(fault)}
        </p>
      )}
    </div>
  )
}
