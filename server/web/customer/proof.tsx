import { proveAgain } from '../../customers/proof.ts'
import type { Session } from '../../customers/sessions.ts'
import type { Texts } from '../../texts/texts.ts'
import { CodeField, PasswordField } from '../ui/parts.tsx'
import type { PageContext } from './page-context.ts'
import { field, laterFault } from '../form-faults.ts'
import { type Faults, NO_FAULTS } from '../ui/page-ui.ts'

/** Whether a sensitive action must still ask for password and code. */
export interface Proof {
  readonly fresh: boolean
  readonly secondFactor: boolean
  /** Without one, they show on another page who they are. */
  readonly hasPassword: boolean
}

interface ProofFieldsProps {
  readonly texts: Texts
  readonly faults: Faults
  readonly proof: Proof
  /** The page that somebody without a password comes back to. */
  readonly next: string
}

/** The fields for password and code, unless the user gave them a short while ago. They are part of the action's own form, so that no typed value
 * is lost on the way to another page. */
export function ProofFields({ texts, faults, proof, next }: ProofFieldsProps) {
  if (proof.fresh) return null
  if (!proof.hasPassword) {
    return (
      <p class="small">
        {faults['password'] ?? texts.text('account.with.proveFirst')}{' '}
        <a href={`/account/prove?next=${next}`}>{texts.text('account.prove.title')}</a>
      </p>
    )
  }
  return (
    <>
      <p class="soft small">{texts.text('keys.prove')}</p>
      <PasswordField texts={texts} faults={faults} />
      {proof.secondFactor && <CodeField texts={texts} faults={faults} />}
    </>
  )
}

/** Checks the password and code of a submitted form. Without faults, the action may go on. */
export async function proved(context: PageContext, session: Session): Promise<{ readonly proof: Proof; readonly faults: Faults }> {
  const { request, accounts, visit, ui } = context
  const stale = { fresh: false, secondFactor: session.secondFactor, hasPassword: session.hasPassword }
  if (session.fresh) return { proof: { ...stale, fresh: true }, faults: NO_FAULTS }
  if (!session.hasPassword) return { proof: stale, faults: { password: ui.frame.texts.text('account.with.proveFirst') } }
  const password = field(request, 'password')
  if (password === '') return { proof: stale, faults: { password: ui.frame.texts.text('app.fault.missing') } }
  const outcome = await proveAgain(accounts, session, { password, code: field(request, 'code') }, visit)
  if (outcome.kind === 'proved') return { proof: { ...stale, fresh: true }, faults: NO_FAULTS }
  if (outcome.kind === 'later') return { proof: stale, faults: laterFault(outcome, context) }
  const text = ui.frame.texts.text(session.secondFactor ? 'account.fault.wrongProof' : 'account.fault.wrongPassword')
  return { proof: stale, faults: { password: text } }
}
