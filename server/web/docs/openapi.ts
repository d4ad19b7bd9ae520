import { type Action, type AnswerField, type Form, MOST_IDS, type Parameter, type ParameterType } from '../../../contract/action.ts'
import { actions } from '../../../contract/actions.ts'
import { type MessageKey, spelledOut } from '../../../contract/message.ts'
import { type Field, MOST_CHARACTERS, MOST_LINES, type ServiceType, serviceTypes } from '../../../contract/service-types.ts'
import { LONGEST_LINK } from '../../ordering/link.ts'
import type { Texts } from '../../texts/texts.ts'
import { depositPaths, depositSchemas } from './openapi-deposits.ts'
import { ticketPaths, ticketSchemas } from './openapi-tickets.ts'

type Schema = Readonly<Record<string, unknown>>

interface OpenApiOptions {
  readonly texts: Texts
  readonly title: string
  readonly origin: string
}

/** The contract as OpenAPI 3.1. All actions share one address, so each action is one variant of a single request and of a single answer. */
export function openApi({ texts, title, origin }: OpenApiOptions): Schema {
  const forms = actions.flatMap((action) => action.forms.map((form) => ({ action, form })))
  const requests = forms.map(({ form }) => ref(`${named(form.id)}Request`))
  const answers = forms.map(({ form }) => ref(`${named(form.id)}Answer`))
  const body = { schema: { anyOf: requests }, examples: examples(texts, 'request') }
  // A list may be sent as one text with commas, or as one field per item.
  const form = { ...body, encoding: Object.fromEntries(LISTS.map((name) => [name, { style: 'form', explode: true }])) }
  return {
    openapi: '3.1.1',
    info: { title: `${title} API`, version: '2', description: texts.text('docs.lead') },
    servers: [{ url: origin }],
    paths: {
      '/api/v2': {
        post: {
          operationId: 'call',
          summary: texts.text('docs.calls.title'),
          description: aboutCalls.map((key) => texts.text(key, { most: MOST_IDS })).join('\n\n'),
          requestBody: {
            required: true,
            content: { 'application/x-www-form-urlencoded': form, 'application/json': body, 'multipart/form-data': form },
          },
          responses: {
            200: {
              description: texts.text('docs.answer'),
              content: { 'application/json': { schema: { anyOf: [...answers, ref('Refusal')] }, examples: examples(texts, 'answer') } },
            },
            ...Object.fromEntries((['413', '415', '429', '503'] as const).map((code) => [code, failure(texts, code)])),
          },
        },
      },
      ...depositPaths(texts),
      ...ticketPaths(texts),
    },
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
      schemas: {
        ...depositSchemas(texts),
        ...ticketSchemas(texts),
        Refusal: { type: 'object', required: ['error'], properties: { error: { type: 'string' } } },
        ...Object.fromEntries(forms.map(({ action, form }) => [`${named(form.id)}Request`, requestSchema(texts, action, form)])),
        ...Object.fromEntries(forms.map(({ form }) => [`${named(form.id)}Answer`, answerSchema(texts, form)])),
      },
    },
  }
}

const LISTS = ['orders', 'refills', 'comments', 'usernames', 'hashtags', 'keywords', 'groups']
const aboutCalls: readonly MessageKey[] = [
  'docs.calls.text',
  'docs.calls.encodings',
  'docs.calls.json',
  'docs.calls.absent',
  'docs.calls.lists',
  'docs.calls.repeated',
  'docs.calls.aliases',
  'docs.calls.numbers',
  'docs.calls.refusals',
]

