import { beforeAll, describe, expect, test } from 'vitest'
import { accountSuspend } from '../../server/acts/account-suspend.ts'
import { roleDemandCode } from '../../server/acts/role-demand-code.ts'
import { staffAdd } from '../../server/acts/staff-add.ts'
import { staffInvite } from '../../server/acts/staff-invite.ts'
import type { House } from '../../server/acts/house.ts'
import type { Role } from '../../server/staff/roles.ts'
import { houseOf, run } from '../support/acts.ts'
import { hiddenIn, openDesk } from '../support/desk.ts'
import { openDocket } from '../support/docket.ts'
import { PASSWORD } from '../support/people.ts'
import { appCodeAt } from '../support/staff.ts'
import { secondNode } from '../support/second-node.ts'

const docket = openDocket()
let house: House

beforeAll(async () => {
  house = houseOf(docket.db, docket.clock.now)
  await run(house, staffAdd, { email: 'first@example.com', name: 'First', role: 'owner' })
})

/** A browser that keeps its cookies. */
function browser(base = docket.node.url!) {
  const cookies = new Map<string, string>()
  const ask = async (path: string, body?: Record<string, string>) => {
    const response = await fetch(base + path, {
      redirect: 'manual',
      method: body ? 'POST' : 'GET',
      ...(body && { body: new URLSearchParams(body) }),
      headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; '), origin: base },
    })
    for (const set of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set)!
      if (value === '') cookies.delete(name!)
      else cookies.set(name!, value!)
    }
    return { status: response.status, html: await response.text(), location: response.headers.get('location') }
  }
  return {
    cookies,
    get: (path: string) => ask(path),
    /** Sends the form of a page, with the fields that the page holds. */
    async send(page: string, fields: Record<string, string>, action = page) {
      const { html } = await ask(page)
      return ask(action, { csrf: hiddenIn(html, 'csrf'), ...fields })
    },
    post: (path: string, html: string, fields: Record<string, string>) => ask(path, { csrf: hiddenIn(html, 'csrf'), ...fields }),
  }
}

let people = 0

async function invitedPerson(role: Role = 'support') {
  people += 1
  const email = `p${people}@example.com`
  const { staff, link } = await run(house, staffAdd, { email, name: `Person ${people}`, role, invite: true })
  return { email, staff, path: new URL(link!).pathname }
}

async function personIn(role: Role = 'support') {
  const person = await invitedPerson(role)
  const own = browser()
  const chosen = await own.send(person.path, { wanted: PASSWORD })
  expect([chosen.status, chosen.location]).toEqual([303, '/desk'])
  return { ...person, own }
}

