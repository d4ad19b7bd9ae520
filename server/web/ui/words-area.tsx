import type { ComponentChildren } from 'preact'
import { LONGEST_TEXT } from '../../support/kinds.ts'
import { describedBy, Labelled } from './labelled.tsx'

interface WordsAreaProps {
  readonly id: string
  readonly name: string
  readonly label: string
  readonly value: string
  readonly rows: number
  /** In characters; by default as much as a message may have. */
  readonly longest?: number
  readonly hint?: ComponentChildren
  readonly fault?: string | undefined
}

/** A field for a message: several lines, in the direction of whatever is written. */
export function WordsArea({ name, value, rows, longest = LONGEST_TEXT, ...about }: WordsAreaProps) {
  return (
    <Labelled {...about}>
      <textarea id={about.id} name={name} rows={rows} maxLength={longest} dir="auto" class="words-area" {...describedBy(about)}>
        {value}
      </textarea>
    </Labelled>
  )
}
