import type { ComponentChildren } from 'preact'
import type { AnswerField, Form, Parameter, ParameterType } from '../../../contract/action.ts'
import { aboutRefusals } from '../../../contract/refusals.ts'
import type { MessageKey } from '../../../contract/message.ts'
import { type FieldKind, type ServiceType, serviceTypes } from '../../../contract/service-types.ts'
import type { Texts } from '../../texts/texts.ts'
import { Prose } from '../ui/prose.tsx'
import { Table } from '../ui/table.tsx'
import { ExamplePanel } from './panel.tsx'

/** The values that every part of the page is drawn with. */
export interface DocsContext {
  readonly texts: Texts
  /** The API's address, as the reader reaches it. */
  readonly address: string
}

interface OperationProps {
  readonly context: DocsContext
  readonly action: string
  readonly form: Form
  /** Content of this form beyond its own parameters. */
  readonly children?: ComponentChildren
}

/** One way to call an action: the description on one side, the code on the other. */
export function Operation({ context, action, form, children }: OperationProps) {
  const { texts } = context
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
      <div class="code">{example && <ExamplePanel {...context} action={action} example={example} optional={optionalOf(form)} />}</div>
      {children}
    </section>
  )
}

/** For an order, the fields of its service type follow: see types.tsx. */
function optionalOf({ id, parameters }: Form): string[] {
  const own = parameters.filter(({ optional }) => optional).map(({ name }) => name)
  const takesOrder = id === 'add' || id === 'quote'
  return takesOrder ? [...optionalFields(serviceTypes[0]!), ...own] : own
}

export function optionalFields({ fields }: ServiceType): string[] {
  return fields.filter(({ optional, when }) => optional || when).map(({ name }) => name)
}

interface HeadingProps {
  readonly texts: Texts
  readonly id: string
  readonly title: MessageKey
  readonly tag?: string
}

/** A heading that links to itself, so that the reader can share its address. */
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
    [<TypedName texts={texts} name="key" type="text" />, texts.text('parameter.key')],
    [<TypedName texts={texts} name="action" type="text" />, <Prose text={`\`${action}\``} />],
    ...parameters.map(({ about, ...parameter }) => [<TypedName texts={texts} {...parameter} />, <Prose text={texts.text(about)} />]),
  ]
  return (
    <>
      <h4>{texts.text('docs.parameters')}</h4>
      <Table caption={texts.text('docs.parameters')} headings={[texts.text('docs.parameter'), texts.text('docs.meaning')]} rows={rows} />
    </>
  )
}

function AnswerFields({ texts, fields }: { texts: Texts; fields: readonly AnswerField[] }) {
  const badge = ({ type, extended, optional }: AnswerField) => (
    <>
      {texts.text(typeNames[type])}
      {(extended || optional) && ` · ${texts.text(extended ? 'answer.extended' : 'docs.optional')}`}
    </>
  )
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

export function Name({ name, badge }: { readonly name: string; readonly badge?: ComponentChildren }) {
  return (
    <>
      <code dir="ltr">{name}</code> {badge !== undefined && <span class="badge">{badge}</span>}
    </>
  )
}

/** The names of the value types in the documentation. */
const typeNames = {
  text: 'docs.type.text',
  'whole number': 'docs.type.whole',
  quantity: 'docs.type.whole',
  whole: 'docs.type.whole',
  amount: 'docs.type.amount',
  lines: 'docs.type.lines',
  ids: 'docs.type.ids',
  link: 'docs.type.link',
  url: 'docs.type.link',
  date: 'docs.type.date',
  'yes or no': 'docs.type.flag',
  list: 'docs.type.list',
  object: 'docs.type.object',
} as const satisfies Record<ParameterType | FieldKind | AnswerField['type'], MessageKey>

interface TypedNameProps {
  readonly texts: Texts
  readonly name: string
  readonly type: ParameterType | FieldKind
  readonly optional?: boolean
  /** Whether it is required depends on another field, which its description names. */
  readonly depends?: boolean
}

/** A parameter with its type, marked as required or optional. */
export function TypedName({ texts, name, type, optional = false, depends = false }: TypedNameProps) {
  const badge = (
    <>
      {texts.text(typeNames[type])}
      {!depends && ' · '}
      {!depends && (optional ? texts.text('docs.optional') : <strong>{texts.text('docs.required')}</strong>)}
    </>
  )
  return <Name name={name} badge={badge} />
}

export function RefusalTable({ texts, refusals }: { readonly texts: Texts; readonly refusals: readonly string[] }) {
  const rows = refusals.map((text) => [<Name name={text} />, <Prose text={texts.text(aboutRefusals.get(text)!)} />])
  const headings = [<Prose text={texts.text('docs.refusal')} />, texts.text('docs.meaning')]
  return <Table caption={texts.text('docs.refusals')} headings={headings} rows={rows} />
}
