import { readdirSync, readFileSync } from 'node:fs'
import type { z } from 'zod'
import { beforeAll, describe, expect, test } from 'vitest'
import { acts } from '../../server/acts/acts.ts'
import { orderExport } from '../../server/acts/order-export.ts'
import { pageSet } from '../../server/acts/page-set.ts'
import { staffAdd } from '../../server/acts/staff-add.ts'
import { staffEnd } from '../../server/acts/staff-end.ts'
import { staffSet } from '../../server/acts/staff-set.ts'
import { staffTokenAdd } from '../../server/acts/staff-token-add.ts'
import { staffTokenRevoke } from '../../server/acts/staff-token-revoke.ts'
import { lists } from '../../server/operator-api/lists.ts'
import { OPERATOR_API, pathOf } from '../../server/operator-api/route.ts'
import { everyRole, permissionsOf, type Role } from '../../server/staff/roles.ts'
import { houseOf, run } from '../support/acts.ts'
import { openDocket } from '../support/docket.ts'

const docket = openDocket()
const house = () => houseOf(docket.db, docket.clock.now)
const tokens = new Map<Role, string>()
const staffIds = new Map<Role, number>()

beforeAll(async () => {
  for (const role of everyRole) {
    const { staff } = await run(house(), staffAdd, { email: `${role}@example.com`, name: role, role })
    staffIds.set(role, staff)
    tokens.set(role, (await run(house(), staffTokenAdd, { staff })).token)
  }
})

interface Told {
  readonly status: number
  readonly body: any
}

async function ask(
  path: string,
  token: string | undefined,
  options: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<Told> {
  const response = await fetch(`${docket.node.url!}${OPERATOR_API}${path}`, {
    method: options.body === undefined ? 'GET' : 'POST',
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    },
    ...(options.body === undefined ? {} : { body: typeof options.body === 'string' ? options.body : JSON.stringify(options.body) }),
  })
  return { status: response.status, body: await response.json() }
}

const act = (name: string, body: unknown, token = tokens.get('owner'), headers = {}) =>
  ask(`/acts/${name.replaceAll(' ', '-')}`, token, { body, headers })

describe('each role at each address', () => {
  const addresses = [
    ...acts.map((one) => ({ path: pathOf(one), permission: one.permission, body: { no_such_field: 1 } as object | undefined })),
    ...lists.map((one) => ({ path: `/${one.name}`, permission: one.permission, body: undefined })),
  ]

  test('has a permission of its own, and there are no others', async () => {
    const { body } = await ask('/openapi.json', undefined)
    const served = Object.keys(body.paths).map((path) => path.replace(OPERATOR_API, ''))
    expect(served.toSorted()).toEqual(addresses.map(({ path }) => path).toSorted())
  })

  test.each(everyRole)('%s may do what its permissions say, and nothing else', async (role) => {
    const wrong: string[] = []
    for (const { path, permission, body } of addresses) {
      const { status, body: answer } = await ask(path, tokens.get(role), body === undefined ? {} : { body })
      const isAllowed = permissionsOf(role).has(permission)
      const isRefused = status === 403 && answer.error.code === 'act_not_allowed'
      // Whoever may do it gets further: to the refusal of a field that does not exist, or to the list.
      if (isAllowed === isRefused || (isAllowed && ![200, 400].includes(status))) wrong.push(`${path}: ${status}`)
    }
    expect(wrong).toEqual([])
  })

  test('without a token of ours nobody is told anything', async () => {
    const customer = await docket.account()
    for (const token of [undefined, 'dk_desk_nothing', customer.key]) {
      for (const { path, body } of addresses) {
        expect(await ask(path, token, body === undefined ? {} : { body })).toEqual({
          status: 401,
          body: { error: { code: 'invalid_token', message: expect.stringContaining('Authorization: Bearer') } },
        })
      }
    }
  })

  test('a role that is changed, an access that is ended and a token that is revoked hold from the next request on', async () => {
    const { staff } = await run(house(), staffAdd, { email: 'brief@example.com', name: 'Brief', role: 'support' })
    const { id, token } = await run(house(), staffTokenAdd, { staff })
    const { token: other } = await run(house(), staffTokenAdd, { staff })
    expect((await ask('/accounts', token)).status).toBe(200)
    await run(house(), staffSet, { staff, role: 'fulfilment' })
    expect((await ask('/accounts', token)).status).toBe(403)
    await run(house(), staffTokenRevoke, { token: id })
    expect((await ask('/alerts', token)).status).toBe(401)
    expect((await ask('/alerts', other)).status).toBe(200)
    await run(house(), staffEnd, { staff })
    expect((await ask('/alerts', other)).status).toBe(401)
  })
})

