import { z } from 'zod'
import type { AnyAct } from '../acts/act.ts'
import type { List } from './list.ts'

type Schema = Readonly<Record<string, unknown>>

/** The API of staff as OpenAPI 3.1, drawn from the acts and the lists. */
export function openApi(prefix: string, acts: readonly AnyAct[], lists: readonly List[]): Schema {
  return {
    openapi: '3.1.1',
    info: { title: 'Docket operator API', version: '1' },
    security: [{ token: [] }],
    paths: {
      ...Object.fromEntries(acts.map((act) => [`${prefix}/acts/${act.name.replaceAll(' ', '-')}`, { post: actOperation(act) }])),
      ...Object.fromEntries(lists.map((list) => [`${prefix}/${list.name}`, { get: listOperation(list) }])),
    },
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'docket staff-token add' } },
      schemas: {
        Done: DONE,
        Failure: {
          type: 'object',
          required: ['error'],
          properties: {
            error: {
              type: 'object',
              required: ['code', 'message'],
              properties: { code: { type: 'string' }, message: { type: 'string' } },
            },
          },
        },
      },
    },
  }
}

const DONE: Schema = {
  type: 'object',
  required: ['result', 'says', 'before', 'after', 'line', 'repeated', 'dry_run'],
  properties: {
    result: { type: 'object' },
    says: { type: 'string', description: 'the result as a sentence' },
    before: { type: ['object', 'null'], description: 'the values that changed, as they were' },
    after: { type: ['object', 'null'] },
    line: { type: ['integer', 'null'], description: 'its line in the log; null: a dry run' },
    repeated: { type: 'boolean', description: 'it had been done before, under this idempotency key; secrets are not told again' },
    dry_run: { type: 'boolean' },
  },
  additionalProperties: false,
}

const FAILURES = Object.fromEntries(
  [
    ['400', 'a field is wrong, or the change is refused'],
    ['401', 'no such token'],
    ['403', 'the owner of the token may not do this'],
    ['404', 'there is no such thing'],
    ['409', 'the change does not fit what stands'],
    ['429', 'too many requests'],
    ['503', 'not now'],
  ].map(([status, description]) => [
    status,
    { description, content: { 'application/json': { schema: { $ref: '#/components/schemas/Failure' } } } },
  ]),
)

function actOperation(act: AnyAct): Schema {
  const fields = act.input.extend({
    dry_run: z.boolean().default(false).describe('tell what would be done, and change nothing'),
    ...(act.overwrites && {
      saw: z
        .record(z.string(), z.unknown())
        .nullable()
        .optional()
        .describe('the "before" of a dry run: refused with 409 when it is another by now'),
    }),
  })
  return {
    operationId: camel(act.name),
    summary: act.does,
    description: `Needs the permission ${act.permission}.`,
    parameters: [
      {
        name: 'Idempotency-Key',
        in: 'header',
        schema: { type: 'string', maxLength: 200 },
        description: 'a request with the same key is done once, however often it is sent',
      },
    ],
    requestBody: { required: true, content: { 'application/json': { schema: schemaOf(fields.strict()) } } },
    responses: {
      200: { description: 'done', content: { 'application/json': { schema: { $ref: '#/components/schemas/Done' } } } },
      ...FAILURES,
    },
  }
}

function listOperation(list: List): Schema {
  const { properties = {}, required = [] } = schemaOf(list.filters) as { properties?: Record<string, Schema>; required?: string[] }
  return {
    operationId: camel(`list ${list.name}`),
    summary: list.does,
    description: `Needs the permission ${list.permission}.`,
    parameters: [
      ...Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: required.includes(name), schema })),
      { name: 'cursor', in: 'query', schema: { type: 'string' }, description: 'the next of the page before' },
      { name: 'most', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 500, default: 100 } },
    ],
    responses: {
      200: {
        description: 'a page',
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['rows', 'next'],
              properties: { rows: { type: 'array', items: rowSchema(list.row) }, next: { type: ['string', 'null'] } },
              additionalProperties: false,
            },
          },
        },
      },
      ...FAILURES,
    },
  }
}

function schemaOf(fields: z.ZodObject): Schema {
  const { $schema: _, ...schema } = z.toJSONSchema(fields, { io: 'input', unrepresentable: 'any' })
  return schema
}

/** A row has these columns and no others. */
function rowSchema(row: z.ZodObject): Schema {
  const { $schema: _, ...schema } = z.toJSONSchema(row, {
    io: 'output',
    unrepresentable: 'any',
    // Everything of a row is read, never written.
    override: ({ jsonSchema }) => void delete jsonSchema.readOnly,
  })
  return schema
}

function camel(name: string): string {
  return name.replaceAll(/[ -](\w)/g, (__, letter: string) => letter.toUpperCase())
}