describe('a person', () => {
  test('chooses a password by the link, is signed in, signs out and in again, and comes to where they wanted', async () => {
    const { own, email, path } = await personIn()
    expect((await own.get('/desk')).html).toContain('Support')
    expect((await own.get(path)).status).toBe(410)
    expect((await own.send('/desk', {}, '/desk/sign-out')).location).toBe('/desk/sign-in')
    expect((await own.get('/desk/own?x=1')).location).toBe('/desk/sign-in?next=%2Fdesk%2Fown%3Fx%3D1')

    const page = '/desk/sign-in?next=%2Fdesk%2Fown%3Fx%3D1'
    const wrong = await own.send(page, { email, password: 'wrong' }, '/desk/sign-in')
    expect([wrong.status, wrong.html.includes('Wrong e-mail or password.')]).toEqual([422, true])
    const right = await own.send(page, { email, password: PASSWORD, next: '/desk/own?x=1' }, '/desk/sign-in')
    expect([right.status, right.location]).toEqual([303, '/desk/own?x=1'])
    const elsewhere = await own.send(
      '/desk/sign-in?next=https://evil.example',
      { email, password: PASSWORD, next: '//evil.example' },
      '/desk/sign-in',
    )
    expect(elsewhere.location ?? '/desk').toBe('/desk')
  })

  test('sees why a password is refused, and the link still works', async () => {
    const { path } = await invitedPerson()
    const own = browser()
    const short = await own.send(path, { wanted: 'short' })
    expect([short.status, short.html.includes('id="wanted-fault"') || short.html.includes('10 characters')]).toEqual([422, true])
    expect((await own.send(path, { wanted: PASSWORD })).location).toBe('/desk')
  })

  test('sets an app up by the page and then signs in with its code, and with a recovery code', async () => {
    const { own, email } = await personIn()
    const begun = await own.send('/desk/own/code', {}, '/desk/own/code/begin')
    expect(begun.location).toBe('/desk/own/code')
    const shown = await own.get('/desk/own/code')
    const secret = /class="secret"[^>]*>([A-Z2-7 ]+)</.exec(shown.html)![1]!.replaceAll(' ', '')
    expect(shown.html).toContain('<svg class="qr"')
    const wrong = await own.post('/desk/own/code/confirm', shown.html, { code: '1' })
    expect(wrong.status).toBe(422)
    const on = await own.post('/desk/own/code/confirm', shown.html, { code: appCodeAt(secret, docket.clock.now()) })
    const codes = [...on.html.matchAll(/<code>([a-z0-9-]{19})<\/code>/g)].map((match) => match[1]!)
    expect(codes).toHaveLength(10)

    docket.clock.forward({ seconds: 30 })
    for (const code of [appCodeAt(secret, docket.clock.now()), codes[0]!]) {
      const other = browser()
      const asked = await other.send('/desk/sign-in', { email, password: PASSWORD })
      expect(asked.location).toBeNull()
      const fields = { ticket: hiddenIn(asked.html, 'ticket'), next: '/desk' }
      expect((await other.post('/desk/sign-in/code', asked.html, { ...fields, code: '000000' })).status).toBe(422)
      const entered = await other.post('/desk/sign-in/code', asked.html, { ...fields, code })
      expect([entered.status, entered.location]).toEqual([303, '/desk'])
    }
  })

  test('whose role demands a code is led to set it up before anything else', async () => {
    const { own } = await personIn('money')
    expect((await own.get('/desk')).status).toBe(200)
    await run(house, roleDemandCode, { role: 'money', demanded: true })
    for (const path of ['/desk', '/desk/log', '/desk/do/fund']) expect((await own.get(path)).location).toBe('/desk/own/code')
    const page = await own.get('/desk/own/code')
    expect(page.html).toContain('Your role needs an authenticator app')
    expect((await own.post('/desk/do/fund', page.html, { account: '1', amount: '5' })).location).toBe('/desk/own/code')
    await own.post('/desk/own/code/begin', page.html, {})
    const shown = await own.get('/desk/own/code')
    const secret = /class="secret"[^>]*>([A-Z2-7 ]+)</.exec(shown.html)![1]!.replaceAll(' ', '')
    await own.post('/desk/own/code/confirm', shown.html, { code: appCodeAt(secret, docket.clock.now()) })
    expect((await own.get('/desk')).status).toBe(200)
    await run(house, roleDemandCode, { role: 'money', demanded: false })
  })

  test('asks for a new password without telling anybody who works here', async () => {
    const { email } = await invitedPerson()
    const answers = await Promise.all([email, 'stranger@example.com'].map((each) => browser().send('/desk/forgot', { email: each })))
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(answers[0]!.html.replaceAll(email, 'X').length).toBeCloseTo(answers[1]!.html.replaceAll('stranger@example.com', 'X').length, -3)
  })

  test('changes name, language and password; other browsers are signed out', async () => {
    const { own, email } = await personIn()
    const other = browser()
    await other.send('/desk/sign-in', { email, password: PASSWORD })
    expect((await own.send('/desk/own', { name: '', locale: 'sl' }, '/desk/own/settings')).status).toBe(422)
    expect((await own.send('/desk/own', { name: 'Ana Novak', locale: 'sl' }, '/desk/own/settings')).location).toBe('/desk/own')
    const page = await own.get('/desk/own')
    expect(page.html).toContain('value="Ana Novak"')
    expect(own.cookies.get('language')).toBe('sl')
    expect((await own.send('/desk/own', { current: 'wrong', wanted: 'a lantern above the grass' }, '/desk/own/password')).status).toBe(422)
    const changed = await own.send('/desk/own', { current: PASSWORD, wanted: 'a lantern above the grass' }, '/desk/own/password')
    expect(changed.location).toBe('/desk/own')
    expect((await own.get('/desk')).status).toBe(200)
    expect((await other.get('/desk')).location).toBe('/desk/sign-in?next=%2Fdesk')
  })
})

