import { transaction } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import { type AccountContext, actorOf, type Visit } from './account-context.ts'
import { logAct } from './account-log.ts'
import type { Session } from './sessions.ts'

const TAG = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/
const SET = 'update users set locale = $2 where id = $1 and locale is distinct from $2'

/** Sets the language of pages and mails. */
export function setLanguage(context: AccountContext, session: Session, locale: string, visit: Visit): Promise<void> {
  if (!TAG.test(locale)) throw refuse('unknown_language')
  return transaction(context.db, async (tx) => {
    const { rowCount } = await tx.query(SET, [session.userId, locale])
    if (rowCount === 1) await logAct(tx, session.accountId, actorOf(visit, session.userId), 'language changed', context.now(), locale)
  })
}
