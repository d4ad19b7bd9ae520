import { type Later, later, type Visit } from '../customers/account-context.ts'
import { mailAllowances } from '../customers/allowances.ts'
import { giveBackAttempt, takeAttempt } from '../customers/attempts.ts'
import { checkEmail } from '../customers/email.ts'
import { checkNewPassword } from '../customers/password.ts'
import { boundedPassword } from '../customers/proof.ts'
import { type Queryable, transaction } from '../db/pool.ts'
import { queueMail } from '../mails/queue.ts'
import { type DeskSignIn, logOwn, type Own, onPage } from './own.ts'
import { findStaffByEmail, findStaffPerson, setStaffPassword } from './people.ts'
import { noteFailure } from './staff-failures.ts'
import { makeStaffLink, readStaffLink, useStaffLink } from './staff-links.ts'
import { enter, type SignedInStaff, type StaffCodeNeeded, staffTicket } from './staff-sign-in.ts'

/** Whom a link lets in; undefined for one that does not work, or no longer works. Reading does not use it up. */
export async function readWelcome(
  context: DeskSignIn,
  token: string | undefined,
): Promise<{ readonly email: string; readonly name: string; readonly isFirst: boolean } | undefined> {
  const staffId = await readStaffLink(context.db, token, context.now())
  const person = staffId === undefined ? undefined : await findStaffPerson(context.db, staffId)
  return person && { email: person.email, name: person.name, isFirst: person.passwordHash === null }
}

/** `link void`: it was used, is too old, or its owner has left. */
export type ChosenByStaff = SignedInStaff | StaffCodeNeeded | { readonly kind: 'link void' }

/** Chooses a password by a link: after an invitation, or a forgotten password. Every session ends; this browser gets one, unless a code is asked for.
 * Throws a Refusal for a password that is too easy to guess; the link still works then. */
export async function chooseStaffPassword(context: DeskSignIn, token: string, password: string, visit: Visit): Promise<ChosenByStaff> {
  const shown = await readWelcome(context, token)
  if (!shown) return { kind: 'link void' }
  checkNewPassword(password, shown.email)
  const newHash = await context.passwords.hash(password)
  const now = context.now()
  return transaction(context.db, async (tx): Promise<ChosenByStaff> => {
    const staffId = await useStaffLink(tx, token, now)
    const person = staffId === undefined ? undefined : await findStaffPerson(tx, staffId)
    if (!person || !(await setStaffPassword(tx, { staffId: person.id, oldHash: person.passwordHash, newHash }, now))) {
      return { kind: 'link void' }
    }
    if (person.passwordHash !== null) await mailAboutNewPassword(tx, context, { ...person, locale: person.locale ?? visit.locale }, visit)
    await logOwn(tx, onPage(person), { act: 'own password', after: { by: 'link' } }, visit, now)
    if (person.secondFactor) return { kind: 'code needed', ticket: staffTicket(context, person.id, newHash) }
    const entered = await enter(tx, context, { person, passwordHash: newHash, code: null }, visit)
    return entered.kind === 'signed in' ? entered : { kind: 'code needed', ticket: staffTicket(context, person.id, newHash) }
  })
}

/** Asks for a link to choose a new password. Throws a Refusal for a text that is not an address. For every address the same statements are made and only
 * the mail is missing, so that the answer does not show who works here. */
export async function askForStaffReset(context: DeskSignIn, email: string, visit: Visit): Promise<{ readonly kind: 'asked' } | Later> {
  const address = checkEmail(email)
  const wait = await takeAttempt(context.db, mailAllowances(address, visit), context.now())
  if (wait > 0) return later(wait)
  const person = await findStaffByEmail(context.db, address)
  const now = context.now()
  await transaction(context.db, async (tx) => {
    const { link, until } = await makeStaffLink(tx, context.site.url, { staffId: person?.id ?? null, purpose: 'reset' }, now)
    const values = { site: context.site.name, link, until: until.toISOString() }
    const mail = { accountId: null, recipient: person?.email ?? null, name: 'reset', locale: person?.locale ?? visit.locale } as const
    await queueMail(tx, context.secret, { ...mail, values }, now)
  })
  return { kind: 'asked' }
}

/** Asks a signed-in person for the password again. Attempts are counted per session, so that a stranger at an open browser can guess little. */
export async function checkStaffPasswordAgain(
  context: DeskSignIn,
  own: Own,
  password: string,
  visit: Visit,
): Promise<{ readonly kind: 'right'; readonly hash: string; giveBack(): Promise<void> } | { readonly kind: 'refused' } | Later> {
  const allowance = [{ subject: `proof in session ${own.sessionId} of staff`, atOnce: 5, pauseSeconds: 300 }]
  const wait = await takeAttempt(context.db, allowance, context.now())
  if (wait > 0) return later(wait)
  const hash = (await findStaffPerson(context.db, own.staffId))?.passwordHash ?? null
  const right = await context.passwords.verify(hash, boundedPassword(password))
  if (right) return { kind: 'right', hash: hash!, giveBack: () => giveBackAttempt(context.db, allowance) }
  await noteFailure(context.db, own.staffId, 'password', visit, context.now())
  return { kind: 'refused' }
}

/** Changes the password of somebody who knows the old one. Every session ends, on every node; this browser gets a new one. Throws a Refusal for a
 * password that is too easy to guess. */
export async function changeStaffPassword(
  context: DeskSignIn,
  own: Own,
  given: { current: string; wanted: string },
  visit: Visit,
): Promise<SignedInStaff | { readonly kind: 'refused' } | Later> {
  checkNewPassword(given.wanted, own.email)
  const checked = await checkStaffPasswordAgain(context, own, given.current, visit)
  if (checked.kind !== 'right') return checked
  const newHash = await context.passwords.hash(given.wanted)
  const now = context.now()
  const outcome = await transaction(context.db, async (tx) => {
    const person = await findStaffPerson(tx, own.staffId)
    if (!person || !(await setStaffPassword(tx, { staffId: person.id, oldHash: checked.hash, newHash }, now))) {
      return { kind: 'refused' } as const
    }
    await mailAboutNewPassword(tx, context, { ...person, locale: person.locale ?? visit.locale }, visit)
    await logOwn(tx, own.actor, { act: 'own password', after: { by: 'old password' } }, visit, now)
    const entered = await enter(tx, context, { person, passwordHash: newHash, code: null, codeWasGiven: true }, visit)
    return entered.kind === 'signed in' ? entered : ({ kind: 'refused' } as const)
  })
  await checked.giveBack()
  return outcome
}

async function mailAboutNewPassword(
  tx: Queryable,
  context: DeskSignIn,
  whose: { readonly email: string; readonly locale: string },
  visit: Visit,
): Promise<void> {
  const values = { site: context.site.name, address: visit.address, link: `${context.site.url}/desk/forgot` }
  const mail = { accountId: null, recipient: whose.email, name: 'passwordChanged', locale: whose.locale, values } as const
  await queueMail(tx, context.secret, mail, context.now())
}
