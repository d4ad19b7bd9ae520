import type { Later, Visit } from '../customers/account-context.ts'
import { newTotpSecret, showTotpSecret, stepOf } from '../customers/totp.ts'
import { type Queryable, transaction } from '../db/pool.ts'
import { queueMail } from '../mails/queue.ts'
import { refuse } from '../refusal.ts'
import { type DeskSignIn, logOwn, type Own } from './own.ts'
import { findStaffPerson, forgetCodes, lockStaff } from './people.ts'
import { isCodeDemanded } from './roles-with-code.ts'
import { makeStaffRecoveryCodes, useStaffCode } from './staff-codes.ts'
import { checkStaffPasswordAgain } from './staff-passwords.ts'
import { noteFailure } from './staff-failures.ts'

type Shown = { readonly secret: string; readonly uri: string }

const BEGIN = `
  insert into staff_second_factors as f (staff_id, sealed_secret) values ($1, $2)
  on conflict (staff_id) do update set sealed_secret = excluded.sealed_secret, last_step = 0 where f.confirmed_at is null`
const PENDING = 'select sealed_secret as "sealedSecret" from staff_second_factors where staff_id = $1 and confirmed_at is null'

/** Starts setting up an authenticator app. Sign-in asks for no codes until one has shown that the app works. Undefined when there is an app already. */
export async function beginStaffCode(context: DeskSignIn, own: Own): Promise<Shown | undefined> {
  const secret = newTotpSecret()
  const { rowCount } = await context.db.query(BEGIN, [own.staffId, context.secret.seal(secret)])
  return rowCount === 0 ? undefined : showTotpSecret(secret, context.site.name, own.email)
}

/** The answer of `beginStaffCode` again, for a page that is shown a second time. */
export async function readPendingStaffCode(context: DeskSignIn, own: Own): Promise<Shown | undefined> {
  const { rows } = await context.db.query<{ sealedSecret: Buffer }>(PENDING, [own.staffId])
  return rows[0] && showTotpSecret(context.secret.open(rows[0].sealedSecret), context.site.name, own.email)
}

const CONFIRM = 'update staff_second_factors set confirmed_at = $2, last_step = $3 where staff_id = $1'

/** `not begun`: no app is being set up. */
export type StaffCodeConfirmed =
  | { readonly kind: 'on'; readonly recoveryCodes: readonly string[] }
  | { readonly kind: 'code refused' | 'not begun' }

/** Makes sign-in ask for codes from now on. Answers the recovery codes, which are shown only here. */
export function confirmStaffCode(context: DeskSignIn, own: Own, code: string, visit: Visit): Promise<StaffCodeConfirmed> {
  const now = context.now()
  return transaction(context.db, async (tx): Promise<StaffCodeConfirmed> => {
    await lockStaff(tx, own.staffId)
    const { rows } = await tx.query<{ sealedSecret: Buffer }>(PENDING, [own.staffId])
    if (!rows[0]) return { kind: 'not begun' }
    const step = stepOf(context.secret.open(rows[0].sealedSecret), code, now)
    if (step === undefined) return { kind: 'code refused' }
    await tx.query(CONFIRM, [own.staffId, now, step])
    const recoveryCodes = await makeStaffRecoveryCodes(tx, own.staffId)
    await mailNotice(tx, context, own, 'secondFactorOn', visit)
    await logOwn(tx, own.actor, { act: 'own code on', before: { code: false }, after: { code: true } }, visit, now)
    return { kind: 'on', recoveryCodes }
  })
}

/** Removes the app, with the password and a code as proof. Throws a Refusal when the person's role demands a code. */
export async function removeStaffCode(
  context: DeskSignIn,
  own: Own,
  proof: { password: string; code: string },
  visit: Visit,
): Promise<{ readonly kind: 'off' | 'refused' } | Later> {
  const now = context.now()
  return proved(context, own, proof, visit, async (tx) => {
    const person = await findStaffPerson(tx, own.staffId)
    if (person && (await isCodeDemanded(tx, person.role))) throw refuse('code_demanded', person.role)
    await forgetCodes(tx, own.staffId)
    await mailNotice(tx, context, own, 'secondFactorOff', visit)
    await logOwn(tx, own.actor, { act: 'own code off', before: { code: true }, after: { code: false } }, visit, now)
    return { kind: 'off' } as const
  })
}

/** Makes ten new recovery codes in place of the old ones, shown only here, with the password and a code as proof. */
export async function renewStaffRecoveryCodes(
  context: DeskSignIn,
  own: Own,
  proof: { password: string; code: string },
  visit: Visit,
): Promise<{ readonly kind: 'made'; readonly recoveryCodes: readonly string[] } | { readonly kind: 'refused' } | Later> {
  return proved(context, own, proof, visit, async (tx) => {
    const recoveryCodes = await makeStaffRecoveryCodes(tx, own.staffId)
    await logOwn(tx, own.actor, { act: 'own recovery codes', after: { codes: recoveryCodes.length } }, visit, context.now())
    return { kind: 'made', recoveryCodes } as const
  })
}

/** Does what needs the password and a code again, in the transaction that uses the code up. */
async function proved<Outcome>(
  context: DeskSignIn,
  own: Own,
  proof: { password: string; code: string },
  visit: Visit,
  work: (tx: Queryable) => Promise<Outcome>,
): Promise<Outcome | { readonly kind: 'refused' } | Later> {
  const checked = await checkStaffPasswordAgain(context, own, proof.password, visit)
  if (checked.kind !== 'right') return checked
  const outcome = await transaction(context.db, async (tx) => {
    await lockStaff(tx, own.staffId)
    return (await useStaffCode(tx, context.secret, own.staffId, proof.code, context.now())) ? work(tx) : undefined
  })
  if (outcome !== undefined) {
    await checked.giveBack()
    return outcome
  }
  await noteFailure(context.db, own.staffId, 'code', visit, context.now())
  return { kind: 'refused' }
}

async function mailNotice(tx: Queryable, context: DeskSignIn, own: Own, name: 'secondFactorOn' | 'secondFactorOff', visit: Visit) {
  const values = { site: context.site.name, link: `${context.site.url}/desk/forgot` }
  const locale = (await findStaffPerson(tx, own.staffId))?.locale ?? visit.locale
  await queueMail(tx, context.secret, { accountId: null, recipient: own.email, name, locale, values }, context.now())
}
