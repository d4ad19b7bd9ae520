import type { ComponentChildren } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { formatAmount } from '../../../payments/amounts.ts'
import type { Offer } from '../../../payments/offers.ts'
import type { FrozenRate } from '../../../payments/payments.ts'
import type { Quote } from '../../../payments/quote.ts'
import type { Terms } from '../../../payments/start.ts'
import { moneyText, paidText } from '../../../texts/money.ts'
import type { Texts } from '../../../texts/texts.ts'
import type { House } from '../../house.ts'
import { minutesSince, RateText, sourceText } from '../../ui/exchange-rate.tsx'
import { refusalText } from './add-form.ts'

interface OfferCostProps {
  readonly texts: Texts
  /** Of the account. */
  readonly currency: string
  readonly offer: Offer
  readonly now: Date
  readonly house: House
}

/** What a sum costs and brings by one method; or why it cannot be paid so. */
export function OfferCost({ texts, currency, offer, now, house }: OfferCostProps) {
  if (offer.terms === null) return <p class="pay-not">{refusalText(texts, offer.refusal)}</p>
  const { quote, rate } = offer.terms
  return (
    <>
      <p>{sentence(texts, quote, currency)}</p>
      {quote.fee.digits > 0n && <p class="soft small">{texts.text('payments.fee', { fee: feeText(texts, quote) })}</p>}
      {rate && <RateWords texts={texts} from={currency} to={quote.currency} rate={rate} now={now} house={house} />}
    </>
  )
}

/** The same as HTML, for the page's script. */
export function offerCostHtml(props: OfferCostProps): string {
  return renderToString(<OfferCost {...props} />)
}

/** "You pay €103.00, $110.25 arrive, of it $5.25 bonus." */
export function sentence(texts: Texts, quote: Quote, currency: string): string {
  const arrives = moneyText(texts, quote.amount + quote.bonus, currency)
  const asked = askedText(texts, quote)
  if (quote.bonus === 0n) return texts.text('payments.cost', { asked, arrives })
  return texts.text('payments.cost.bonus', { asked, arrives, bonus: moneyText(texts, quote.bonus, currency) })
}

export function askedText(texts: Texts, { asked, currency }: Quote): string {
  return paidText(texts, formatAmount(asked, currency), currency)
}

function feeText(texts: Texts, { fee, currency }: Quote): string {
  return paidText(texts, formatAmount(fee, currency), currency)
}

interface RateProps {
  readonly texts: Texts
  readonly from: string
  readonly to: string
  readonly rate: FrozenRate
  readonly now: Date
  readonly house: House
}

/** The rate, where it is known from, and how old it is. */
function RateWords({ texts, from, to, rate: { rate, source, at }, now, house }: RateProps) {
  return (
    <p class="soft small">
      <RateText texts={texts} from={from} to={to} rate={rate} sign="=" /> ·{' '}
      {sourceText(texts, house, { source, minutesOld: minutesSince(new Date(at), now) })}
    </p>
  )
}

/** The exact figures as a list: what is paid, what of it is the fee, what arrives, what of it is bonus, at which rate. */
export function Figures({ texts, terms, currency, now, house }: Omit<OfferCostProps, 'offer'> & { readonly terms: Terms }) {
  const { method, quote, rate, coupon } = terms
  return (
    <dl class="own-facts">
      <Fact name={texts.text('payments.method')}>
        <bdi>{method.name}</bdi>
      </Fact>
      <Fact name={texts.text('payments.youPay')}>
        <strong>
          <bdi dir="ltr">{askedText(texts, quote)}</bdi>
        </strong>
        {quote.fee.digits > 0n && <> ({texts.text('payments.feeOf', { fee: feeText(texts, quote) })})</>}
      </Fact>
      <Fact name={texts.text('payments.arrives')}>
        <strong>
          <bdi dir="ltr">{moneyText(texts, quote.amount + quote.bonus, currency)}</bdi>
        </strong>
        {quote.bonus > 0n && <> ({texts.text('payments.bonusOf', { bonus: moneyText(texts, quote.bonus, currency) })})</>}
      </Fact>
      {coupon && (
        <Fact name={texts.text('payments.coupon')}>
          <bdi>{coupon.code}</bdi>
        </Fact>
      )}
      {rate && (
        <Fact name={texts.text('payments.rate')}>
          <RateWords texts={texts} from={currency} to={quote.currency} rate={rate} now={now} house={house} />
        </Fact>
      )}
    </dl>
  )
}

export function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  )
}