describe('an owner', () => {
  test('adds somebody by the desk and hands the link over; sees who is in, and ends it on every node', async () => {
    const desk = await openDesk(docket)
    people += 1
    const fields = { email: `p${people}@example.com`, name: 'By the desk', role: 'fulfilment', invite: 'yes' }
    const { preview, html } = await desk.do('staff-add', { ...fields, 'form:back': '/desk/staff' })
    expect(preview).not.toContain('/desk/welcome/')
    const path = /\/desk\/welcome\/[\w-]{43}/.exec(html)![0]
    expect((await desk.get('/desk/staff')).html).toContain('Invited')

    const node = await secondNode(docket)
    try {
      const own = browser(node.url)
      expect((await own.send(path, { wanted: PASSWORD })).location).toBe('/desk')
      expect((await own.get('/desk')).status).toBe(200)
      const list = (await desk.get('/desk/staff')).html
      const person = /\/desk\/staff\/(\d+)"><bdi>By the desk/.exec(list)![1]!
      expect((await desk.get(`/desk/staff/${person}`)).html).toContain('Sign out everywhere')
      await desk.do('staff-end', { staff: person })
      expect((await own.get('/desk')).location).toBe('/desk/sign-in?next=%2Fdesk')
      expect((await own.send('/desk/sign-in', { email: fields.email, password: PASSWORD })).status).toBe(422)
    } finally {
      await node.stop()
    }
  })

  test('invites again: the first link is void', async () => {
    const { path, staff } = await invitedPerson()
    const { link } = await run(house, staffInvite, { staff })
    expect((await browser().get(path)).status).toBe(410)
    expect((await browser().get(new URL(link).pathname)).status).toBe(200)
  })

  test('sees what each role may do, and demands a code of one', async () => {
    const desk = await openDesk(docket)
    expect((await desk.get('/desk/staff')).html).toContain('Book deposits and corrections')
    await desk.do('role-demand-code', { role: 'fulfilment', demanded: 'yes' })
    expect((await desk.get('/desk/staff')).html).toContain('Needs a code')
    await desk.do('role-demand-code', { role: 'fulfilment', demanded: 'no' })
  })
})

describe('the log on the desk', () => {
  test('shows lines newest first with what changed, and is filtered by person, act and account, page by page', async () => {
    const desk = await openDesk(docket)
    const { account } = await docket.account()
    await desk.do('account-suspend', { account: String(account) })
    await run(house, accountSuspend, { account: (await docket.account()).account })
    const mine = (await desk.get(`/desk/log?staff=${desk.staffId}`)).html
    expect(mine.match(/<tr data-row/g)).toHaveLength(1)
    expect(mine).toMatch(/<del><bdi>No<\/bdi><\/del>.*<ins><bdi>Yes/)
    const ofAct = (await desk.get('/desk/log?act=account+suspend')).html
    expect(ofAct.match(/<tr data-row/g)!.length).toBeGreaterThanOrEqual(2)
    expect((await desk.get(`/desk/log?account=${account}&order=&service=&act=`)).html.match(/<tr data-row/g)).toHaveLength(1)
    expect((await desk.get('/desk/log?order=99')).html).toContain('There is no such line.')
    const line = /\/desk\/log\/(\d+)"/.exec(mine)![1]!
    const one = await desk.get(`/desk/log/${line}`)
    expect([one.status, one.html.includes(desk.email)]).toEqual([200, true])
    expect((await desk.get('/desk/log/999999')).status).toBe(404)

    for (let each = 0; each < 55; each += 1) await run(house, staffInvite, { staff: desk.staffId })
    const first = await desk.get('/desk/log?act=staff+invite')
    expect(first.html.match(/<tr data-row/g)).toHaveLength(50)
    const older = /href="(\/desk\/log\?[^"]*before=[^"]*)"/.exec(first.html)![1]!.replaceAll('&amp;', '&')
    expect((await desk.get(older)).html.match(/<tr data-row/g)!.length).toBeGreaterThanOrEqual(5)
  })

  test('is checked from the first line to the last, and says which line was changed', async () => {
    const desk = await openDesk(docket)
    expect((await desk.post('/desk/log/check')).html).toContain('lines are as they were written.')
    const tamper = (to: string) =>
      docket.db.query(
        `alter table staff_log disable trigger user; update staff_log set who = '${to}' where line = 1; alter table staff_log enable trigger user`,
      )
    await tamper('somebody else')
    expect((await desk.post('/desk/log/check')).html).toContain('Line 1 is missing, or was changed afterwards.')
    await tamper('tester')
    expect((await desk.post('/desk/log/check')).html).toContain('class="notice good"')
  })
})
