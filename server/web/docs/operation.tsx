import type { ComponentChildren } from 'preact'
import type { AnswerField, Form, Parameter } from '../../../contract/action.ts'
import { aboutRefusals } from '../../../contract/refusals.ts'
import type { MessageKey } from '../../../contract/message.ts'
import type { Texts } from '../texts/texts.ts'
import { Prose } from '../ui/prose.tsx'
import { Table } from '../ui/table.tsx'
import { ExamplePanel } from './panel.tsx'

/** What every part of the page is drawn with. */
export interface Desk {
  readonly texts: Texts
  /** The API's address as the reader sees it. */
  readonly address: string
  readonly shownKey: string | undefined
}

interface OperationProps {
  readonly desk: Desk
  readonly action: string
  readonly form: Form
  /** What the form has beyond its own parameters. */
  readonly children?: ComponentChildren
}

/** One way to call an action: in words at one side, as code at the other. */
export function Operation({ desk, action, form, children }: OperationProps) {
  const { texts } = desk
  const [example] = form.examples
  return (
    <section class="part" id={form.id} aria-labelledby={`${form.id}-title`}>
      <div class="words">
        <Heading texts={texts} id={form.id} title={form.title} tag={action} />
        <p>
          <Prose text={texts.text(form.about)} />
        </p>
        <Parameters texts={texts} parameters={form.parameters} action={action} />
        <AnswerFields texts={texts} fields={form.answer} />
        {form.refusals.length > 0 && (
          <details class="more">
            <summary>
              {texts.text('docs.refusals')} <span class="count">{texts.number(form.refusals.length)}</span>
            </summary>
            <RefusalTable texts={texts} refusals={form.refusals} />
          </details>
        )}
      </div>
      <div class="code">{example && <ExamplePanel {...desk} action={action} example={example} />}</div>
      {children}
    </section>
  )
}

interface HeadingProps {
  readonly texts: Texts
  readonly id: string
  readonly title: MessageKey
  readonly tag?: string
}

/** A heading that gives its own address to whoever wants to share it. */
export function Heading({ texts, id, title, tag }: HeadingProps) {
  const name = texts.text(title)
  return (
    <div class="heading">
      <h3 id={`${id}-title`}>{name}</h3>
      {tag !== undefined && (
        <code class="tag" dir="ltr">
          {tag}
        </code>
      )}
      <a class="anchor" href={`#${id}`} aria-label={texts.text('docs.linkTo', { title: name })}>
        #
      </a>
    </div>
  )
}

function Parameters({ texts, parameters, action }: { texts: Texts; parameters: readonly Parameter[]; action: string }) {
  const rows = [
    [<Name name="key" />, texts.text('parameter.key')],
    [<Name name="action" />, <Prose text={`\`${action}\``} />],
    ...parameters.map(({ name, about, optional }) => [
      <Name name={name} badge={optional && texts.text('docs.optional')} />,
      <Prose text={texts.text(about)} />,
    ]),
  ]
  return (
    <>
      <h4>{texts.text('docs.parameters')}</h4>
      <Table caption={texts.text('docs.parameters')} headings={[texts.text('docs.parameter'), texts.text('docs.meaning')]} rows={rows} />
    </>
  )
}

function AnswerFields({ texts, fields }: { texts: Texts; fields: readonly AnswerField[] }) {
  const badge = (field: AnswerField) =>
    field.extended ? texts.text('answer.extended') : field.optional ? texts.text('docs.optional') : undefined
  const meaning = ({ about, orError }: AnswerField) =>
    orError ? texts.text('answer.orError', { meaning: texts.text(about) }) : texts.text(about)
  const rows = fields.map((field) => [<Name name={field.name} badge={badge(field)} />, <Prose text={meaning(field)} />])
  return (
    <>
      <h4>{texts.text('docs.fields')}</h4>
      <Table caption={texts.text('docs.fields')} headings={[texts.text('docs.field'), texts.text('docs.meaning')]} rows={rows} />
    </>
  )
}

export function Name({ name, badge }: { readonly name: string; readonly badge?: string | undefined }) {
  return (
    <>
      <code dir="ltr">{name}</code> {badge !== undefined && <span class="badge">{badge}</span>}
    </>
  )
}

export function RefusalTable({ texts, refusals }: { readonly texts: Texts; readonly refusals: readonly string[] }) {
  const rows = refusals.map((text) => [<Name name={text} />, <Prose text={texts.text(aboutRefusals.get(text)!)} />])
  const headings = [<Prose text={texts.text('docs.refusal')} />, texts.text('docs.meaning')]
  return <Table caption={texts.text('docs.refusals')} headings={headings} rows={rows} />
}
