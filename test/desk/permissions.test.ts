import fastify from 'fastify'
import { beforeAll, describe, expect, test } from 'vitest'
import { acts } from '../../server/acts/acts.ts'
import { staffTokenAdd } from '../../server/acts/staff-token-add.ts'
import { lists } from '../../server/operator-api/lists.ts'
import { machineUser } from '../../server/staff/actor.ts'
import { everyPermission, everyRole, permissions, type Permission, permissionsOf, type Role } from '../../server/staff/roles.ts'
import { languages } from '../../server/texts/languages.ts'
import { textsIn } from '../../server/texts/texts.ts'
import { routeDesk } from '../../server/web/desk/desk-routes.ts'
import type { DeskRoute } from '../../server/web/desk/desk.ts'
import type { Web } from '../../server/web/web.ts'
import { answerOf, houseOf } from '../support/acts.ts'
import { type DeskPages, hiddenIn, openDesk } from '../support/desk.ts'
import { openDocket } from '../support/docket.ts'

/** Every route of the desk as it was declared, and every one that the server would answer. */
function declaredRoutes(): { declared: readonly DeskRoute[]; routed: readonly string[] } {
  const app = fastify()
  const routed: string[] = []
  app.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) if (each !== 'HEAD' && each !== 'OPTIONS') routed.push(`${each} ${url}`)
  })
  const notNow = () => {
    throw new Error('no request is answered here')
  }
  const { routes } = routeDesk(app, { accounts: notNow } as object as Web, notNow)
  return { declared: routes, routed }
}

const { declared, routed } = declaredRoutes()
const urlOf = ({ path }: DeskRoute) => (path === '/' ? '/desk' : `/desk${path}`)
const shownUrl = (route: DeskRoute) => urlOf(route).replaceAll(/:\w+|\*/g, '1')
/** They end the session with which the others are asked. */
const ENDS_THE_SESSION = new Set(['/sign-out', '/own/sessions'])

describe('each route of the desk', () => {
  test('was declared with its permission: there is no other way to be routed', () => {
    expect(routed.toSorted()).toEqual(declared.map((route) => `${route.method} ${urlOf(route)}`).toSorted())
    for (const { permission } of declared) {
      if (permission !== null && permission !== 'open') expect(everyPermission).toContain(permission)
    }
  })

  test('that changes something for others needs more than being signed in', () => {
    const forAll = declared.filter(({ method, permission }) => method === 'POST' && permission === null).map(({ path }) => path)
    const allowed = forAll.filter((path) => path === '/sign-out' || path.startsWith('/own/') || OF_THE_READER.has(path))
    expect(forAll).toEqual(allowed)
  })

  test('of an act needs the permission of the act', () => {
    const byPath = new Map(declared.map((route) => [`${route.method} ${route.path}`, route.permission]))
    for (const { name, permission } of acts) {
      const path = `/do/${name.replaceAll(' ', '-')}`
      expect([name, byPath.get(`GET ${path}`), byPath.get(`POST ${path}`)]).toEqual([name, permission, permission])
    }
  })
})

/** Forms that change only what the reader sees. */
const OF_THE_READER: ReadonlySet<string> = new Set([])

test('each permission has words on the desk, and somebody who has it', () => {
  const texts = textsIn(languages[0]!)
  expect(Object.keys(permissions).filter((permission) => !texts.has(`desk.permission.${permission}`))).toEqual([])
  expect(everyPermission.filter((permission) => !everyRole.some((role) => permissionsOf(role).has(permission)))).toEqual([])
})

