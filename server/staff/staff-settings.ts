import type { Visit } from '../customers/account-context.ts'
import { transaction } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import { type DeskSignIn, logOwn, type Own } from './own.ts'
import { checkStaffName } from './staff.ts'
import { endStaffSession, endStaffSessionsOf } from './sessions.ts'

const TAG = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/
const READ = 'select name, locale from staff where id = $1 for no key update'
const SET = 'update staff set name = $2, locale = $3 where id = $1'

/** Sets a person's own name and language; no line is written when nothing differs. */
export async function setOwnSettings(
  context: DeskSignIn,
  own: Own,
  wanted: { name: string; locale: string | null },
  visit: Visit,
): Promise<void> {
  const after = { name: checkStaffName(wanted.name), locale: wanted.locale }
  if (after.locale !== null && !TAG.test(after.locale)) throw refuse('unknown_language')
  return transaction(context.db, async (tx) => {
    const [before] = (await tx.query<typeof after>(READ, [own.staffId])).rows
    if (!before || (before.name === after.name && before.locale === after.locale)) return
    await tx.query(SET, [own.staffId, after.name, after.locale])
    await logOwn(tx, own.actor, { act: 'own settings', before, after }, visit, context.now())
  })
}

/** Ends another session of the same person, or with null all but this one. Answers how many. */
export function endOwnSessions(context: DeskSignIn, own: Own, id: bigint | null, visit: Visit): Promise<number> {
  return transaction(context.db, async (tx) => {
    const ended =
      id === null
        ? await endStaffSessionsOf(tx, own.staffId, own.sessionId)
        : Number((await endStaffSession(tx, own.staffId, id)) !== undefined)
    if (ended > 0) await logOwn(tx, own.actor, { act: 'own sessions end', after: { ended } }, visit, context.now())
    return ended
  })
}
