import { parse } from 'node:querystring'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { refuse } from '../refusal.ts'
import { pullCancels, rejectCancels, requestCancel } from './cancels.ts'
import type { Handler, StaffContext } from './context.ts'
import { sendData } from './envelope.ts'
import { idOf, type UncheckedInput } from './input.ts'
import { cancelOrders, changeStatus, setPartial, updateOrders } from './order-changes.ts'
import { listOrders, pullOrders, readOrder } from './orders.ts'
import { changeRefillStatus, pullRefills } from './refills.ts'
import { findStaff, type Staff } from '../staff/staff-keys.ts'
import { addPosts } from './subscriptions.ts'

/**
 * The API for the people and the bots that fulfil orders: the published Admin API of panels, as far as its clients show it (paths, `X-Api-Key`,
 * envelope, field names), so that a bot only needs another address and key.
 */
export const STAFF_API = '/adminapi/v2'

const routes: readonly (readonly ['GET' | 'POST', string, Handler])[] = [
  ['GET', '/orders', listOrders],
  ['GET', '/orders/:id', readOrder],
  ['POST', '/orders/pull', pullOrders],
  ['POST', '/orders/update', updateOrders],
  ['POST', '/orders/change-status', changeStatus],
  ['POST', '/orders/cancel', cancelOrders],
  ['POST', '/orders/request-cancel', requestCancel],
  ['POST', '/orders/:id/set-partial', setPartial],
  ['POST', '/cancel/pull', pullCancels],
  ['POST', '/cancel/reject', rejectCancels],
  ['POST', '/refill/pull', pullRefills],
  ['POST', '/refill/change-status', changeRefillStatus],
  ['POST', '/subscriptions/:id/posts', addPosts],
]

/** The limits are those of the customers' API: the same numbers, counted by the same counters. */
export interface StaffLimits {
  readonly rates: {
    use(limited: readonly { readonly subject: string; readonly limit: number }[]): Promise<void> | undefined
    check(subject: string): void
  }
  readonly subjectOf: (address: string) => string
  readonly perKey: number
  readonly perAddress: number
  readonly unknownKeysPerAddress: number
}

export interface StaffApi {
  readonly context: StaffContext
  readonly limits: StaffLimits | null
}

/** Adds the routes; the dependencies exist once the node is ready. */
export function routeStaffApi(app: FastifyInstance, api: () => StaffApi, bodyLimit: number) {
  // Keys that were right once: a bot is not locked out when another client at its address guesses keys.
  const rightOnce = new Set<string>()
  void app.register(
    async (staffApi) => {
      acceptBodies(staffApi, bodyLimit)
      for (const [method, url, handle] of routes) {
        staffApi.route({ method, url, handler: (request, reply) => answer(request, reply, api(), rightOnce, handle) })
      }
    },
    { prefix: STAFF_API },
  )
}

async function answer(request: FastifyRequest, reply: FastifyReply, api: StaffApi, rightOnce: Set<string>, handle: Handler) {
  const staff = await staffOf(request, api, rightOnce)
  const { id: text } = request.params as { id?: string }
  const id = text === undefined ? undefined : idOf(text)
  if (text !== undefined && id === undefined) throw refuse('unknown_order')
  return sendData(reply, await handle(api.context, { staff, input: inputOf(request), id }))
}

async function staffOf(request: FastifyRequest, { context, limits }: StaffApi, rightOnce: Set<string>): Promise<Staff> {
  const address = limits?.subjectOf(request.ip) ?? ''
  // Shares its count with the customers' keys, so that a client that guesses here does not start from zero there.
  const guesses = `unknown keys ${address}`
  const header = request.headers['x-api-key']
  const key = typeof header === 'string' ? header.trim() : ''
  if (!rightOnce.has(key)) limits?.rates.check(guesses)
  const staff = await findStaff(context.db, key)
  if (!staff) {
    rightOnce.delete(key)
    await limits?.rates.use([{ subject: guesses, limit: limits.unknownKeysPerAddress }])
    throw refuse('invalid_staff_key')
  }
  rightOnce.add(key)
  await limits?.rates.use([
    { subject: `staff key ${staff.keyId}`, limit: limits.perKey },
    { subject: `address ${address}`, limit: limits.perAddress },
  ])
  return staff
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
