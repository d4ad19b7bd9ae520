import type { AnswerField } from '../contract/action.ts'
import { services } from '../contract/actions/services.ts'
import { status } from '../contract/actions/status.ts'
import { type RefusalKind, type RefusalRow, refusals } from '../contract/refusals.ts'
import { type Field, type ServiceType, serviceTypes } from '../contract/service-types.ts'
import { finalStatuses, openStatuses, refillStatuses } from '../contract/statuses.ts'

type Texts = Readonly<Record<string, string>>

/** The sources of the SDK that are drawn from the contract, by their names in src/: the published package needs nothing of this repository. */
export function generated(texts: Texts): Readonly<Record<string, string>> {
  return { 'contract.ts': `${HEAD}\n${contract(texts)}`, 'fields.ts': `${HEAD}\n${fieldsByType()}\n${fieldsInWords(texts)}` }
}

const HEAD = '// Drawn from contract/ by `npm run generate -w sdk`: change it there.\n// prettier-ignore'

function contract(texts: Texts): string {
  const names = serviceTypes.map(({ name }) => name)
  return [
    "import type { Whole } from './values.ts'",
    '',
    '/** What can be ordered. */',
    `export const serviceTypeNames = ${literal(names)} as const`,
    'export type ServiceTypeName = (typeof serviceTypeNames)[number]',
    '',
    `export const finalStatuses = ${literal(finalStatuses)} as const`,
    `export type OrderStatus = ${union([...openStatuses, 'Active', 'Paused'])} | (typeof finalStatuses)[number]`,
    `export type RefillStatus = ${union(refillStatuses)}`,
    '',
    '/** The fields of an order, by the type of its service. */',
    'export interface OrderFields {',
    ...serviceTypes.map((type) => `  ${JSON.stringify(type.name)}: ${fieldsOf(type, texts)}`),
    '}',
    '',
    '/** What `extended` adds to the state of an order, where a panel offers it. */',
    moreOf('OrderMore', status.forms[0]!.answer, texts),
    '',
    '/** What `extended` adds to a service, where a panel offers it. */',
    moreOf('ServiceMore', services.forms[0]!.answer, texts),
    '',
    '/** The texts with which the published protocol refuses, by what they are about: one order, this request, or every request of this caller. */',
    `export const refusalTexts = {\n${(['order', 'request', 'caller'] as const).map(textsOf).join('\n')}\n} as const`,
    '',
    '/** Refusals of the moment: the same request may be sent again later. */',
    `export const laterCodes = ${literal(codesOf('now').map(([code]) => code))} as const`,
    '',
  ].join('\n')
}

function literal(words: readonly string[]): string {
  return `[${words.map((word) => `'${word}'`).join(', ')}]`
}

function union(words: readonly (string | number)[]): string {
  return words.map((word) => (typeof word === 'string' ? `'${word}'` : word)).join(' | ')
}

function fieldsOf({ fields }: ServiceType, texts: Texts): string {
  const conditions = new Set(fields.flatMap(({ when }) => when?.field ?? []))
  const always = fields.filter(({ name, when }) => !when && !conditions.has(name))
  const plain = `{\n${always.map((field) => member(field, texts)).join('')}  }`
  return [plain, ...fields.filter(({ name }) => conditions.has(name)).map((field) => `(${choices(field, fields, texts)})`)].join(' & ')
}

/** One alternative per value of a field on which others depend, each with the fields that it needs. */
function choices(field: Field, fields: readonly Field[], texts: Texts): string {
  const values = Array.from({ length: field.most! - field.least! + 1 }, (_, at) => field.least! + at)
  return values
    .map((value) => {
      const needed = fields.filter(({ when }) => when?.field === field.name && when.is === String(value))
      return `{\n    /** ${texts[field.about]} */\n    ${field.name}: ${value} | '${value}'\n${needed.map((each) => member(each, texts)).join('')}  }`
    })
    .join(' | ')
}

function member(field: Field, texts: Texts): string {
  return `    /** ${texts[field.about]} */\n    ${field.name}${field.optional ? '?' : ''}: ${typeOf(field)}${field.optional ? ' | undefined' : ''}\n`
}

