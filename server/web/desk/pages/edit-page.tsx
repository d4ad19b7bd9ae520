import { pageSet } from '../../../acts/page-set.ts'
import { LONGEST_TEXT } from '../../../site-pages/names.ts'
import type { Language } from '../../../texts/languages.ts'
import { Button, Field } from '../../ui/form.tsx'
import { Markdown } from '../../ui/markdown.tsx'
import { FormFault } from '../../ui/parts.tsx'
import type { Faults } from '../../ui/page-ui.ts'
import { Prose } from '../../ui/prose.tsx'
import { WordsArea } from '../../ui/words-area.tsx'
import type { DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
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
          // As urlencoded form, a text in many languages would be three times as long.
          <form method="post" action={editAddress(name, code)} class="form wide" encType="multipart/form-data">
            <input type="hidden" name="csrf" value={ui.csrf} />
            <input type="hidden" name="seen" value={typed.seen} />
            <FormFault faults={faults} />
            <Field name="title" label={texts.text('desk.field.title')} value={typed.title} fault={faults['title']} />
            <WordsArea
              id="text"
              name="text"
              rows={20}
              longest={LONGEST_TEXT}
              label={texts.text('desk.field.text')}
              value={typed.text}
              fault={faults['text']}
              hint={<Prose text={texts.text('desk.pages.hint')} />}
            />
            <div class="buttons">
              <Button type="submit" name="what" value="preview">
                {texts.text('desk.pages.preview')}
              </Button>
              <Button type="submit" look="main" name="what" value="save">
                {texts.text('desk.pages.save')}
              </Button>
            </div>
          </form>
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
