import type { ComponentChildren } from 'preact'
import { LONGEST_TEXT } from '../../support/kinds.ts'
import { describedBy, Labelled } from './labelled.tsx'

interface WordsAreaProps {
  readonly id: string
  readonly name: string
  readonly label: string
  readonly value: string
  readonly rows: number
  readonly hint?: ComponentChildren
  readonly fault?: string | undefined
}

/** A field for a message: several lines, in the direction of whatever is written. */
export function WordsArea({ name, value, rows, ...about }: WordsAreaProps) {
  return (
    <Labelled {...about}>
      <textarea id={about.id} name={name} rows={rows} maxLength={LONGEST_TEXT} dir="auto" class="words-area" {...describedBy(about)}>
        {value}
      </textarea>
    </Labelled>
  )
}
