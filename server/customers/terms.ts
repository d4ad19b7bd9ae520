import type { Queryable } from '../db/pool.ts'
import { type AccountContext, actorOf, type Visit } from './account-context.ts'
import { logAct } from './account-log.ts'
import type { Session } from './sessions.ts'

const ACCEPT = 'insert into terms_accepted (user_id, version, accepted_at, address) values ($1, $2, $3, $4) on conflict do nothing'

/** Keeps that somebody has accepted a version of the terms. Accepted twice, it is kept as it was the first time. */
export async function acceptTerms(
  tx: Queryable,
  { userId, accountId }: Pick<Session, 'userId' | 'accountId'>,
  version: number,
  visit: Visit,
  now: Date,
): Promise<void> {
  const { rowCount } = await tx.query(ACCEPT, [userId, version, now, visit.address])
  if (rowCount === 1) await logAct(tx, accountId, actorOf(visit, userId), 'terms accepted', now, String(version))
}

/** Whether somebody must accept the terms before they go on. */
export function mustAccept({ acceptedTerms = null }: Pick<Session, 'acceptedTerms'>, terms: AccountContext['terms']): boolean {
  return terms !== undefined && terms.acceptFrom !== null && (acceptedTerms ?? 0) < terms.acceptFrom
}
