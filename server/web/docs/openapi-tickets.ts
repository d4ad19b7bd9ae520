import {
  listedTicketAnswer,
  ticketAnswer,
  ticketExample,
  ticketListAnswer,
  ticketParameters,
  ticketReplyParameters,
  TICKETS,
} from '../../../contract/tickets.ts'
import { ticketStates } from '../../support/kinds.ts'
import type { Texts } from '../../texts/texts.ts'
import { answerObject, answersOf, bodyOf, json, parameterObject, ref, refusalObject, type Schema } from './openapi-beside.ts'

/** Tickets have addresses of their own, with the key in a header. */
export function ticketPaths(texts: Texts): Schema {
  const security = [{ key: [] }]
  const answers = (content: object, statuses: readonly string[]) => answersOf(texts, content, 'TicketRefusal', statuses)
  const ticket = json(ref('Ticket'), { example: ticketExample.answer })
  const id = { name: 'id', in: 'path', required: true, description: texts.text('ticket.id'), schema: { type: 'integer' } }
  const query = (name: string, description: string, schema: Schema) => ({ name, in: 'query', required: false, description, schema })
  const before = query('before', texts.text('ticket.before'), { type: 'integer' })
  const state = query('state', texts.text('ticket.state'), { type: 'string', enum: ticketStates })
  const path = `/api/v2${TICKETS}`
  return {
    [path]: {
      post: {
        operationId: 'openTicket',
        summary: texts.text('tickets.open'),
        security,
        requestBody: bodyOf('NewTicket', ticketExample.parameters),
        responses: answers(ticket, ['400', '401', '403', '422', '429', '503']),
      },
      get: {
        operationId: 'listTickets',
        summary: texts.text('ticket.list'),
        security,
        parameters: [state, before],
        responses: answers(json(ref('Tickets')), ['400', '401', '403', '429']),
      },
    },
    [`${path}/{id}`]: {
      get: {
        operationId: 'readTicket',
        summary: texts.text('ticket.show'),
        security,
        parameters: [id, before],
        responses: answers(ticket, ['400', '401', '403', '404', '429']),
      },
    },
    [`${path}/{id}/reply`]: {
      post: {
        operationId: 'replyToTicket',
        summary: texts.text('tickets.reply'),
        security,
        parameters: [id],
        requestBody: bodyOf('TicketReply', { text: ticketExample.parameters.text }),
        responses: answers(ticket, ['400', '401', '403', '404', '422', '429', '503']),
      },
    },
    [`${path}/{id}/close`]: {
      post: {
        operationId: 'closeTicket',
        summary: texts.text('tickets.close'),
        security,
        parameters: [id],
        responses: answers(ticket, ['401', '403', '404', '429', '503']),
      },
    },
  }
}

export function ticketSchemas(texts: Texts): Schema {
  const withItems = (schema: Schema, items: Readonly<Record<string, Schema>>): Schema => {
    const properties = schema['properties'] as Readonly<Record<string, Schema>>
    const described = Object.entries(items).map(([name, item]) => [name, { ...properties[name], items: item }])
    return { ...schema, properties: { ...properties, ...Object.fromEntries(described) } }
  }
  return {
    NewTicket: parameterObject(texts, ticketParameters),
    TicketReply: parameterObject(texts, ticketReplyParameters),
    Ticket: withItems(answerObject(texts, ticketAnswer), { orders: { type: 'integer' }, messages: MESSAGE }),
    ListedTicket: answerObject(texts, listedTicketAnswer),
    Tickets: withItems(answerObject(texts, ticketListAnswer), { tickets: ref('ListedTicket') }),
    TicketRefusal: refusalObject,
  }
}

const MESSAGE: Schema = {
  type: 'object',
  required: ['message', 'from', 'text', 'at', 'pictures'],
  properties: {
    message: { type: 'integer' },
    from: { type: 'string', enum: ['customer', 'staff'] },
    text: { type: 'string' },
    at: { type: 'string' },
    pictures: { type: 'integer' },
  },
}
