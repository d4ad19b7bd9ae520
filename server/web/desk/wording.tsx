import type { ComponentChildren } from 'preact'
import { type Language, languageByCode } from '../../texts/languages.ts'
import { Button, Field } from '../ui/form.tsx'
import { Markdown } from '../ui/markdown.tsx'
import type { Faults } from '../ui/page-ui.ts'
import { FormFault, Moment } from '../ui/parts.tsx'
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

interface SaidProps {
  readonly wording: { readonly language: string; readonly title: string; readonly text: string }
}

/** What is written in one language, as its readers see it. */
export function Said({ wording: { language, title, text } }: SaidProps) {
  const { name, direction = 'ltr' } = languageByCode(language) ?? { name: language }
  return (
    <details class="fold" open>
      <summary>{name}</summary>
      <article class="announcement-said" lang={language} dir={direction}>
        <h3>{title}</h3>
        <Markdown text={text} />
      </article>
    </details>
  )
}

interface VersionsProps {
  readonly context: DeskContext
  readonly written: readonly {
    readonly language: string
    readonly version: number
    /** Null: it was taken away. */
    readonly title: string | null
    readonly at: Date
    readonly who: string
    /** Which of several texts. */
    readonly number?: number
  }[]
}

/** Every version of something in every language, the newest first. */
export function Versions({ context, written }: VersionsProps) {
  const { texts } = context.ui.frame
  return (
    <>
      <h2>{texts.text('desk.pages.history')}</h2>
      <ul class="rows">
        {written.map(({ number, language, version, title, at, who }) => (
          <li key={`${number} ${language} ${version}`}>
            <div class="what">
              <bdi>{title ?? texts.text('desk.pages.notWritten')}</bdi>
              <p class="soft small">
                {number !== undefined && `${texts.text('desk.incidents.text', { number: String(number) })} · `}
                {languageByCode(language)?.name ?? language} · {texts.text('desk.pages.version', { version })} ·{' '}
                <Moment texts={texts} at={at} /> · <bdi>{who}</bdi>
              </p>
            </div>
          </li>
        ))}
      </ul>
    </>
  )
}

interface EditWordingProps {
  readonly context: DeskContext
  /** Where the form is, and where it leads back to. */
  readonly here: string
  readonly language: Language
  readonly typed: { readonly title: string; readonly text: string; readonly faults: Faults }
  readonly longest: number
  /** Whether the reader may write. */
  readonly mayWrite: boolean
  /** What was typed is shown as readers would see it. */
  readonly isPreview: boolean
}

/** The content of the page on which something is written in one language. */
export function EditWording({ context, here, language, typed, longest, mayWrite, isPreview }: EditWordingProps) {
  const { texts } = context.ui.frame
  return (
    <>
      {mayWrite && (
        <WordingForm
          context={context}
          action={`${here}/${language.code}`}
          typed={typed}
          faults={typed.faults}
          rows={10}
          longest={longest}
          hint={texts.text('desk.announcements.hint')}
        />
      )}
      {(isPreview || !mayWrite) && (
        <article class="announcement" lang={language.code} dir={language.direction ?? 'ltr'}>
          <div>
            <p class="announcement-title">{typed.title}</p>
            <Markdown text={typed.text} />
          </div>
        </article>
      )}
    </>
  )
}
