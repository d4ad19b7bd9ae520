import type { ComponentChildren, JSX } from 'preact'

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
  /** Unique on the page; the name, unless a page has several fields of one name. */
  readonly id?: string
}

/** A labelled input with its hint and its fault, which also those hear who do not see them. */
export function Field({ name, label, hint, fault, id = name, type = 'text', ...input }: FieldProps) {
  const described = [hint === undefined ? '' : `${id}-hint`, fault === undefined ? '' : `${id}-fault`].filter(Boolean).join(' ')
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        {...input}
        // The element's types are a union by this very attribute.
        // oxlint-disable-next-line typescript/no-unnecessary-type-assertion
        type={type as 'text'}
        id={id}
        name={name}
        aria-describedby={described || undefined}
        aria-invalid={fault === undefined ? undefined : 'true'}
      />
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {fault !== undefined && (
        <p class="fault" id={`${id}-fault`}>
          {fault}
        </p>
      )}
    </div>
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