describe('who may what', () => {
  const docket = openDocket()
  const people = new Map<Role, { desk: DeskPages; token: string }>()

  beforeAll(async () => {
    const house = houseOf(docket.db, docket.clock.now)
    for (const role of everyRole) {
      const desk = await openDesk(docket, { role })
      const { result } = await answerOf(house, staffTokenAdd, { staff: desk.staffId, label: role }, {}, machineUser('tester'))
      people.set(role, { desk, token: result.token })
    }
  })

  const mayAll = (role: Role, permission: Permission | null) => permission === null || permissionsOf(role).has(permission)

  test.each(everyRole)('%s: each page and form of the desk, exactly when roles.ts says so', async (role) => {
    const { desk } = people.get(role)!
    const csrf = hiddenIn((await desk.get('/desk')).html, 'csrf')
    const wrong: string[] = []
    for (const route of declared) {
      const { method, permission } = route
      if (permission === 'open' || ENDS_THE_SESSION.has(route.path)) continue
      const { status } = await askDesk(desk, route, csrf)
      const wanted = mayAll(role, permission)
      if (status >= 500) wrong.push(`${method} ${urlOf(route)} answers ${status}`)
      if ((status === 403) === wanted) wrong.push(`${method} ${urlOf(route)} (${permission}) answers ${status}`)
    }
    expect(wrong).toEqual([])
    // Nothing that was asked has ended the session.
    expect((await desk.get('/desk')).status).toBe(200)
  })

  function askDesk(desk: DeskPages, route: DeskRoute, csrf: string) {
    const url = shownUrl(route)
    return route.method === 'GET' ? desk.get(url) : sendForm(desk, url, csrf)
  }

  async function sendForm({ cookie }: DeskPages, path: string, csrf: string) {
    const response = await fetch(docket.node.url! + path, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ csrf }),
      headers: { cookie, origin: docket.node.url! },
    })
    return { status: response.status }
  }

  test('nobody is asked to sign in first, on every page and for every form', async () => {
    const wrong: string[] = []
    for (const route of declared) {
      const { status, headers } = await fetch(docket.node.url! + shownUrl(route), { method: route.method, redirect: 'manual' })
      const isLedToSignIn = headers.get('location')?.startsWith('/desk/sign-in?next=') === true
      const isRight = route.method === 'POST' ? status === 403 : route.permission === 'open' || isLedToSignIn
      if (!isRight) wrong.push(`${route.method} ${urlOf(route)} answers ${status}`)
    }
    expect(wrong).toEqual([])
  })

  test.each(everyRole)('%s: each act and each list of /operator/v1, exactly when roles.ts says so', async (role) => {
    const { token } = people.get(role)!
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const asked = [
      ...acts.map(({ name, permission }) => ({ permission, path: `acts/${name.replaceAll(' ', '-')}`, method: 'POST' })),
      ...lists.map(({ name, permission }) => ({ permission, path: name, method: 'GET' })),
    ]
    const wrong: string[] = []
    for (const { permission, path, method } of asked) {
      const body = method === 'POST' ? { body: JSON.stringify({ dry_run: true }) } : {}
      const response = await fetch(`${docket.node.url}/operator/v1/${path}`, { method, headers, ...body })
      const code = response.ok ? '' : ((await response.json()) as { error: { code: string } }).error.code
      if (response.status >= 500) wrong.push(`${path} answers ${response.status}`)
      if ((code === 'act_not_allowed') === mayAll(role, permission))
        wrong.push(`${path} (${permission}) answers ${response.status} ${code}`)
    }
    expect(wrong).toEqual([])
  })

  test('nobody without a token reads a list or runs an act, and a token of staff opens no other API', async () => {
    for (const { name } of lists) expect((await fetch(`${docket.node.url}/operator/v1/${name}`)).status).toBe(401)
    for (const { name } of acts) {
      const url = `${docket.node.url}/operator/v1/acts/${name.replaceAll(' ', '-')}`
      expect((await fetch(url, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })).status).toBe(401)
    }
    const { token } = people.get('owner')!
    expect(await docket.call({ key: token, action: 'balance' })).toHaveProperty('error')
    const bots = await fetch(`${docket.node.url}/adminapi/v2/orders`, { headers: { 'x-api-key': token } })
    expect(bots.status).toBe(401)
  })
})
