import type { PaymentDocument } from '../../../payments/documents.ts'
import { documentName } from '../../../payments/documents.ts'
import { moneyText } from '../../../texts/money.ts'
import { payerText } from './payer-money.ts'
import { Button } from '../../ui/form.tsx'
import type { PageUi } from '../../ui/page-ui.ts'
import { Moment } from '../../ui/parts.tsx'
import { appPage } from '../app-frame.tsx'
import { documentTitle } from './document-link.tsx'
import { Fact } from './offer-cost.tsx'

/** A receipt or a credit note for printing. Seller and buyer are those of its day. */
export function receiptPage(ui: PageUi, document: PaymentDocument): string {
  const { texts, house } = ui.frame
  const { kind, facts, paid, units, bonus, currency, receipt, reference, paymentId } = document
  const { seller, buyer } = facts
  const isReceipt = kind === 'receipt'
  return appPage({
    ui,
    title: documentTitle(texts, kind, document),
    script: 'funds',
    children: (
      <article class="printed">
        <p class="ways not-printed">
          <Button class="print needs-script">{texts.text('funds.print')}</Button>
          <a class="button plain" href={paymentId === null ? '/funds' : `/funds/payments/${paymentId}`}>
            {texts.text(paymentId === null ? 'app.funds' : 'payments.one')}
          </a>
        </p>
        <div class="parties">
          <section>
            <h2>{texts.text('payments.seller')}</h2>
            <p>
              <bdi>{seller.name === '' ? house.name : seller.name}</bdi>
            </p>
            {seller.address !== null && (
              <p class="funds-note" dir="auto">
                {seller.address}
              </p>
            )}
            {seller.taxId !== null && (
              <p>
                {texts.text('payments.taxId')} <bdi>{seller.taxId}</bdi>
              </p>
            )}
          </section>
          <section>
            <h2>{texts.text('payments.buyer')}</h2>
            <p>
              <bdi dir="ltr">{buyer.email}</bdi>
            </p>
            <p>
              {texts.text('account.title')} <bdi dir="ltr">{buyer.account}</bdi>
            </p>
          </section>
        </div>
        <dl class="own-facts">
          <Fact name={texts.text('payments.number')}>
            <bdi dir="ltr">{documentName(document)}</bdi>
          </Fact>
          {!isReceipt && (
            <Fact name={texts.text('payments.forReceipt')}>
              <a href={`/funds/receipts/${documentName(receipt)}`}>{documentName(receipt)}</a>
            </Fact>
          )}
          <Fact name={texts.text('funds.issued')}>
            <Moment texts={texts} at={document.issuedAt} />
          </Fact>
          <Fact name={texts.text(isReceipt ? 'payments.paidOn' : 'payments.returnedOn')}>
            <Moment texts={texts} at={document.at} />
          </Fact>
          <Fact name={texts.text('payments.method')}>
            <bdi>{facts.method}</bdi>
          </Fact>
          {reference !== null && (
            <Fact name={texts.text('payments.transfer.reference')}>
              <bdi dir="ltr">{reference}</bdi>
            </Fact>
          )}
        </dl>
        <table class="receipt-sums">
          <caption class="visually-hidden">{documentTitle(texts, kind, document)}</caption>
          <tbody>
            <tr>
              <th scope="row">{texts.text(isReceipt ? 'payments.paid' : 'payments.returned')}</th>
              <td>
                <bdi dir="ltr">{payerText(texts, paid.amount, paid.currency)}</bdi>
              </td>
            </tr>
            <tr>
              <th scope="row">{texts.text(isReceipt ? 'payments.addedToBalance' : 'payments.takenFromBalance')}</th>
              <td>
                <bdi dir="ltr">{moneyText(texts, units, currency)}</bdi>
              </td>
            </tr>
            {bonus > 0n && (
              <tr>
                <th scope="row">{texts.text(isReceipt ? 'payments.bonus' : 'payments.bonusTaken')}</th>
                <td>
                  <bdi dir="ltr">{moneyText(texts, bonus, currency)}</bdi>
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </article>
    ),
  })
}
