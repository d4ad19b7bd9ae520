import { pageSet } from '../../../acts/page-set.ts'
import { LONGEST_TEXT } from '../../../site-pages/names.ts'
import type { Language } from '../../../texts/languages.ts'
import { Markdown } from '../../ui/markdown.tsx'
import type { Faults } from '../../ui/page-ui.ts'
import type { DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { WordingForm } from '../wording.tsx'
import { editAddress, PAGES } from './addresses.ts'

/** What stands in the form. */
export interface Typed {
  readonly title: string
  readonly text: string
  /** The newest version when the form was opened. */
  readonly seen: number
}

interface EditView {
  readonly name: string
  readonly language: Language
  readonly isWritten: boolean
  readonly typed: Typed
  readonly faults: Faults
  /** What was typed is shown as readers would see it. */
  readonly isPreview: boolean
}

/** The form of what a page says in one language. */
export function editPage(context: DeskContext, { name, language, isWritten, typed, faults, isPreview }: EditView): string {
  const { ui, staff } = context
  const { texts } = ui.frame
  const { code, direction = 'ltr' } = language
  return deskPage(context, {
    title: `/p/${name} · ${language.name}`,
    lead: isWritten ? undefined : texts.text('desk.pages.notWritten'),
    actions: (
      <a class="button plain" href={isWritten || typed.seen > 0 ? `${PAGES}/${name}` : PAGES}>
        {texts.text('desk.form.back')}
      </a>
    ),
    children: (
      <>
        {staff.may.has(pageSet.permission) && (
          <WordingForm
            context={context}
            action={editAddress(name, code)}
            typed={typed}
            faults={faults}
            rows={20}
            longest={LONGEST_TEXT}
            hint={texts.text('desk.pages.hint')}
          >
            <input type="hidden" name="seen" value={typed.seen} />
          </WordingForm>
        )}
        {(isPreview || !staff.may.has(pageSet.permission)) && (
          <article class="own-page preview" lang={code} dir={direction}>
            <h2>{typed.title}</h2>
            <Markdown text={typed.text} />
          </article>
        )}
      </>
    ),
  })
}
