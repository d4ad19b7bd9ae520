import type { ComponentChildren, JSX } from 'preact'
import { describedBy, Labelled } from './labelled.tsx'

interface FieldProps {
  readonly name: string
  readonly type?: 'text' | 'email' | 'password' | 'search' | 'url' | 'date'
  readonly value?: string | undefined
  readonly required?: boolean
  readonly autocomplete?: string
  readonly inputMode?: 'numeric' | 'decimal' | 'email' | 'url'
  /** `ltr` for values that always read from left to right: keys, addresses, codes. */
  readonly dir?: 'ltr'
  readonly label: string
  readonly hint?: ComponentChildren
  /** Why the value was refused. */
  readonly fault?: string | undefined
  /** The field has the focus when the page opens. */
  readonly autofocus?: boolean
  /** Unique on the page. It is the name, unless several fields of the page have that name. */
  readonly id?: string
}

/** A labelled input with its hint and its fault. Screen readers read both. */
export function Field({ name, label, hint, fault, id = name, type = 'text', ...input }: FieldProps) {
  const about = { id, label, hint, fault }
  return (
    <Labelled {...about}>
      <input
        {...input}
        // The element's types are a union by this very attribute.
        // oxlint-disable-next-line typescript/no-unnecessary-type-assertion
        type={type as 'text'}
        id={id}
        name={name}
        {...describedBy(about)}
      />
    </Labelled>
  )
}

interface ButtonProps extends Omit<JSX.IntrinsicElements['button'], 'class'> {
  readonly class?: string
  /** `main` is for the one action that a page exists for, `bad` for an action that destroys, `plain` for the others. */
  readonly look?: 'main' | 'plain' | 'bad' | 'small'
}

export function Button({ look = 'plain', type = 'button', class: further = '', ...button }: ButtonProps) {
  return <button {...button} type={type} class={`button ${look} ${further}`.trim()} />
}
