import { Labelled } from '../ui/labelled.tsx'

interface SelectProps {
  readonly name: string
  readonly label: string
  readonly value: string
  /** What is sent, and what it is called. */
  readonly options: readonly (readonly [string, string])[]
}

/** One choice of a few, for the filters of a list. */
export function Select({ name, label, value, options }: SelectProps) {
  return (
    <Labelled id={name} label={label}>
      <select id={name} name={name}>
        {options.map(([sent, text]) => (
          <option key={sent} value={sent} selected={sent === value}>
            {text}
          </option>
        ))}
      </select>
    </Labelled>
  )
}