describe('an act', () => {
  test('is done under the name of the owner of the token, and is in the log', async () => {
    const { account, key } = await docket.account()
    const done = await act('fund', { account, amount: '5', note: 'bank transfer' }, tokens.get('money'))
    expect(done).toMatchObject({
      status: 200,
      body: {
        result: { account, balance: '105.00000', currency: 'USD' },
        before: { balance: '100.00000' },
        after: { balance: '105.00000' },
        repeated: false,
        dry_run: false,
      },
    })
    expect(await docket.balance(key)).toBe('105.00000')
    const { body } = await ask(`/log?account=${account}`, tokens.get('owner'))
    expect(body).toMatchObject({ rows: [{ line: done.body.line, who: 'money@example.com', via: 'api', act: 'fund' }], next: null })
  })

  test('in a dry run tells the same and changes nothing', async () => {
    const { account, key } = await docket.account()
    expect(await act('fund', { account, amount: '5', note: 'by bank', dry_run: true })).toMatchObject({
      status: 200,
      body: { after: { balance: '105.00000' }, line: null, dry_run: true },
    })
    expect(await docket.balance(key)).toBe('100.00000')
  })

  test('under an idempotency key is done once', async () => {
    const { account, key } = await docket.account()
    const once = { 'idempotency-key': 'payment 17' }
    const first = await act('fund', { account, amount: '5', note: 'by bank' }, tokens.get('money'), once)
    const again = await act('fund', { account, amount: '5', note: 'by bank' }, tokens.get('money'), once)
    expect(again.body).toMatchObject({ line: first.body.line, repeated: true })
    expect(await docket.balance(key)).toBe('105.00000')
    // Another person's keys are others.
    expect((await act('fund', { account, amount: '5', note: 'by bank' }, tokens.get('owner'), once)).body.repeated).toBe(false)
    expect(await act('fund', { account, amount: '6', note: 'by bank' }, tokens.get('money'), once)).toMatchObject({
      status: 409,
      body: { error: { code: 'request_key_used' } },
    })
  })

  test('that cannot be done says why, with a status and a code', async () => {
    const cases: [string, unknown, number, string][] = [
      ['fund', '{', 400, 'no_json_object'],
      ['fund', [], 400, 'no_json_object'],
      ['fund', { account: 1 }, 400, 'incorrect_act_field'],
      ['fund', { account: 1, amount: 5 }, 400, 'incorrect_act_field'],
      ['fund', { account: 1, amount: '5', dry_run: 'yes' }, 400, 'incorrect_act_field'],
      ['staff set', { staff: 999, role: 'support' }, 404, 'unknown_staff'],
      ['staff end', { staff: staffIds.get('owner') }, 409, 'last_owner'],
      ['staff rescue', { email: 'me@example.com' }, 403, 'only_on_the_machine'],
      ['staff-token add', { staff: staffIds.get('money') }, 403, 'own_tokens_only'],
      ['no such act', {}, 404, 'nothing_here'],
    ]
    for (const [name, body, status, code] of cases) {
      expect({ name, ...(await act(name, body)) }).toMatchObject({ name, status, body: { error: { code } } })
    }
    expect((await act('fund', {}, tokens.get('owner'), { 'idempotency-key': 'x'.repeat(201) })).body.error.code).toBe(
      'incorrect_request_key',
    )
  })

  test('a deposit with a new account asks for the permission to book money', async () => {
    const asked = (balance: string) => act('account add', { email: `new-${balance}@example.com`, balance }, tokens.get('support'))
    expect(await asked('5')).toMatchObject({ status: 403, body: { error: { code: 'act_not_allowed' } } })
    expect((await asked('0')).status).toBe(200)
  })
})

describe('a list', () => {
  test('comes in pages that are joined by their cursors, each row once', async () => {
    for (let i = 0; i < 7; i += 1) await docket.account()
    for (const name of ['accounts', 'log', 'keys', 'staff']) {
      const seen: string[] = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const { body } = await ask(`/${name}?most=3${cursor && `&cursor=${cursor}`}`, tokens.get('owner'))
        expect(body.rows.length).toBeLessThanOrEqual(3)
        seen.push(...body.rows.map((row: object) => JSON.stringify(row)))
        cursor = body.next
      }
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen.length).toBe((await ask(`/${name}?most=500`, tokens.get('owner'))).body.rows.length)
    }
  })

  test('refuses a filter that it does not have, and one that is wrong', async () => {
    for (const query of ['acount=1', 'account=x', 'most=0', 'most=501', 'cursor=abc'])
      expect(await ask(`/keys?${query}`, tokens.get('owner'))).toMatchObject({ status: 400 })
  })

  test('holds no secret', async () => {
    await docket.account()
    await run(house(), orderExport, {})
    await run(house(), pageSet, { page: 'terms', language: 'en', title: 'Terms', text: 'Pay first.' })
    const words: Readonly<Record<string, string>> = { by: 'day', page: 'terms', from: '2026-03-01', to: '2026-03-01' }
    for (const { name, filters } of lists) {
      const needed = Object.entries(filters.shape).filter(([, field]) => !(field as z.ZodType).isOptional())
      const query = new URLSearchParams(needed.map(([filter]) => [filter, words[filter] ?? '1']))
      const { status, body } = await ask(`/${name}?${query.toString()}`, tokens.get('owner'))
      expect({ name, status }).toEqual({ name, status: 200 })
      expect(JSON.stringify(body)).not.toMatch(/hash|sealed|password|dk_desk_[\w-]{10}|dk_staff_[\w-]{10}/)
    }
  })
})

test('every list asks the house for the time, as pages do', () => {
  const files = readdirSync('server/operator-api')
  expect(files.length).toBeGreaterThan(5)
  const byTheWall = files.filter((name) => /new Date\(\)|Date\.now\(\)/.test(readFileSync(`server/operator-api/${name}`, 'utf8')))
  expect(byTheWall).toEqual([])
})

test('OpenAPI names the fields of each act as the act has them', async () => {
  const { status, body } = await ask('/openapi.json', undefined)
  expect(status).toBe(200)
  expect(body.openapi).toMatch(/^3\.1/)
  for (const one of acts) {
    const { schema } = body.paths[OPERATOR_API + pathOf(one)].post.requestBody.content['application/json']
    expect(Object.keys(schema.properties).toSorted()).toEqual(
      [...Object.keys(one.input.shape), 'dry_run', ...(one.overwrites ? ['saw'] : [])].toSorted(),
    )
  }
})
