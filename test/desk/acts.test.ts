import { z } from 'zod'
import { describe, expect, test } from 'vitest'
import { unwrapped } from '../../server/acts/field-text.ts'
import { acts } from '../../server/acts/acts.ts'
import { everyRole, permissionsOf } from '../../server/staff/roles.ts'
import { openDocket } from '../support/docket.ts'
import { languages } from '../../server/texts/languages.ts'
import { textsIn } from '../../server/texts/texts.ts'
import { staffRefusals } from '../../server/staff-refusals.ts'
import { hiddenIn, openDesk } from '../support/desk.ts'

describe('the words of the desk', () => {
  const texts = textsIn(languages[0]!)

  test('name each act and each of its fields', () => {
    const fields = acts.flatMap((act) => Object.keys(act.input.shape))
    const options = acts.flatMap((act) => Object.values(act.input.shape)).flatMap((field) => optionsOf(field as z.ZodType))
    const keys = [
      ...acts.map((act) => `desk.act.${act.name.replaceAll(' ', '-')}`),
      ...fields.map((name) => `desk.field.${name}`),
      ...options.map((option) => `desk.option.${option.replaceAll(' ', '-')}`),
    ]
    expect([...new Set(keys)].filter((key) => !texts.has(key))).toEqual([])
  })

  test('tell each refusal of staff that an act may meet', () => {
    expect(
      Object.keys(staffRefusals)
        .filter((code) => !texts.has(`desk.refusal.${code}`))
        .toSorted(),
    ).toEqual(ELSEWHERE.toSorted())
  })
})

function optionsOf(field: z.ZodType): string[] {
  const inner = unwrapped(field)
  return inner instanceof z.ZodEnum ? inner.options.map(String) : []
}

/** Refusals that no act and no page of the desk meets. */
const ELSEWHERE: readonly string[] = [
  'invalid_staff_key', 'field_required', 'incorrect_field', 'incorrect_input', 'given_twice', 'partial_needs_remains', 'changed_by_its_orders',
  'incorrect_request_key', 'only_looking', 'not_for_viewers', 'key_form_used', 'too_many_favourites', 'payment_method_off', 'payment_too_small', 'payment_too_large', 'payment_key_used',
  'too_many_open_payments', 'payment_refused_there', 'no_fresh_rate', 'coupon_not_valid', 'list_empty', 'list_too_long', 'open_quote', 'separated_number', 'columns',
  'zero_runs', 'has_order', 'key_not_given', 'webhook_form_used', 'unknown_mail', 'mail_ended', 'form_refused', 'form_unreadable', 'too_many_fields',
  'form_too_large', 'staff_key_may_not_fund', 'staff_key_funds_no_more', 'unknown_user', 'another_currency', 'payment_name_used', 'deposit_needs_amount',
  'deposit_needs_method', 'deposit_needs_key', 'deposit_of_test_key', 'unknown_deposit', 'directory_not_empty',
  'old_key_not_kept', 'payment_takes_no_proof', 'picture_has_too_many_pixels', 'picture_too_large',
  'picture_unreadable', 'pictures_busy', 'value_does_not_fit',
  'too_many_tickets', 'too_many_ticket_messages', 'too_many_pictures', 'staff_key_may_not_answer', 'ticket_of_test_key',
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

  test('asks again when somebody else has set the value since the preview, and shows both', async () => {
    const [one, other] = [await openDesk(docket), await openDesk(docket)]
    const service = await docket.service({ rate: '0.90' })
    const fields = { service: String(service), rate: '1.00' }
    const preview = await one.post('/desk/do/service-set', fields)
    await other.do('service-set', { ...fields, rate: '1.20' })

    const confirmed = {
      ...fields,
      'form:once': hiddenIn(preview.html, 'form:once'),
      'form:saw': hiddenIn(preview.html, 'form:saw').replaceAll('&quot;', '"'),
    }
    const refused = await one.post('/desk/do/service-set', confirmed)
    expect(refused.status).toBe(409)
    expect(refused.html).toContain('You saw')
    expect(refused.html).toMatch(/0\.90.*1\.20.*1\.00/s)
    const { rows } = await docket.db.query('select rate from services where id = $1', [service])
    expect(rows).toEqual([{ rate: '1.20' }])
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
