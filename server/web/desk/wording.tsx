import type { ComponentChildren } from 'preact'
import type { AnyAct } from '../../acts/act.ts'
import { type Language, languageByCode } from '../../texts/languages.ts'
import { LONGEST_TEXT, type Wording, type WrittenVersion } from '../../wording.ts'
import { Button, Field } from '../ui/form.tsx'
import { Markdown } from '../ui/markdown.tsx'
import type { Faults } from '../ui/page-ui.ts'
import { FormFault, Moment } from '../ui/parts.tsx'
import { WordsArea } from '../ui/words-area.tsx'
import type { DeskContext } from './desk.ts'
import { deskPage } from './desk-page.tsx'

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

/** What is written in one language, as its readers see it. */
export function Said({ wording: { language, title, text } }: { readonly wording: Wording }) {
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
  /** `number`: which of several texts. */
  readonly written: readonly (WrittenVersion & { readonly number?: number })[]
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

/** What stands in the form. */
export interface TypedWording {
  readonly title: string
  readonly text: string
  readonly faults: Faults
}

interface WordingView {
  /** What is written, without the language. */
  readonly title: string
  /** Where the form is, without the language. */
  readonly here: string
  /** The page that it leads back to. */
  readonly back: string
  /** The act that writes it. */
  readonly act: AnyAct
  readonly language: Language
  readonly typed: TypedWording
  /** What was typed is shown as readers would see it. */
  readonly isPreview: boolean
}

/** The page on which something is written in one language. Who may not write sees what it says. */
export function wordingPage(context: DeskContext, { title, here, back, act, language, typed, isPreview }: WordingView): string {
  const { texts } = context.ui.frame
  const mayWrite = context.staff.may.has(act.permission)
  return deskPage(context, {
    title: `${title} · ${language.name}`,
    actions: (
      <a class="button plain" href={back}>
        {texts.text('desk.form.back')}
      </a>
    ),
    children: (
      <>
        {mayWrite && (
          <WordingForm
            context={context}
            action={`${here}/${language.code}`}
            typed={typed}
            faults={typed.faults}
            rows={10}
            longest={LONGEST_TEXT}
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
    ),
  })
}
