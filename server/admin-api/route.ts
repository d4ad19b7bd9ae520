import { parse } from 'node:querystring'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Refusal, refuse } from '../refusal.ts'
import { openStaffCalls, type StaffCalls, type StaffLimits } from '../requests/staff-calls.ts'
import { pullCancels, rejectCancels, requestCancel } from './cancels.ts'
import type { Handler, StaffContext } from './context.ts'
import { sendData } from './envelope.ts'
import { idOf, type UncheckedInput } from './input.ts'
import { cancelOrders, changeStatus, setPartial, updateOrders } from './order-changes.ts'
import { listOrders, pullOrders, readOrder } from './orders.ts'
import { addPayment } from './payments.ts'
import { changeRefillStatus, pullRefills } from './refills.ts'
import { findStaff, type Staff } from '../staff/staff-keys.ts'
import { addPosts } from './subscriptions.ts'
import { addTicketForBots, listTicketsForBots, readTicketForBots, replyForBots } from './tickets.ts'

/**
 * The API for the people and the bots that fulfil orders: the published Admin API of panels, as far as its clients show it (paths, `X-Api-Key`,
 * envelope, field names), so that a bot only needs another address and key.
 */
export const STAFF_API = '/adminapi/v2'

const unknownOrder = () => refuse('unknown_order')
const unknownTicket = () => refuse('unknown_ticket', 0n)

/** Method, path, what answers it, and what is said to a number in the path that is none. */
const routes: readonly (readonly ['GET' | 'POST', string, Handler, (() => Refusal)?])[] = [
  ['GET', '/orders', listOrders],
  ['GET', '/orders/:id', readOrder, unknownOrder],
  ['POST', '/orders/pull', pullOrders],
  ['POST', '/orders/update', updateOrders],
  ['POST', '/orders/change-status', changeStatus],
  ['POST', '/orders/cancel', cancelOrders],
  ['POST', '/orders/request-cancel', requestCancel],
  ['POST', '/orders/:id/set-partial', setPartial, unknownOrder],
  ['POST', '/cancel/pull', pullCancels],
  ['POST', '/cancel/reject', rejectCancels],
  ['POST', '/refill/pull', pullRefills],
  ['POST', '/refill/change-status', changeRefillStatus],
  ['POST', '/subscriptions/:id/posts', addPosts, unknownOrder],
  ['POST', '/payments/add', addPayment],
  ['GET', '/tickets', listTicketsForBots],
  ['GET', '/tickets/:id', readTicketForBots, unknownTicket],
  ['POST', '/tickets/add', addTicketForBots],
  ['POST', '/tickets/:id/reply', replyForBots, unknownTicket],
]

export interface StaffApi {
  readonly context: StaffContext
  readonly limits: StaffLimits | null
}

/** Adds the routes; the dependencies exist once the node is ready. */
export function routeStaffApi(app: FastifyInstance, api: () => StaffApi, bodyLimit: number) {
  const calls = openStaffCalls()
  void app.register(
    async (staffApi) => {
      acceptBodies(staffApi, bodyLimit)
      for (const [method, url, handle, unknown] of routes) {
        staffApi.route({ method, url, handler: (request, reply) => answer(request, reply, api(), calls, handle, unknown) })
      }
    },
    { prefix: STAFF_API },
  )
}

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  api: StaffApi,
  calls: StaffCalls,
  handle: Handler,
  unknown: () => Refusal = unknownOrder,
) {
  const staff = await staffOf(request, api, calls)
  const { id: text } = request.params as { id?: string }
  const id = text === undefined ? undefined : idOf(text)
  if (text !== undefined && id === undefined) throw unknown()
  return sendData(reply, await handle(api.context, { staff, input: inputOf(request), id, headers: request.headers }))
}

function staffOf(request: FastifyRequest, { context, limits }: StaffApi, calls: StaffCalls): Promise<Staff> {
  const header = request.headers['x-api-key']
  const key = typeof header === 'string' ? header.trim() : ''
  return calls.callerOf({
    limits,
    address: request.ip,
    key,
    find: () => findStaff(context.db, key),
    countedAs: (staff) => `staff key ${staff.keyId}`,
    unknown: () => refuse('invalid_staff_key'),
  })
}

/** Accepts JSON objects, and forms for clients that can send nothing else. */
function acceptBodies(app: FastifyInstance, bodyLimit: number) {
  app.removeAllContentTypeParsers()
  const asText = { parseAs: 'string', bodyLimit } as const
  app.addContentTypeParser('application/json', asText, async (_: FastifyRequest, body: string) => objectIn(body))
  app.addContentTypeParser('application/x-www-form-urlencoded', asText, async (_: FastifyRequest, body: string) => fieldsIn(body))
}

function objectIn(body: string): UncheckedInput {
  if (body.trim() === '') return {}
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    throw refuse('no_json_object')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse('no_json_object')
  return value as UncheckedInput
}

/** A field is a text. A repeated field is a list, also with the [] behind its name that some languages add. */
function fieldsIn(text: string): UncheckedInput {
  return Object.fromEntries(Object.entries(parse(text)).map(([name, value]) => [name.replace(/\[\]$/, ''), value]))
}

/** The body wins over the query string when a field is in both. */
function inputOf(request: FastifyRequest): UncheckedInput {
  const at = request.url.indexOf('?')
  const query = at === -1 ? {} : fieldsIn(request.url.slice(at + 1))
  return { ...query, ...(request.body as UncheckedInput | undefined) }
}
