import { type Queryable, transaction } from '../db/pool.ts'
import { queueMail } from '../mails/queue.ts'
import { type AccountContext, actorOf, type Later, type Visit } from './account-context.ts'
import { logAct } from './account-log.ts'
import { checkOwner } from './proof.ts'
import { makeRecoveryCodes } from './recovery-codes.ts'
import type { Session } from './sessions.ts'
import { newTotpSecret, showTotpSecret, stepOf, useCode } from './totp.ts'

const BEGIN = `
  insert into second_factors as f (user_id, sealed_secret) values ($1, $2)
  on conflict (user_id) do update set sealed_secret = excluded.sealed_secret, last_step = 0 where f.confirmed_at is null`

/**
 * Starts setting up an authenticator app. Sign-in does not ask for codes until one code has shown that the app works. Undefined when there is an app
 * already.
 */
export async function beginSecondFactor(context: AccountContext, session: Session): Promise<{ secret: string; uri: string } | undefined> {
  const secret = newTotpSecret()
  const { rowCount } = await context.db.query(BEGIN, [session.userId, context.secret.seal(secret)])
  return rowCount === 0 ? undefined : showTotpSecret(secret, context.site.name, session.email)
}

const PENDING = 'select sealed_secret as "sealedSecret" from second_factors where user_id = $1 and confirmed_at is null'
const PENDING_LOCKED = `${PENDING} for update`
const CONFIRM = 'update second_factors set confirmed_at = $2, last_step = $3 where user_id = $1'

/** The answer of `beginSecondFactor` again, for a page that is shown a second time. */
export async function readPendingSecondFactor(
  context: AccountContext,
  session: Session,
): Promise<{ secret: string; uri: string } | undefined> {
  const { rows } = await context.db.query<{ sealedSecret: Buffer }>(PENDING, [session.userId])
  return rows[0] && showTotpSecret(context.secret.open(rows[0].sealedSecret), context.site.name, session.email)
}

export type Confirmed =
  | { readonly kind: 'on'; readonly recoveryCodes: readonly string[] }
  | { readonly kind: 'code refused' }
  /** No app is being set up. */
  | { readonly kind: 'not begun' }

/** Makes sign-in ask for codes from now on. Answers the recovery codes, which are shown only here. */
export function confirmSecondFactor(context: AccountContext, session: Session, code: string, visit: Visit): Promise<Confirmed> {
  const now = context.now()
  return transaction(context.db, async (tx): Promise<Confirmed> => {
    const { rows } = await tx.query<{ sealedSecret: Buffer }>(PENDING_LOCKED, [session.userId])
    if (!rows[0]) return { kind: 'not begun' }
    const step = stepOf(context.secret.open(rows[0].sealedSecret), code, now)
    if (step === undefined) return { kind: 'code refused' }
    await tx.query(CONFIRM, [session.userId, now, step])
    const recoveryCodes = await makeRecoveryCodes(tx, session.userId)
    await logAct(tx, session.accountId, actorOf(visit, session.userId), 'second factor on', now)
    await mailNotice(tx, context, session, 'secondFactorOn', visit)
    return { kind: 'on', recoveryCodes }
  })
}

const IS_ON = 'select from second_factors where user_id = $1 and confirmed_at is not null for update'
const REMOVE = 'delete from second_factors where user_id = $1'
const REMOVE_CODES = 'delete from recovery_codes where user_id = $1'

/** Removes the second factor: sign-in asks for no code any more. Takes the password and a code. */
export async function removeSecondFactor(
  context: AccountContext,
  session: Session,
  proof: { password: string; code: string },
  visit: Visit,
): Promise<{ readonly kind: 'off' | 'refused' } | Later> {
  const checked = await checkOwner(context, session, proof.password, visit)
  if (checked.kind !== 'right') return checked
  const now = context.now()
  const off = await transaction(context.db, async (tx) => {
    if (!(await useCode(tx, context.secret, session.userId, proof.code, now))) return false
    await tx.query(REMOVE, [session.userId])
    await tx.query(REMOVE_CODES, [session.userId])
    await logAct(tx, session.accountId, actorOf(visit, session.userId), 'second factor off', now)
    await mailNotice(tx, context, session, 'secondFactorOff', visit)
    return true
  })
  if (off) await checked.giveBack()
  else await logAct(context.db, session.accountId, actorOf(visit, session.userId), 'code refused', now)
  return { kind: off ? 'off' : 'refused' }
}

/** Makes ten new recovery codes in place of the old ones, shown only here. Undefined when the user has no second factor. */
export function renewRecoveryCodes(context: AccountContext, session: Session, visit: Visit): Promise<readonly string[] | undefined> {
  return transaction(context.db, async (tx) => {
    const { rowCount } = await tx.query(IS_ON, [session.userId])
    if (rowCount === 0) return undefined
    await logAct(tx, session.accountId, actorOf(visit, session.userId), 'recovery codes made', context.now())
    return makeRecoveryCodes(tx, session.userId)
  })
}

async function mailNotice(
  tx: Queryable,
  context: AccountContext,
  session: Session,
  name: 'secondFactorOn' | 'secondFactorOff',
  visit: Visit,
) {
  const values = { site: context.site.name, link: `${context.site.url}/forgot` }
  const mail = { accountId: session.accountId, recipient: session.email, name, locale: session.locale ?? visit.locale, values }
  await queueMail(tx, context.secret, mail, context.now())
}