function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` }
}

/** For example, `refill-status-many` becomes `RefillStatusMany`. */
function named(id: string): string {
  return id.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())
}

function examples(texts: Texts, side: 'request' | 'answer') {
  const all = actions.flatMap(({ name, forms }) =>
    forms.flatMap(({ id, examples }) =>
      examples.map((example) => {
        const value =
          side === 'request'
            ? { key: 'dk_test_example', action: name, ...example.parameters }
            : spelledOut(example.answer, (key) => texts.text(key))
        return [[id, example.title].filter(Boolean).join(' '), { value }] as const
      }),
    ),
  )
  return Object.fromEntries(all)
}

function failure(texts: Texts, code: '413' | '415' | '429' | '503') {
  return { description: texts.text(`docs.http.${code}`), content: { 'application/json': { schema: ref('Refusal') } } }
}

function requestSchema(texts: Texts, { name }: Action, { title, about, parameters }: Form): Schema {
  const required = (all: readonly Parameter[]) => all.filter(({ optional }) => !optional).map((parameter) => parameter.name)
  const common = {
    title: texts.text(title),
    description: texts.text(about),
    type: 'object',
    properties: {
      key: { type: 'string', description: texts.text('parameter.key') },
      action: { const: name, description: texts.text('parameter.action') },
      ...Object.fromEntries(parameters.map((parameter) => [parameter.name, parameterSchema(texts, parameter)])),
    },
  }
  const ofAnOrder = parameters.some((parameter) => parameter.name === 'service')
  if (ofAnOrder)
    return { ...common, required: ['key', 'action', ...required(parameters)], anyOf: serviceTypes.map((type) => typeSchema(texts, type)) }
  // A client that lost the answer to an `add` knows its retry key but not the order's number.
  const byKey = name === 'status' && parameters.some((parameter) => parameter.name === 'idempotency_key')
  if (byKey) return { ...common, required: ['key', 'action'], anyOf: [{ required: ['order'] }, { required: ['idempotency_key'] }] }
  return {
    ...common,
    required: ['key', 'action', ...required(parameters)],
    description: withMostIds(texts, common.description, parameters),
  }
}

const NUMBER = { type: ['integer', 'string'], pattern: '^\\d+$' } as const

/** Every value may be sent as text, as forms do. In JSON, numbers may also be numbers and lists may also be lists. */
const parameterTypes: Readonly<Record<ParameterType, Schema>> = {
  text: { type: 'string' },
  'whole number': NUMBER,
  amount: { type: ['number', 'string'], pattern: '^\\d+(\\.\\d+)?$' },
  ids: { type: ['string', 'integer', 'array'], items: { type: ['integer', 'string'] } },
  'yes or no': { enum: ['0', '1', 0, 1] },
}

function parameterSchema(texts: Texts, { type, about }: Parameter): Schema {
  return { description: texts.text(about), ...parameterTypes[type] }
}

function withMostIds(texts: Texts, description: string, parameters: Form['parameters']): string {
  const lists = parameters.some(({ name }) => name === 'orders' || name === 'refills')
  return lists ? `${description} ${texts.text('docs.calls.lists', { most: MOST_IDS })}` : description
}

function typeSchema(texts: Texts, { name, fields }: ServiceType): Schema {
  return {
    title: name,
    required: fields.filter((field) => !field.optional && !field.when).map((field) => field.name),
    properties: Object.fromEntries(fields.map((field) => [field.name, fieldSchema(texts, field)])),
  }
}

const fieldKinds: Readonly<Record<Field['kind'], Schema>> = {
  text: { type: 'string' },
  // A link has no white space; if it names a scheme, that is http or https. The server checks the rest.
  link: { type: 'string', pattern: '^(?:[Hh][Tt][Tt][Pp][Ss]?://\\S+|(?!\\S*://)\\S+)$', maxLength: LONGEST_LINK },
  url: { type: 'string', pattern: '^[Hh][Tt][Tt][Pp][Ss]?://\\S+$', maxLength: LONGEST_LINK },
  lines: { type: ['string', 'array'], items: { type: 'string' }, maxLength: MOST_CHARACTERS, maxItems: MOST_LINES },
  quantity: { ...NUMBER, minimum: 1 },
  whole: NUMBER,
  date: { type: 'string', pattern: '^\\d{1,2}/\\d{1,2}/\\d{4}$' },
}

function fieldSchema(texts: Texts, { kind, about, oneOf, least, most }: Field): Schema {
  const description = texts.text(about)
  if (oneOf) return { description, enum: [...oneOf, ...oneOf.map(String)] }
  return { description, ...fieldKinds[kind], ...(least !== undefined && { minimum: least }), ...(most !== undefined && { maximum: most }) }
}

function answerSchema(texts: Texts, { title, shape, answer }: Form): Schema {
  const entry = {
    type: 'object',
    required: answer.filter((field) => !field.optional && !field.extended).map((field) => field.name),
    properties: Object.fromEntries(answer.map((field) => [field.name, answerFieldSchema(texts, field)])),
  }
  const named = { title: texts.text(title) }
  switch (shape) {
    case 'object':
      return { ...named, ...entry }
    case 'list':
      return { ...named, type: 'array', items: entry }
    case 'by id':
      return { ...named, type: 'object', additionalProperties: { anyOf: [entry, ref('Refusal')] } }
    default:
      return shape satisfies never
  }
}

const jsonTypes = { text: 'string', 'whole number': 'integer', 'yes or no': 'boolean', list: 'array', object: 'object' } as const

function answerFieldSchema(texts: Texts, { type, about, extended, orError }: AnswerField): Schema {
  const description = texts.text(about)
  const own = jsonTypes[type]
  if (orError) return { description, anyOf: [{ type: own }, ref('Refusal')] }
  return { description, type: extended ? [own, 'null'] : own }
}
