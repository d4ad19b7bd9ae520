import { FileField } from '../../ui/labelled.tsx'
import type { PageUi } from '../../ui/page-ui.ts'
import { Submit } from '../../ui/parts.tsx'

export interface ProofView {
  /** Whether a picture is there already. */
  readonly isSent: boolean
  /** Whether staff have not decided yet. */
  readonly isWanted: boolean
  readonly fault: string | undefined
}

/** The picture that shows a transfer to staff, and the form that sends one. */
export function PaymentProof({ ui, here, proof }: { readonly ui: PageUi; readonly here: string; readonly proof: ProofView }) {
  const { texts } = ui.frame
  const { isSent, isWanted, fault } = proof
  if (!isSent && !isWanted) return null
  return (
    <section class="payment-proof" aria-label={texts.text('payments.proof')}>
      {isSent && (
        <p>
          <a href={`${here}/proof`}>{texts.text('payments.proof.sent')}</a>
        </p>
      )}
      {isWanted && (
        <form method="post" action={`${here}/proof`} enctype="multipart/form-data" class="form">
          <input type="hidden" name="csrf" value={ui.csrf} />
          <FileField
            id="picture"
            name="picture"
            accept="image/png,image/jpeg,image/webp"
            label={texts.text(isSent ? 'payments.proof.another' : 'payments.proof')}
            hint={texts.text('payments.proof.hint')}
            fault={fault}
          />
          <Submit look="plain">{texts.text('payments.proof.send')}</Submit>
        </form>
      )}
    </section>
  )
}
