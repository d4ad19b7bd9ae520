import type { MessageKey } from '../../../../contract/message.ts'
import type { Actor } from '../../../customers/account-log.ts'
import { takeAttempt } from '../../../customers/attempts.ts'
import type { OwnErrand } from '../own-errand.ts'
import { type Faults, laterFault } from '../scene.ts'
import type { WebhookDesk } from './webhook-desk.ts'

/** A request for the webhooks of whoever is signed in. */
export interface HookErrand extends OwnErrand {
  readonly webhooks: WebhookDesk
  readonly actor: Actor
}

const DONE: Readonly<Record<string, MessageKey>> = {
  low: 'hooks.done.low',
  edited: 'hooks.done.low',
  again: 'hooks.done.again',
  paused: 'hooks.done.paused',
  resumed: 'hooks.done.resumed',
  removed: 'hooks.done.removed',
}

export function doneText({ query, scene }: HookErrand): string | undefined {
  const asked = query.get('done') ?? ''
  // An address may ask for `__proto__`.
  const done = Object.hasOwn(DONE, asked) ? DONE[asked] : undefined
  return done && scene.frame.texts.text(done)
}

/** What makes this server call elsewhere is counted: it is no instrument to knock at other people's doors. */
export async function tooOften(errand: HookErrand): Promise<Faults | undefined> {
  const { desk, session } = errand
  const wait = await takeAttempt(desk.db, [{ subject: `webhook calls of ${session.accountId}`, atOnce: 20, pauseSeconds: 10 }], desk.now())
  return wait > 0 ? laterFault({ kind: 'later', retryAfterSeconds: wait }, errand) : undefined
}
