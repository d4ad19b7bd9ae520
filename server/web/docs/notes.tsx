import { API_NOTES } from '../../site-pages/names.ts'
import type { PageText } from '../../site-pages/read-pages.ts'
import { languageByCode } from '../../texts/languages.ts'
import type { Texts } from '../../texts/texts.ts'
import type { House } from '../house.ts'
import { Markdown, plainBeginning } from '../ui/markdown.tsx'
import { addressIn } from '../visitor.ts'

export type NotesView = PageText

/** A longer text is read on a page of its own, so that this one stays small. */
const LONGEST_HERE = 4000
const BEGINNING = 600

interface ApiNotesProps {
  readonly texts: Texts
  readonly house: House
  readonly notes: NotesView
}

/** What the operator tells those who order by program, above everything else. */
export function ApiNotes({ texts, house, notes: { title, text, language } }: ApiNotesProps) {
  const isOwn = language === texts.language.code
  return (
    <section class="api-notes" aria-labelledby="notes">
      <p class="small soft">{texts.text('docs.notes.title', { name: house.name })}</p>
      <div lang={isOwn ? undefined : language} dir={isOwn ? undefined : (languageByCode(language)?.direction ?? 'ltr')}>
        <h2 id="notes">{title}</h2>
        {text.length <= LONGEST_HERE ? <Markdown text={text} /> : <p>{plainBeginning(text, BEGINNING)}</p>}
      </div>
      {text.length > LONGEST_HERE && (
        <p>
          <a href={addressIn(texts.language, `/p/${API_NOTES}`)}>{texts.text('docs.notes.more')}</a>
        </p>
      )}
    </section>
  )
}
