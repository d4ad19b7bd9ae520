import type { PaymentRow } from '../../../payments/payments.ts'
import { moneyText } from '../../../texts/money.ts'
import { Empty } from '../../ui/notice.tsx'
import { address, PageLinks } from '../../ui/page-links.tsx'
import type { PageUi } from '../../ui/page-ui.ts'
import { Form, Moment, Submit } from '../../ui/parts.tsx'
import { appPage } from '../app-frame.tsx'
import { askedOf, StateBadge } from './payment-words.tsx'

interface PaymentsView {
  readonly payments: readonly { readonly payment: PaymentRow; readonly methodName: string }[]
  readonly older: bigint | null
  readonly isOlder: boolean
  /** A mail is sent when money arrives. */
  readonly mails: boolean
}

/** The payments of an account, newest first, with their states. */
export function paymentsPage(ui: PageUi, { payments, older, isOlder, mails }: PaymentsView): string {
  const { texts } = ui.frame
  return appPage({
    ui,
    title: texts.text('payments.list'),
    children: (
      <>
        <p class="ways">
          <a class="button plain" href="/funds">
            {texts.text('app.funds')}
          </a>
        </p>
        {payments.length === 0 ? (
          <Empty title={texts.text('payments.none.title')} text={texts.text('payments.none.text')} />
        ) : (
          <ul class="rows">
            {payments.map(({ payment, methodName }) => (
              <li key={payment.id}>
                <div class="what">
                  <h2>
                    <a href={`/funds/payments/${payment.id}`}>
                      <bdi dir="ltr">{payment.reference}</bdi>
                    </a>{' '}
                    <StateBadge texts={texts} state={payment.state} />
                  </h2>
                  <p class="soft small">
                    <bdi>{methodName}</bdi> · <bdi dir="ltr">{askedOf(texts, payment)}</bdi>
                  </p>
                </div>
                <p class="price">
                  <bdi class="figure amount" dir="ltr">
                    {moneyText(texts, payment.amount + payment.bonus, payment.accountCurrency)}
                  </bdi>
                  <br />
                  <span class="soft small">
                    <Moment texts={texts} at={payment.createdAt} />
                  </span>
                </p>
              </li>
            ))}
          </ul>
        )}
        <PageLinks
          links={[
            { href: isOlder ? '/funds/payments' : null, text: texts.text('app.newest') },
            { href: older === null ? null : address('/funds/payments', { before: older }), text: texts.text('app.older') },
          ]}
        />
        <Form ui={ui} action="/funds/payments/mails" class="mails-form">
          <p class="soft small">{texts.text(mails ? 'payments.mails.on' : 'payments.mails.off')}</p>
          <input type="hidden" name="mails" value={mails ? 'off' : 'on'} />
          <Submit look="plain">{texts.text(mails ? 'payments.mails.turnOff' : 'payments.mails.turnOn')}</Submit>
        </Form>
      </>
    ),
  })
}
