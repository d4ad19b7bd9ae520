import type { AccountContext, Visit } from '../customers/account-context.ts'
import type { Queryable } from '../db/pool.ts'
import type { StaffActor } from './actor.ts'
import { writeLine } from './log.ts'
import { permissionsOf, type Role } from './roles.ts'

/** What signing in to the desk works with: the same as on the customers' pages. */
export type DeskSignIn = Pick<AccountContext, 'db' | 'now' | 'secret' | 'passwords' | 'site'>

/** A member of staff who is signed in, in this session. */
export interface Own {
  readonly sessionId: bigint
  readonly staffId: number
  readonly email: string
  readonly actor: StaffActor
}

/** What people do to their own way in. It is no act, because nobody else may do it and it asks for no permission, but it is in the same log. */
export const ownActs = [
  'own sign-in',
  'own sign-out',
  'own sessions end',
  'own password',
  'own code on',
  'own code off',
  'own recovery codes',
  'own settings',
] as const

type OwnAct = (typeof ownActs)[number]

/** Writes the line of something that a person did to their own way in, in its transaction and as its last statement. */
export async function logOwn(
  tx: Queryable,
  actor: StaffActor,
  did: { act: OwnAct; before?: object | null; after?: object | null },
  visit: Visit,
  now: Date,
): Promise<void> {
  await writeLine(tx, {
    at: now,
    actor,
    act: did.act,
    subject: {},
    input: JSON.stringify({ address: visit.address, agent: visit.agent.slice(0, 400) }),
    before: did.before ? JSON.stringify(did.before) : null,
    after: did.after ? JSON.stringify(did.after) : null,
    result: '{}',
    requestKey: null,
  })
}

/** The person on the pages of the desk. */
export function onPage(person: { readonly id: number; readonly email: string; readonly role: Role }): StaffActor {
  return { staffId: person.id, who: person.email, via: 'page', may: permissionsOf(person.role) }
}
