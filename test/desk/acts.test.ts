import { describe, expect, test } from 'vitest'
import { acts } from '../../server/acts/acts.ts'
import { everyRole, permissionsOf } from '../../server/staff/roles.ts'
import { openDocket } from '../support/docket.ts'
import { languages } from '../../server/texts/languages.ts'
import { textsIn } from '../../server/texts/texts.ts'
import { staffRefusals } from '../../server/staff-refusals.ts'
import { openDesk } from '../support/desk.ts'

describe('the words of the desk', () => {
  const texts = textsIn(languages[0]!)

  test('name each act and each of its fields', () => {
    const fields = acts.flatMap((act) => Object.keys(act.input.shape))
    const keys = [...acts.map((act) => `desk.act.${act.name.replaceAll(' ', '-')}`), ...fields.map((name) => `desk.field.${name}`)]
    expect([...new Set(keys)].filter((key) => !texts.has(key))).toEqual([])
  })

  test('tell each refusal of staff that an act may meet', () => {
    expect(Object.keys(staffRefusals).filter((code) => !texts.has(`desk.refusal.${code}`))).toEqual(ELSEWHERE)
  })
})

/** Refusals that no act and no page of the desk meets. */
const ELSEWHERE: readonly string[] = [
  'invalid_staff_key', 'field_required', 'incorrect_field', 'incorrect_input', 'given_twice', 'partial_needs_remains', 'changed_by_its_orders',
  'incorrect_request_key', 'key_form_used', 'too_many_favourites', 'list_empty', 'list_too_long', 'open_quote', 'separated_number', 'columns',
  'zero_runs', 'has_order', 'key_not_given', 'webhook_form_used', 'unknown_mail', 'mail_ended', 'form_refused', 'form_unreadable', 'too_many_fields',
  'form_too_large',
] // prettier-ignore

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
