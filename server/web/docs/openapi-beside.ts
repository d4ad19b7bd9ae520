import type { AnswerField, Parameter } from '../../../contract/action.ts'
import type { Texts } from '../../texts/texts.ts'

export type Schema = Readonly<Record<string, unknown>>

export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })
export const json = (schema: Schema, more: object = {}) => ({ 'application/json': { schema, ...more } })

/** The answers of a way beside v2: its own, and refusals with the HTTP status that fits. */
export function answersOf(texts: Texts, content: object, refusal: string, statuses: readonly string[]) {
  const refused = { description: texts.text('docs.refusals'), content: json(ref(refusal)) }
  return { 200: { description: texts.text('docs.answer'), content }, ...Object.fromEntries(statuses.map((status) => [status, refused])) }
}

/** The body of a call: JSON, or a form. */
export function bodyOf(schema: string, example: unknown) {
  return { required: true, content: { ...json(ref(schema), { example }), 'application/x-www-form-urlencoded': { schema: ref(schema) } } }
}

const TYPES = { text: 'string', 'whole number': 'integer', 'yes or no': 'boolean', list: 'array', object: 'object' } as const

/** An object of an answer. A field that is optional is null at times. */
export function answerObject(texts: Texts, fields: readonly AnswerField[]): Schema {
  return {
    type: 'object',
    required: fields.map(({ name }) => name),
    properties: Object.fromEntries(
      fields.map(({ name, type, about, optional }) => [
        name,
        { type: optional ? [TYPES[type], 'null'] : TYPES[type], description: texts.text(about) },
      ]),
    ),
  }
}

/** What a call sends. Numbers are taken as numbers and as texts. */
export function parameterObject(texts: Texts, parameters: readonly Parameter[]): Schema {
  return {
    type: 'object',
    required: parameters.filter(({ optional }) => !optional).map(({ name }) => name),
    properties: Object.fromEntries(
      parameters.map(({ name, about, type }) => [
        name,
        { type: type === 'text' ? 'string' : ['string', 'number'], description: texts.text(about) },
      ]),
    ),
  }
}

export const refusalObject: Schema = {
  type: 'object',
  required: ['error', 'code'],
  properties: { error: { type: 'string' }, code: { type: 'string' } },
}
