import { type Action, type AnswerField, type Form, MOST_IDS } from '../../../contract/action.ts'
import { actions } from '../../../contract/actions.ts'
import { spelledOut } from '../../../contract/message.ts'
import { type Field, MOST_CHARACTERS, type ServiceType, serviceTypes } from '../../../contract/service-types.ts'
import type { Texts } from '../../texts/texts.ts'

type Schema = Readonly<Record<string, unknown>>

interface OpenApiOptions {
  readonly texts: Texts
  readonly title: string
  readonly origin: string
}

/** The contract as OpenAPI 3.1. All actions share one address, so each is a shape of the one request and of the one answer. */
export function openApi({ texts, title, origin }: OpenApiOptions): Schema {
  const forms = actions.flatMap((action) => action.forms.map((form) => ({ action, form })))
  const requests = forms.map(({ form }) => ref(`${named(form.id)}Request`))
  const answers = forms.map(({ form }) => ref(`${named(form.id)}Answer`))
  const body = { schema: { anyOf: requests }, examples: examples(texts, 'request') }
  return {
    openapi: '3.1.1',
    info: { title: `${title} API`, version: '2', description: texts.text('docs.lead') },
    servers: [{ url: origin }],
    paths: {
      '/api/v2': {
        post: {
          operationId: 'call',
          summary: texts.text('docs.calls.title'),
          description: [texts.text('docs.calls.text'), texts.text('docs.calls.numbers'), texts.text('docs.calls.refusals')].join('\n\n'),
          requestBody: {
            required: true,
            content: { 'application/x-www-form-urlencoded': body, 'application/json': body, 'multipart/form-data': body },
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
    },
    components: {
      schemas: {
        Refusal: { type: 'object', required: ['error'], properties: { error: { type: 'string' } } },
        ...Object.fromEntries(forms.map(({ action, form }) => [`${named(form.id)}Request`, requestSchema(texts, action, form)])),
        ...Object.fromEntries(forms.map(({ form }) => [`${named(form.id)}Answer`, answerSchema(texts, form)])),
      },
    },
  }
}

function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` }
}

/** `refill-status-many` → `RefillStatusMany`. */
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
  const own = parameters.map((parameter) => [parameter.name, { type: 'string', description: texts.text(parameter.about) }] as const)
  const common = {
    title: texts.text(title),
    description: texts.text(about),
    type: 'object',
    required: ['key', 'action', ...parameters.filter((parameter) => !parameter.optional).map((parameter) => parameter.name)],
    properties: {
      key: { type: 'string', description: texts.text('parameter.key') },
      action: { const: name, description: texts.text('parameter.action') },
      ...Object.fromEntries(own),
    },
  }
  const ofAnOrder = parameters.some((parameter) => parameter.name === 'service')
  if (!ofAnOrder) return { ...common, description: withMostIds(texts, common.description, parameters) }
  return { ...common, anyOf: serviceTypes.map((type) => typeSchema(texts, type)) }
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

/** Everything may arrive as text, as a form sends it; numbers also as numbers, as JSON has them. */
function fieldSchema(texts: Texts, { kind, about, oneOf }: Field): Schema {
  const description = texts.text(about)
  if (oneOf) return { description, enum: [...oneOf, ...oneOf.map(String)] }
  return kind === 'quantity' || kind === 'whole'
    ? { description, type: ['integer', 'string'], pattern: '^\\d+$' }
    : { description, type: 'string', ...(kind === 'lines' && { maxLength: MOST_CHARACTERS }) }
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
