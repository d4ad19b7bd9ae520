import type { ComponentChildren, JSX } from 'preact'
import { describedBy, Labelled } from './labelled.tsx'

interface FieldProps {
  readonly name: string
  readonly type?: 'text' | 'email' | 'password' | 'search' | 'url' | 'date'
  readonly value?: string | undefined
  readonly required?: boolean
  readonly autocomplete?: string
  readonly inputMode?: 'numeric' | 'decimal' | 'email' | 'url'
  /** `ltr` for what is never written from right to left: keys, addresses, codes. */
  readonly dir?: 'ltr'
  readonly label: string
  readonly hint?: ComponentChildren
  /** Why what was entered was not taken. */
  readonly fault?: string | undefined
  /** Whoever comes to the page begins here. */
  readonly autofocus?: boolean
  /** Unique on the page; the name, unless a page has several fields of one name. */
  readonly id?: string
}

/** A labelled input with its hint and its fault, which also those hear who do not see them. */
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
  /** The one thing a page is for is `main`; what destroys is `bad`; all else is plain. */
  readonly look?: 'main' | 'plain' | 'bad' | 'small'
}

export function Button({ look = 'plain', type = 'button', class: further = '', ...button }: ButtonProps) {
  return <button {...button} type={type} class={`button ${look} ${further}`.trim()} />
}
