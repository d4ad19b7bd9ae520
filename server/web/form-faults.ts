import type { FastifyReply, FastifyRequest } from 'fastify'
import type { MessageKey } from '../../contract/message.ts'
import type { Later } from '../customers/account-context.ts'
import { isRefusal, type RefusalCode } from '../refusal.ts'
import type { Faults, PageUi } from './ui/page-ui.ts'

/** A field of the submitted form; empty if it is missing. */
export function field(request: FastifyRequest, name: string): string {
  const value = (request.body as Readonly<Record<string, unknown>> | undefined)?.[name]
  return typeof value === 'string' ? value : ''
}

const FAULTS: Readonly<Partial<Record<RefusalCode, { readonly field: string; readonly text: MessageKey }>>> = {
  incorrect_email: { field: 'email', text: 'account.fault.incorrectEmail' },
  password_too_short: { field: 'wanted', text: 'account.fault.passwordTooShort' },
  password_too_long: { field: 'wanted', text: 'account.fault.passwordTooLong' },
  password_too_common: { field: 'wanted', text: 'account.fault.passwordTooCommon' },
  password_like_email: { field: 'wanted', text: 'account.fault.passwordLikeEmail' },
}

/** The fault that a refusal of an address or a new password means, in the reader's language. Throws any other error again. */
export function faultOf(error: unknown, { frame }: PageUi): Faults {
  const known = isRefusal(error) ? FAULTS[error.code] : undefined
  if (!known) throw error
  return { [known.field]: frame.texts.text(known.text) }
}

/** The fault for too many attempts. It says when to try again. */
export function laterFault({ retryAfterSeconds }: Later, { reply, ui }: { readonly reply: FastifyReply; readonly ui: PageUi }): Faults {
  void reply.header('retry-after', retryAfterSeconds)
  return { form: ui.frame.texts.text('account.later', { minutes: Math.ceil(retryAfterSeconds / 60) }) }
}