function typeOf({ kind, oneOf }: Field): string {
  if (oneOf) return union(oneOf)
  switch (kind) {
    case 'quantity':
    case 'whole':
      return 'Whole'
    case 'lines':
      return 'string | readonly string[]'
    case 'text':
    case 'link':
    case 'url':
    case 'date':
      return 'string'
    default:
      return kind satisfies never
  }
}

const moreTypes: Readonly<Record<AnswerField['type'], string>> = {
  text: 'string | null',
  'whole number': 'number | null',
  'yes or no': 'boolean | null',
  list: 'unknown',
  object: 'Readonly<Record<string, number | null>> | null',
}

function moreOf(name: string, answer: readonly AnswerField[], texts: Texts): string {
  const fields = answer.filter(({ extended }) => extended)
  const members = fields.map(
    (field) => `  /** ${texts[field.about]} */\n  readonly ${field.name}${field.optional ? '?' : ''}: ${moreTypes[field.type]}`,
  )
  const whole = fields.filter(({ type }) => type === 'whole number' || type === 'object').map((field) => field.name)
  const constant = name.replace(/^./, (letter) => letter.toLowerCase())
  return `export interface ${name} {\n${members.join('\n')}\n}\nexport const ${constant} = ${literal(fields.map((field) => field.name))} as const\nexport const ${constant}InNumbers: readonly string[] = ${literal(whole)}`
}

function codesOf(kind: RefusalKind): [code: string, text: string][] {
  return Object.entries<RefusalRow>(refusals).flatMap(([code, { text, kind: own }]): [string, string][] =>
    own === kind ? [[code, typeof text === 'string' ? text : (text as (value: string) => string)('N')]] : [],
  )
}

/** The first code with a text is its code for callers. N stands for a number. */
function textsOf(kind: RefusalKind): string {
  const earlier = new Set(
    (kind === 'order' ? [codesOf('request'), codesOf('caller')] : kind === 'request' ? [codesOf('caller')] : [])
      .flat()
      .map(([, text]) => text),
  )
  const seen = new Map<string, string>()
  for (const [code, text] of codesOf(kind)) if (!seen.has(text) && !earlier.has(text)) seen.set(text, code)
  return `  ${kind}: {\n${[...seen].map(([text, code]) => `    ${code}: ${JSON.stringify(text)},`).join('\n')}\n  },`
}

function fieldsByType(): string {
  const rows = serviceTypes.map(({ name, fields, counted, runs }) => {
    const needed = fields.filter(({ optional, when }) => !optional && !when).map((field) => field.name)
    const conditional = fields.flatMap(({ name: field, when }) => (when ? [[field, when.field, when.is]] : []))
    return `  ${JSON.stringify(name)}: ${JSON.stringify({ needed, conditional, counted: counted.by === 'lines' ? counted.of : counted.by, runs: runs === true })},`
  })
  const row =
    'readonly needed: readonly string[]; readonly conditional: readonly (readonly string[])[]; readonly counted: string; readonly runs: boolean'
  return `/** What each type of service needs, and what is counted for its charge. */\nexport const fieldsByType: Readonly<Record<string, { ${row} }>> = {\n${rows.join('\n')}\n}\n`
}

function fieldsInWords(texts: Texts): string {
  const fields = serviceTypes.flatMap((type) => type.fields)
  const rows = [...new Set(fields.map(({ name }) => name))].map((name) => {
    const all = fields.filter((field) => field.name === name)
    const about = [...new Set(all.map((field) => texts[field.about]!.replaceAll('`', '')))].join('; ')
    return `  ${name}: ${JSON.stringify({ about, inLines: all[0]!.kind === 'lines' })},`
  })
  const row = 'readonly about: string; readonly inLines: boolean'
  return `/** Every field of an order, for people; \`inLines\`: one entry per line. */\nexport const fieldsInWords: Readonly<Record<string, { ${row} }>> = {\n${rows.join('\n')}\n}\n`
}
