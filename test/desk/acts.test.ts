import { describe, expect, test } from 'vitest'
import { acts } from '../../server/acts/acts.ts'
import { everyRole, permissionsOf } from '../../server/staff/roles.ts'
import { openDocket } from '../support/docket.ts'
import { openDesk } from '../support/desk.ts'

describe('the desk', () => {
  const docket = openDocket()

  test('sends a visitor to the page to sign in, and back afterwards', async () => {
    const answer = await fetch(`${docket.node.url}/desk/do/fund?account=1`, { redirect: 'manual' })
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toBe('/desk/sign-in?next=%2Fdesk%2Fdo%2Ffund%3Faccount%3D1')
  })

  test('changes nothing before the preview was confirmed, and once however often it is', async () => {
    const desk = await openDesk(docket)
    const { account, key } = await docket.account({ balance: '5' })
    const fields = { account: String(account), amount: '7.5', note: 'a gift' }

    const preview = await desk.post('/desk/do/fund', fields)
    expect(preview.html).toContain('Nothing has changed yet')
    expect(await docket.balance(key)).toBe('5.00000')

    const once = /name="form:once" value="([^"]*)"/.exec(preview.html)![1]!
    const done = await desk.post('/desk/do/fund', { ...fields, 'form:once': once, 'form:back': '/desk' })
    expect(done.location).toMatch(/^\/desk\?told=\d+$/)
    await desk.post('/desk/do/fund', { ...fields, 'form:once': once })
    expect(await docket.balance(key)).toBe('12.50000')
    expect((await desk.get(done.location!)).html).toContain('Done: ')
  })

  test('shows the form again with what was typed, and why it was refused', async () => {
    const desk = await openDesk(docket)
    const answer = await desk.post('/desk/do/account-add', { email: 'no address', currency: 'USD' })
    expect(answer.status).toBe(422)
    expect(answer.html).toContain('value="no address"')
    expect(answer.html).toContain('class="notice bad"')
  })

  test('refuses a form without the token of the page', async () => {
    const desk = await openDesk(docket)
    const answer = await fetch(`${docket.node.url}/desk/do/fund`, {
      method: 'POST',
      body: new URLSearchParams({ account: '1' }),
      headers: { cookie: desk.cookie },
    })
    expect(answer.status).toBe(403)
  })

  test.each(everyRole)('offers a %s the forms of the acts that the role may do, and no others', async (role) => {
    const desk = await openDesk(docket, { role })
    const statuses = await Promise.all(
      acts.map(async (act) => [act.name, (await desk.get(`/desk/do/${act.name.replaceAll(' ', '-')}`)).status]),
    )
    const wanted = acts.map((act) => [act.name, permissionsOf(role).has(act.permission) ? 200 : 403])
    expect(statuses).toEqual(wanted)
  })
})
