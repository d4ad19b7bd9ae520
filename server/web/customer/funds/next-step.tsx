import type { TransferLine } from '../../../payments/gateway.ts'
import type { PaymentRow } from '../../../payments/payments.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Button } from '../../ui/form.tsx'
import type { PageUi } from '../../ui/page-ui.ts'
import { Form, Moment, Submit } from '../../ui/parts.tsx'
import { QrCode } from '../../ui/qr.tsx'

interface NextStepProps {
  readonly ui: PageUi
  readonly payment: PaymentRow
  readonly methodName: string
  /** The page's script goes on to the gateway. */
  readonly begins: boolean
}

/** What the payer does next: go on to the gateway, or copy the lines of a transfer. Nothing when the payment has ended. */
export function NextStep({ ui, payment, methodName, begins }: NextStepProps) {
  const { texts } = ui.frame
  if (payment.state !== 'open') return null
  if (payment.nextStep === null) {
    return (
      <Form ui={ui} action={`/funds/payments/${payment.id}/again`}>
        <Submit>{texts.text('payments.tryAgain')}</Submit>
      </Form>
    )
  }
  if (payment.nextStep.kind === 'redirect') {
    const { url } = payment.nextStep
    return /^https?:\/\//i.test(url) ? (
      <p>
        <a class="button main" href={url} rel="noreferrer" data-go={begins ? '' : undefined}>
          {texts.text('payments.goOn', { method: methodName })}
        </a>
      </p>
    ) : null
  }
  return <Transfer texts={texts} payment={payment} lines={payment.nextStep.lines} qr={payment.nextStep.qr} />
}

/** The most that a QR code holds at its level. */
const LONGEST_QR = 2300

interface TransferProps {
  readonly texts: Texts
  readonly payment: PaymentRow
  readonly lines: readonly TransferLine[]
  readonly qr: string | null
}

function Transfer({ texts, payment, lines, qr }: TransferProps) {
  return (
    <div class="transfer">
      {qr !== null && Buffer.byteLength(qr) <= LONGEST_QR && (
        <figure class="pay-code">
          <QrCode text={qr} title={texts.text('payments.qr')} />
          <figcaption class="soft small">{texts.text('payments.qr.text')}</figcaption>
        </figure>
      )}
      <div class="transfer-words">
        <dl class="transfer-lines">
          {lines.map(({ name, text }) => (
            <div key={`${name} ${text}`}>
              <dt>{texts.text(`payments.transfer.${name}`)}</dt>
              <dd>
                <bdi class="transfer-text" dir="auto">
                  {text}
                </bdi>
                {name === 'amount' && <> {payment.currency}</>}
                <Button
                  look="small"
                  class="needs-script"
                  data-copy={text}
                  data-done={texts.text('docs.copied')}
                  aria-label={`${texts.text('docs.copy')}: ${texts.text(`payments.transfer.${name}`)}`}
                >
                  {texts.text('docs.copy')}
                </Button>
              </dd>
            </div>
          ))}
        </dl>
        <p class="soft small">
          {lines.some(({ name }) => name === 'reference') && <>{texts.text('payments.transfer.exact')} </>}
          {texts.text('payments.until')}: <Moment texts={texts} at={payment.until} />
        </p>
      </div>
    </div>
  )
}
