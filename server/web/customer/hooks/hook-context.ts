import type { MessageKey } from '../../../../contract/message.ts'
import type { Actor } from '../../../customers/account-log.ts'
import { takeAttempt } from '../../../customers/attempts.ts'
import type { OwnContext } from '../own-context.ts'
import { laterFault } from '../../form-faults.ts'
import type { Faults } from '../../ui/page-ui.ts'
import type { WebhookActions } from './webhook-actions.ts'

/** A request about the webhooks of the signed-in user's account. */
export interface HookContext extends OwnContext {
  readonly webhooks: WebhookActions
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

export function doneText({ query, ui }: HookContext): string | undefined {
  const asked = query.get('done') ?? ''
  // The address may contain `__proto__`.
  const done = Object.hasOwn(DONE, asked) ? DONE[asked] : undefined
  return done && ui.frame.texts.text(done)
}

/** Limits how often an account makes this server call other hosts, so that nobody can use it to attack them. */
export async function tooOften(context: HookContext): Promise<Faults | undefined> {
  const { accounts, session } = context
  const wait = await takeAttempt(
    accounts.db,
    [{ subject: `webhook calls of ${session.accountId}`, atOnce: 20, pauseSeconds: 10 }],
    accounts.now(),
  )
  return wait > 0 ? laterFault({ kind: 'later', retryAfterSeconds: wait }, context) : undefined
}
