import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { AnyAct } from '../acts/act.ts'
import { acts } from '../acts/acts.ts'
import type { House } from '../acts/house.ts'
import { runAct } from '../acts/run-act.ts'
import { refuse } from '../refusal.ts'
import { openStaffCalls, type StaffCalls, type StaffLimits } from '../requests/staff-calls.ts'
import type { StaffActor } from '../staff/actor.ts'
import { actorOfToken } from '../staff/tokens.ts'
import { send } from './answers.ts'
import type { List } from './list.ts'
import { lists } from './lists.ts'
import { openApi } from './openapi.ts'

/** The API of staff: every act and every list, for whoever the bearer of the token is. */
export const OPERATOR_API = '/operator/v1'

export interface OperatorApi {
  readonly house: House
  readonly limits: StaffLimits | null
}

/** Adds the routes; the dependencies exist once the node is ready. */
export function routeOperatorApi(app: FastifyInstance, api: () => OperatorApi, bodyLimit: number) {
  const calls = openStaffCalls()
  void app.register(
    async (operatorApi) => {
      operatorApi.removeAllContentTypeParsers()
      operatorApi.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit }, async (_: FastifyRequest, body: string) => {
        return objectIn(body)
      })
      for (const act of acts) {
        operatorApi.post(pathOf(act), async (request, reply) =>
          answerAct(reply, await actorOf(request, api(), calls), { request, house: api().house, act }),
        )
      }
      for (const list of lists) {
        operatorApi.get(`/${list.name}`, async (request, reply) =>
          answerList(reply, await actorOf(request, api(), calls), { request, house: api().house, list }),
        )
      }
      // It tells nothing of this house, so that whoever writes a client can read it without a token.
      operatorApi.get('/openapi.json', async (_, reply) => send(reply, openApi(OPERATOR_API, acts, lists)))
    },
    { prefix: OPERATOR_API },
  )
}

export function pathOf(act: Pick<AnyAct, 'name'>): string {
  return `/acts/${act.name.replaceAll(' ', '-')}`
}

interface Asked {
  readonly request: FastifyRequest
  readonly house: House
}

async function answerAct(reply: FastifyReply, actor: StaffActor, { request, house, act }: Asked & { act: AnyAct }): Promise<FastifyReply> {
  const { dry_run: dryRun = false, saw, ...input } = (request.body ?? {}) as Record<string, unknown>
  if (typeof dryRun !== 'boolean') throw refuse('incorrect_act_field', 'dry_run', 'It must be true or false.')
  if (saw !== undefined && typeof saw !== 'object') throw refuse('incorrect_act_field', 'saw', 'It must be the "before" of a dry run.')
  const answer = await runAct(house, actor, act, { input, dryRun, requestKey: requestKeyOf(request), ...(saw !== undefined && { saw }) })
  const { result, says, before, after, line, repeated } = answer
  return send(reply, { result, says, before, after, line, repeated, dry_run: dryRun })
}

const MOST = 500
const page = {
  cursor: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional(),
  most: z.coerce.number().int().min(1).max(MOST).default(100),
}

async function answerList(reply: FastifyReply, actor: StaffActor, { request, house, list }: Asked & { list: List }): Promise<FastifyReply> {
  if (!actor.may.has(list.permission)) throw refuse('act_not_allowed', list.name, list.permission)
  const parsed = z.strictObject({ ...list.filters.shape, ...page }).safeParse(queryOf(request))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    if (issue?.code === 'unrecognized_keys') throw refuse('unknown_field', issue.keys[0]!)
    throw refuse('incorrect_act_field', issue!.path.join('.'), issue!.message)
  }
  const { cursor, most, ...filters } = parsed.data
  const { rows, next } = await list.read(house.db, filters, {
    cursor: cursor === undefined ? null : BigInt(cursor),
    most,
    now: house.now(),
    may: actor.may,
    config: house.config,
    longReads: house.longReads,
  })
  return send(reply, { rows, next: next === null ? null : String(next) })
}

function queryOf(request: FastifyRequest): Record<string, string> {
  const at = request.url.indexOf('?')
  return at === -1 ? {} : Object.fromEntries(new URLSearchParams(request.url.slice(at + 1)))
}

/** Whoever the token belongs to. */
function actorOf(request: FastifyRequest, { house, limits }: OperatorApi, calls: StaffCalls): Promise<StaffActor> {
  const [, token = ''] = /^bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '') ?? []
  return calls.callerOf({
    limits,
    address: request.ip,
    key: token,
    find: () => actorOfToken(house.db, token, house.now()),
    countedAs: (actor) => `staff ${actor.staffId}`,
    unknown: () => refuse('invalid_token'),
  })
}

const LONGEST_REQUEST_KEY = 200

function requestKeyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key !== 'string' || key === '' || key.length > LONGEST_REQUEST_KEY) throw refuse('incorrect_request_key', LONGEST_REQUEST_KEY)
  return key
}

function objectIn(body: string): object {
  if (body.trim() === '') return {}
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    throw refuse('no_json_object')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse('no_json_object')
  return value
}
