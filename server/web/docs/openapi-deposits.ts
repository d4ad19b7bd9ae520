import type { AnswerField } from '../../../contract/action.ts'
import { depositAnswer, depositExample, depositMethodAnswer, depositParameters, DEPOSITS } from '../../../contract/deposits.ts'
import type { Texts } from '../../texts/texts.ts'

type Schema = Readonly<Record<string, unknown>>

const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })

/** Deposits have addresses of their own, with the key in a header. */
export function depositPaths(texts: Texts): Schema {
  const security = [{ key: [] }]
  const json = (schema: Schema, more: object = {}) => ({ 'application/json': { schema, ...more } })
  const refusal = (status: string) => [status, { description: texts.text('docs.refusals'), content: json(ref('DepositRefusal')) }]
  const answers = (content: object, statuses: readonly string[]) => ({
    200: { description: texts.text('docs.answer'), content },
    ...Object.fromEntries(statuses.map(refusal)),
  })
  const deposit = json(ref('Deposit'), { example: depositExample.answer })
  const start = {
    ...json(ref('NewDeposit'), { example: depositExample.parameters }),
    'application/x-www-form-urlencoded': { schema: ref('NewDeposit') },
  }
  const path = `/api/v2${DEPOSITS}`
  return {
    [path]: {
      post: {
        operationId: 'startDeposit',
        summary: texts.text('deposit.start'),
        security,
        requestBody: { required: true, content: start },
        responses: answers(deposit, ['400', '401', '403', '409', '429', '503']),
      },
      get: {
        operationId: 'listDeposits',
        summary: texts.text('deposit.list'),
        security,
        responses: answers(json(ref('Deposits')), ['401', '403', '429']),
      },
    },
    [`${path}/{id}`]: {
      get: {
        operationId: 'readDeposit',
        summary: texts.text('deposit.show'),
        security,
        parameters: [{ name: 'id', in: 'path', required: true, description: texts.text('deposit.id'), schema: { type: 'integer' } }],
        responses: answers(deposit, ['401', '403', '404', '429']),
      },
    },
  }
}

const TYPES = { text: 'string', 'whole number': 'integer', 'yes or no': 'boolean', list: 'array', object: 'object' } as const

export function depositSchemas(texts: Texts): Schema {
  const object = (fields: readonly AnswerField[]) => ({
    type: 'object',
    required: fields.map(({ name }) => name),
    properties: Object.fromEntries(
      fields.map(({ name, type, about, optional }) => [
        name,
        { type: optional ? [TYPES[type], 'null'] : TYPES[type], description: texts.text(about) },
      ]),
    ),
  })
  const list = (name: string) => ({ type: 'array', items: ref(name) })
  return {
    NewDeposit: {
      type: 'object',
      required: depositParameters.filter(({ optional }) => !optional).map(({ name }) => name),
      properties: Object.fromEntries(
        depositParameters.map(({ name, about, type }) => [
          name,
          { type: type === 'text' ? 'string' : ['string', 'number'], description: texts.text(about) },
        ]),
      ),
    },
    Deposit: object(depositAnswer),
    DepositMethod: object(depositMethodAnswer),
    Deposits: {
      type: 'object',
      required: ['methods', 'deposits'],
      properties: { methods: list('DepositMethod'), deposits: list('Deposit') },
    },
    DepositRefusal: { type: 'object', required: ['error', 'code'], properties: { error: { type: 'string' }, code: { type: 'string' } } },
  }
}
