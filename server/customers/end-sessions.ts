import { transaction } from '../db/pool.ts'
import { type AccountContext, actorOf, type Visit } from './account-context.ts'
import { logAct } from './account-log.ts'
import { deleteOtherSessions, deleteSession, type Session } from './sessions.ts'

/** Ends another session of the same user; false when the user has no such session. */
export function endSession(context: AccountContext, session: Session, id: bigint, visit: Visit): Promise<boolean> {
  return transaction(context.db, async (tx) => {
    const agent = await deleteSession(tx, session.userId, id)
    if (agent === undefined) return false
    await logAct(tx, session.accountId, actorOf(visit, session.userId), 'session ended', context.now(), agent)
    return true
  })
}

/** Ends all sessions of the user but this one. Answers how many. */
export function endOtherSessions(context: AccountContext, session: Session, visit: Visit): Promise<number> {
  return transaction(context.db, async (tx) => {
    const ended = await deleteOtherSessions(tx, session.userId, session.id)
    if (ended > 0) await logAct(tx, session.accountId, actorOf(visit, session.userId), 'other sessions ended', context.now(), String(ended))
    return ended
  })
}
