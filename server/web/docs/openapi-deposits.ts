import { depositAnswer, depositExample, depositMethodAnswer, depositParameters, DEPOSITS } from '../../../contract/deposits.ts'
import type { Texts } from '../../texts/texts.ts'
import { answerObject, answersOf, bodyOf, json, parameterObject, ref, refusalObject, type Schema } from './openapi-beside.ts'

/** Deposits have addresses of their own, with the key in a header. */
export function depositPaths(texts: Texts): Schema {
  const security = [{ key: [] }]
  const answers = (content: object, statuses: readonly string[]) => answersOf(texts, content, 'DepositRefusal', statuses)
  const deposit = json(ref('Deposit'), { example: depositExample.answer })
  const path = `/api/v2${DEPOSITS}`
  return {
    [path]: {
      post: {
        operationId: 'startDeposit',
        summary: texts.text('deposit.start'),
        security,
        requestBody: bodyOf('NewDeposit', depositExample.parameters),
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

export function depositSchemas(texts: Texts): Schema {
  const list = (name: string) => ({ type: 'array', items: ref(name) })
  return {
    NewDeposit: parameterObject(texts, depositParameters),
    Deposit: answerObject(texts, depositAnswer),
    DepositMethod: answerObject(texts, depositMethodAnswer),
    Deposits: {
      type: 'object',
      required: ['methods', 'deposits'],
      properties: { methods: list('DepositMethod'), deposits: list('Deposit') },
    },
    DepositRefusal: refusalObject,
  }
}
