import { type RefusalCode, refuse } from './refusal.ts'
import { onOneLine, plainLines } from './text.ts'

// What staff write for readers, a title and a text in Markdown per language: announcements, the changelog, incidents.

export const LONGEST_TITLE = 120
export const LONGEST_TEXT = 4000

/** What is written in one language. */
export interface Wording {
  readonly language: string
  readonly title: string
  readonly text: string
}

/** What is to be written in a language; title and text null: it is not written in that language any more. */
export interface WantedWording {
  readonly language: string
  readonly title: string | null
  readonly text: string | null
}

/** Who writes, and when. */
export interface Writer {
  readonly who: string
  readonly now: Date
}

/** A version of something in one language. */
export interface WrittenVersion {
  readonly language: string
  readonly version: number
  /** Null: it was taken away. */
  readonly title: string | null
  readonly at: Date
  readonly who: string
}

type NeedsTitleAndText = Extract<RefusalCode, `${string}_needs_title_and_text`>

/** Title and text as they are stored; undefined: that is what is written already. Throws this refusal when only one of them is given. */
export function asStored(
  wanted: WantedWording,
  before: Pick<Wording, 'title' | 'text'> | undefined,
  refusal: NeedsTitleAndText,
): Pick<WantedWording, 'title' | 'text'> | undefined {
  const title = wanted.title === null ? null : onOneLine(wanted.title).trim()
  const text = wanted.text === null ? null : plainLines(wanted.text).trim()
  if ((title === null) !== (text === null) || title === '' || text === '') throw refuse(refusal)
  return (before?.title ?? null) === title && (before?.text ?? null) === text ? undefined : { title, text }
}

/** The wording for a reader: in their language, else in English, else in the first there is. */
export function wordingFor(language: string, wordings: readonly Wording[]): Wording | undefined {
  return [language, 'en'].map((code) => wordings.find((each) => each.language === code)).find((each) => each) ?? wordings[0]
}
