import { transaction } from '../db/pool.ts'
import { type AccountContext, actorOf, type Later, later, type Visit } from './account-context.ts'
import { logAct } from './account-log.ts'
import { type Allowance, giveBackAttempt, takeAttempt } from './attempts.ts'
import { noteProof, type Session } from './sessions.ts'
import { useCode } from './totp.ts'
import { findUser } from './users.ts'

/** Nobody has a longer password. */
const LONGEST_PASSWORD = 1024

/**
 * Asks a signed-in person for the password again. Attempts are counted per session: a stranger at an open browser can guess little, and cannot use up
 * the person's attempts elsewhere.
 */
export async function checkPasswordAgain(
  context: AccountContext,
  session: Session,
  password: string,
  visit: Visit,
): Promise<{ readonly kind: 'right'; readonly hash: string; giveBack(): Promise<void> } | { readonly kind: 'refused' } | Later> {
  const allowance = allowanceOf(session)
  const wait = await takeAttempt(context.db, allowance, context.now())
  if (wait > 0) return later(wait)
  const user = await findUser(context.db, session.userId)
  const hash = user?.passwordHash ?? null
  const right = await context.passwords.verify(hash, boundedPassword(password))
  if (right) return { kind: 'right', hash: hash!, giveBack: () => giveBackAttempt(context.db, allowance) }
  await logAct(context.db, session.accountId, actorOf(visit, session.userId), 'proof failed', context.now())
  return { kind: 'refused' }
}

function allowanceOf({ id }: Session): Allowance[] {
  return [{ subject: `proof in session ${id}`, atOnce: 5, pauseSeconds: 300 }]
}

/** Asks for the password again; of somebody who has none, a proof by a provider a short while ago stands in its place. */
export async function checkOwner(
  context: AccountContext,
  session: Session,
  password: string,
  visit: Visit,
): Promise<{ readonly kind: 'right'; giveBack(): Promise<void> } | { readonly kind: 'refused' } | Later> {
  if (session.hasPassword) return checkPasswordAgain(context, session, password, visit)
  const wait = await takeAttempt(context.db, allowanceOf(session), context.now())
  if (wait > 0) return later(wait)
  return session.fresh ? { kind: 'right', giveBack: () => giveBackAttempt(context.db, allowanceOf(session)) } : { kind: 'refused' }
}

/** Uses up a code of a signed-in person who has no password, before a provider is asked who it is. Attempts count as those at a password do. */
export async function checkCodeAgain(
  context: AccountContext,
  session: Session,
  code: string,
  visit: Visit,
): Promise<{ readonly kind: 'right' | 'refused' } | Later> {
  if (!session.secondFactor) return { kind: 'right' }
  const wait = await takeAttempt(context.db, allowanceOf(session), context.now())
  if (wait > 0) return later(wait)
  const now = context.now()
  if (await transaction(context.db, (tx) => useCode(tx, context.secret, session.userId, code, now))) {
    await giveBackAttempt(context.db, allowanceOf(session))
    return { kind: 'right' }
  }
  await logAct(context.db, session.accountId, actorOf(visit, session.userId), 'code refused', now)
  return { kind: 'refused' }
}

/** A text longer than any password becomes an empty one, which is always wrong. */
export function boundedPassword(password: string): string {
  return password.length > LONGEST_PASSWORD ? '' : password
}

/** Asks again for the password, and for a code when sign-in asks for one, before a delicate act. */
export async function proveAgain(
  context: AccountContext,
  session: Session,
  proof: { password: string; code: string | undefined },
  visit: Visit,
): Promise<{ readonly kind: 'proved' | 'refused' } | Later> {
  const checked = await checkPasswordAgain(context, session, proof.password, visit)
  if (checked.kind !== 'right') return checked
  const now = context.now()
  const proved = await transaction(context.db, async (tx) => {
    if (session.secondFactor && !(await useCode(tx, context.secret, session.userId, proof.code ?? '', now))) return false
    await noteProof(tx, session.id, now)
    return true
  })
  if (proved) await checked.giveBack()
  else await logAct(context.db, session.accountId, actorOf(visit, session.userId), 'code refused', now)
  return { kind: proved ? 'proved' : 'refused' }
}
