import type { ShownPage } from '../../site-pages/read-pages.ts'
import { languageByCode } from '../../texts/languages.ts'
import { type Frame, type Page, renderDocument } from '../ui/document.tsx'
import { Layout } from '../ui/layout.tsx'
import { Markdown, plainBeginning } from '../ui/markdown.tsx'
import { Notice } from '../ui/notice.tsx'

/** Search engines show about as much. */
const DESCRIPTION = 160

/** A page of the operator's own: terms, privacy, questions. */
export function ownPage(frame: Frame, { title, text, language, languages: writtenIn }: ShownPage): string {
  const { texts } = frame
  const isOwnLanguage = language === texts.language.code
  const inWords = languageByCode(language)
  const description = plainBeginning(text, DESCRIPTION)
  const page: Page = {
    title,
    ...(description !== '' && { description }),
    script: 'site',
    inEachLanguage: true,
    writtenIn: [language, ...writtenIn.filter((code) => code !== language)],
  }
  return renderDocument(
    frame,
    page,
    <Layout frame={frame} page={page}>
      <main id="content" class="narrow own-page">
        {!isOwnLanguage && <Notice mood="plain">{texts.text('page.otherLanguage', { language: inWords?.name ?? language })}</Notice>}
        <article lang={isOwnLanguage ? undefined : language} dir={isOwnLanguage ? undefined : (inWords?.direction ?? 'ltr')}>
          <h1>{title}</h1>
          <Markdown text={text} />
        </article>
      </main>
    </Layout>,
  )
}
