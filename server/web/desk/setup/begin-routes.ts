import type { FastifyReply } from 'fastify'
import { faultsOfRefusal } from '../act-words.ts'
import { runAct } from '../../../acts/run-act.ts'
import { setupOwner } from '../../../acts/setup-owner.ts'
import { checkNewPassword } from '../../../customers/password.ts'
import { isRefusal } from '../../../refusal.ts'
import type { StaffActor } from '../../../staff/actor.ts'
import { findStaffPerson, setStaffPassword } from '../../../staff/people.ts'
import { everyPermission } from '../../../staff/roles.ts'
import { isSetupLink } from '../../../staff/setup-links.ts'
import { enter, type SignedInStaff } from '../../../staff/staff-sign-in.ts'
import { faultOf, field } from '../../form-faults.ts'
import { sendSecretPage } from '../../send.ts'
import { type Faults, NO_FAULTS, UNPROCESSABLE } from '../../ui/page-ui.ts'
import type { DeskVisit } from '../desk.ts'
import { deskVisit, enterDesk } from '../entry/desk-entry.ts'

/** Whoever holds the link: they may make the first owner and nothing else. */
const HOLDER: StaffActor = { staffId: null, who: 'set-up link', via: 'page', may: new Set(everyPermission) }

export async function showBegin(visit: DeskVisit, faults: Faults = NO_FAULTS, status = 200): Promise<FastifyReply> {
  const { beginPage, voidPage } = await import('./begin.tsx')
  const token = visit.params['token']
  if (!(await isSetupLink(visit.db, token, visit.now))) return sendSecretPage(visit.reply, voidPage(visit), 410)
  const typed = { email: field(visit.request, 'email'), name: field(visit.request, 'name') }
  return sendSecretPage(visit.reply, beginPage(visit, { token: token!, ...typed, faults }), status)
}

/** Makes the first owner, who is signed in then: person, password, session and the line in the log in one transaction. */
export async function takeBegin(visit: DeskVisit): Promise<FastifyReply> {
  try {
    const entered = await begin(visit)
    return await enterDesk(visit, entered, '/desk/setup')
  } catch (error) {
    if (isRefusal(error, 'setup_link_is_void')) return showBegin(visit)
    return showBegin(visit, faultsOf(error, visit), UNPROCESSABLE)
  }
}

async function begin(visit: DeskVisit): Promise<SignedInStaff> {
  const { request, web, house, params, now } = visit
  const [email, name, password] = [field(request, 'email').trim(), field(request, 'name'), field(request, 'wanted')]
  checkNewPassword(password, email)
  const accounts = web.accounts()
  const passwordHash = await accounts.passwords.hash(password)
  let entered: SignedInStaff | undefined
  await runAct(house, HOLDER, setupOwner, {
    input: { token: params['token'], email, name },
    async within(tx, { result }) {
      const { staff } = result as { readonly staff: number }
      const before = await findStaffPerson(tx, staff)
      await setStaffPassword(tx, { staffId: staff, oldHash: before?.passwordHash ?? null, newHash: passwordHash }, now)
      const person = (await findStaffPerson(tx, staff))!
      const signedIn = await enter(tx, accounts, { person, passwordHash, code: null }, deskVisit(visit))
      if (signedIn.kind !== 'signed in') throw new Error('the first owner could not be signed in')
      entered = signedIn
    },
  })
  return entered!
}

function faultsOf(error: unknown, { ui }: DeskVisit): Faults {
  if (isRefusal(error, 'incorrect_staff_name'))
    return { name: ui.frame.texts.text('desk.refusal.incorrect_staff_name', { v1: error.values[0] }) }
  if (isRefusal(error, 'incorrect_act_field')) return faultsOfRefusal(ui.frame.texts, error)
  return faultOf(error, ui)
}
