import type { Incident, Part } from '../../status/incidents.ts'
import { wordingFor } from '../../wording.ts'
import type { Texts } from '../../texts/texts.ts'
import { percentText } from '../ui/figures.tsx'
import { addressIn } from '../visitor.ts'

/** A text of an incident as a reader gets it. */
export interface Told {
  readonly at: Date
  readonly title: string
  readonly text: string
  /** What it is written in: the reader's language, English, or any. */
  readonly language: string
}

/** What is told of an incident, the newest first; what the figures found is told in the reader's language. */
export function toldOf(texts: Texts, { cause, began, worst, updates }: Incident): Told[] {
  const language = texts.language.code
  const written = updates.flatMap((update) => {
    const wording = wordingFor(language, update.wordings)
    return wording ? [{ at: update.at, ...wording }] : []
  })
  const found =
    cause === 'staff' ? [] : [{ at: began, title: titleOfCause(texts, cause), text: textOfCause(texts, cause, worst), language }]
  return [...found, ...written].toReversed()
}

type Found = Exclude<Incident['cause'], 'staff'>

function titleOfCause(texts: Texts, cause: Found): string {
  return texts.text(`front.status.cause.${cause}.title`)
}

function textOfCause(texts: Texts, cause: Found, worst: number | null): string {
  switch (cause) {
    case 'errors':
      return texts.text('front.status.cause.errors.text', { percent: percentText(texts, worst ?? 0) })
    case 'silence':
      return texts.text('front.status.cause.silence.text')
    case 'suppliers':
      return texts.text('front.status.cause.suppliers.text', { count: worst ?? 1 })
    default:
      return cause satisfies never
  }
}

/** What an incident is called: by its first text. */
export function titleOf(texts: Texts, incident: Incident): Told | undefined {
  return toldOf(texts, incident).at(-1)
}

export function partText(texts: Texts, part: Part): string {
  return texts.text(`front.status.part.${part}`)
}

export function incidentAddress({ language }: Texts, { id }: Incident): string {
  return addressIn(language, `/status/incidents/${id}`)
}
