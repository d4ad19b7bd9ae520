import type { Example } from '../../../contract/action.ts'
import { add, maxCharge, retryKey } from '../../../contract/actions/add.ts'
import { type Field, MOST_CHARACTERS, MOST_LINES, type ServiceType, serviceTypes } from '../../../contract/service-types.ts'
import type { Texts } from '../../texts/texts.ts'
import { Prose } from '../ui/prose.tsx'
import { Table } from '../ui/table.tsx'
import { type DocsContext, optionalFields, TypedName } from './operation.tsx'
import { ExamplePanel } from './panel.tsx'

/** The parameters of `add`: one row per service type, which opens without script. The most common type is open. */
export function Types({ context }: { readonly context: DocsContext }) {
  const { texts } = context
  return (
    <div class="types">
      <h4 id="types">{texts.text('docs.types.title')}</h4>
      <p>
        <Prose text={texts.text('docs.types.text')} />
      </p>
      {serviceTypes.map((type) => (
        <details key={type.name} class="type" id={typeAnchor(type.name)} open={type.name === 'Default'}>
          <summary>
            <strong>
              <bdi dir="ltr">{type.name}</bdi>
            </strong>
            <span>
              <bdi dir="ltr">{type.fields.map((field) => (field.optional ? `${field.name}?` : field.name)).join(', ')}</bdi>
            </span>
          </summary>
          <div class="part">
            <div class="words">
              <p>
                {texts.text('docs.types.charged')}: <Prose text={charged(texts, type)} />
              </p>
              <TypeFields texts={texts} type={type} />
              {type.name === 'Subscriptions' && (
                <p>
                  <Prose text={texts.text('docs.types.subscriptions')} />
                </p>
              )}
            </div>
            <div class="code">
              <ExamplePanel
                {...context}
                action="add"
                example={exampleOf(type)}
                optional={[...optionalFields(type), retryKey.name, maxCharge.name]}
              />
            </div>
          </div>
        </details>
      ))}
    </div>
  )
}

export function typeAnchor(name: string): string {
  return `add-${name.toLowerCase().replaceAll(' ', '-')}`
}

function exampleOf(type: ServiceType): Example {
  return add.forms[0]!.examples.find((example) => example.title === type.name)!
}

function charged(texts: Texts, { counted, runs }: ServiceType): string {
  switch (counted.by) {
    case 'quantity':
      return texts.text(runs ? 'docs.charged.runs' : 'docs.charged.quantity')
    case 'lines':
      return texts.text('docs.charged.lines', { field: counted.of })
    case 'package':
      return texts.text('docs.charged.package')
    case 'child orders':
      return texts.text('docs.charged.children')
    default:
      return counted satisfies never
  }
}

function TypeFields({ texts, type }: { texts: Texts; type: ServiceType }) {
  const rows = type.fields.map((field) => [
    <TypedName texts={texts} name={field.name} type={field.kind} optional={field.optional === true} depends={field.when !== undefined} />,
    <Prose text={[texts.text(field.about), ...bounds(texts, field)].join(' · ')} />,
  ])
  const headings = [texts.text('docs.parameter'), texts.text('docs.meaning')]
  return <Table caption={`${texts.text('docs.parameters')}: ${type.name}`} headings={headings} rows={rows} />
}

/** The values that a field accepts, if its description does not already say so. */
function bounds(texts: Texts, field: Field): string[] {
  const parts: string[] = []
  if (field.oneOf) parts.push(texts.text('docs.oneOf', { values: texts.either(field.oneOf.map((value) => texts.number(value))) }))
  if (field.least !== undefined && field.most !== undefined && field.most > 9)
    parts.push(texts.text('docs.range', { least: texts.number(field.least), most: texts.number(field.most) }))
  if (field.kind === 'lines')
    parts.push(texts.text('docs.mostLines', { lines: texts.number(MOST_LINES), characters: texts.number(MOST_CHARACTERS) }))
  if (field.when) parts.push(texts.text('docs.when', { field: field.when.field, value: field.when.is }))
  return parts
}
