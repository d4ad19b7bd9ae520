import { proveAgain } from '../../customers/proof.ts'
import type { Session } from '../../customers/sessions.ts'
import type { Texts } from '../../texts/texts.ts'
import { CodeField, PasswordField } from './parts.tsx'
import { type PageContext, type Faults, field, laterFault, NO_FAULTS } from './page-context.ts'

/** Whether a delicate form still has to ask who is there. */
export interface Proof {
  readonly fresh: boolean
  readonly secondFactor: boolean
}

/** Part of a delicate form: password and code, unless they were given a short while ago. In the form itself, so that nothing that was
 * typed is lost on the way to another page. */
export function ProofFields({ texts, faults, proof }: { readonly texts: Texts; readonly faults: Faults; readonly proof: Proof }) {
  if (proof.fresh) return null
  return (
    <>
      <p class="soft small">{texts.text('keys.prove')}</p>
      <PasswordField texts={texts} faults={faults} />
      {proof.secondFactor && <CodeField texts={texts} faults={faults} />}
    </>
  )
}

/** What the form of a delicate act says of who is there. Without faults the act may go on. */
export async function proved(context: PageContext, session: Session): Promise<{ readonly proof: Proof; readonly faults: Faults }> {
  const { request, accounts, visit, ui } = context
  const stale = { fresh: false, secondFactor: session.secondFactor }
  if (session.fresh) return { proof: { ...stale, fresh: true }, faults: NO_FAULTS }
  const password = field(request, 'password')
  if (password === '') return { proof: stale, faults: { password: ui.frame.texts.text('app.fault.missing') } }
  const outcome = await proveAgain(accounts, session, { password, code: field(request, 'code') }, visit)
  if (outcome.kind === 'proved') return { proof: { ...stale, fresh: true }, faults: NO_FAULTS }
  if (outcome.kind === 'later') return { proof: stale, faults: laterFault(outcome, context) }
  const text = ui.frame.texts.text(session.secondFactor ? 'account.fault.wrongProof' : 'account.fault.wrongPassword')
  return { proof: stale, faults: { password: text } }
}
