import type { ComponentChildren } from 'preact'

interface ChoiceProps {
  readonly type: 'radio' | 'checkbox'
  readonly name: string
  readonly value?: string
  readonly checked: boolean
  /** Unique on the page. */
  readonly id: string
  readonly label: ComponentChildren
  readonly hint?: ComponentChildren
}

/** A radio button or check box with its explanation below it. */
export function Choice({ type, name, value = 'on', checked, id, label, hint }: ChoiceProps) {
  const described = hint === undefined ? {} : { 'aria-describedby': `${id}-hint` }
  return (
    <div class="choice">
      <input type={type} id={id} name={name} value={value} checked={checked} {...described} />
      <label for={id}>{label}</label>
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}

interface ChoicesProps {
  readonly legend: string
  readonly fault?: string | undefined
  /** Unique on the page. */
  readonly id: string
  readonly children: ComponentChildren
}

/** A group of choices that answer one question. */
export function Choices({ legend, fault, id, children }: ChoicesProps) {
  return (
    <fieldset class="choices" id={id} aria-describedby={fault === undefined ? undefined : `${id}-fault`}>
      <legend>{legend}</legend>
      {children}
      {fault !== undefined && (
        <p class="fault" id={`${id}-fault`}>
          {fault}
        </p>
      )}
    </fieldset>
  )
}
