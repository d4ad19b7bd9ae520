import type { ComponentChildren } from 'preact'
import { languageByCode } from '../../texts/languages.ts'
import { Button, Field } from '../ui/form.tsx'
import type { Faults } from '../ui/page-ui.ts'
import { FormFault } from '../ui/parts.tsx'
import { WordsArea } from '../ui/words-area.tsx'
import type { DeskContext } from './desk.ts'

interface LanguageLinksProps {
  readonly context: DeskContext
  readonly heading: 'h2' | 'h3'
  /** The languages that it is written in: they come first. */
  readonly written: readonly string[]
  /** Where the form of a language is. */
  readonly addressOf: (code: string) => string
}

/** Leads to the form of each language that something of the operator's own is written in, or may be. */
export function LanguageLinks({ context, heading: Heading, written, addressOf }: LanguageLinksProps) {
  const { texts } = context.ui.frame
  const others = context.web.settings.languages.map(({ code }) => code).filter((code) => !written.includes(code))
  const link = (code: string) => (
    <a key={code} class="button small" href={addressOf(code)} lang={code}>
      {languageByCode(code)?.name ?? code}
    </a>
  )
  return (
    <>
      <Heading>{texts.text('desk.pages.write')}</Heading>
      <p class="buttons">{written.map(link)}</p>
      {others.length > 0 && (
        <details class="fold">
          <summary>{texts.text('desk.pages.notWritten')}</summary>
          <p class="buttons">{others.map(link)}</p>
        </details>
      )}
    </>
  )
}

interface WordingFormProps {
  readonly context: DeskContext
  readonly action: string
  readonly typed: { readonly title: string; readonly text: string }
  readonly faults: Faults
  readonly rows: number
  readonly longest: number
  readonly hint: ComponentChildren
  /** Further fields, hidden ones. */
  readonly children?: ComponentChildren
}

/** The form of a title and a text in one language, to be previewed or saved. */
export function WordingForm({ context, action, typed, faults, rows, longest, hint, children }: WordingFormProps) {
  const { texts } = context.ui.frame
  return (
    // As urlencoded form, a text in many languages would be three times as long.
    <form method="post" action={action} class="form wide" encType="multipart/form-data">
      <input type="hidden" name="csrf" value={context.ui.csrf} />
      {children}
      <FormFault faults={faults} />
      <Field name="title" label={texts.text('desk.field.title')} value={typed.title} fault={faults['title']} />
      <WordsArea
        id="text"
        name="text"
        rows={rows}
        longest={longest}
        label={texts.text('desk.field.text')}
        value={typed.text}
        fault={faults['text']}
        hint={hint}
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
  )
}
