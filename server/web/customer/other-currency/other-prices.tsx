import type { Units } from '../../../ledger/money.ts'
import { paidText } from '../../../texts/money.ts'
import type { Texts } from '../../../texts/texts.ts'
import { currencyName } from '../../../texts/currency-name.ts'
import { RateText, sourceText } from '../../ui/exchange-rate.tsx'
import type { Frame } from '../../ui/document.tsx'
import { durationText } from '../../ui/figures.tsx'
import { converted, type Conversion, convertedPrice } from './convert.ts'
import type { ChosenCurrency, OtherCurrency } from './other-currency.ts'

/** A sum in the reader's currency, marked as approximate: "≈ €1.23". */
export function About({ text }: { readonly text: string }) {
  return (
    <bdi class="other-price" dir="ltr">
      ≈ {text}
    </bdi>
  )
}

/** A price, as it was typed, in the reader's currency. */
export function aboutPrice(texts: Texts, price: string, conversion: Conversion): string {
  return paidText(texts, convertedPrice(price, conversion), conversion.currency)
}

/** A sum that is charged, in the reader's currency. */
export function aboutSum(texts: Texts, units: Units, conversion: Conversion): string {
  return paidText(texts, converted({ digits: units, places: UNIT_PLACES }, conversion), conversion.currency)
}

const UNIT_PLACES = 5

/** The address of a page, which chooses a currency there. */
export function withPrices(page: string, prices: string): string {
  return `${page}${page.includes('?') ? '&' : '?'}prices=${prices}`
}

interface OtherPricesProps {
  readonly frame: Frame
  readonly other: OtherCurrency | undefined
  /** The address of this page that chooses a currency. */
  readonly address: (prices: string) => string
}

/** Chooses the currency in which prices are shown too, and tells by which rate, how old it is, and what is charged. */
export function OtherPrices({ frame, other, address }: OtherPricesProps) {
  if (other === undefined) return null
  const { texts } = frame
  const { own, offered, chosen } = other
  const choices = [
    ...offered.map((code) => [code, currencyName(texts, code)] as const),
    ['none', texts.text('prices.only', { currency: own })] as const,
  ]
  return (
    <div class="other-currency">
      <details class="picker">
        <summary>
          <span>{texts.text('prices.alsoIn')}</span> <bdi class="picked-currency">{chosen?.currency ?? '…'}</bdi>
        </summary>
        <div class="picker-panel">
          <ul>
            {choices.map(([code, name]) => (
              <li key={code}>
                <a
                  href={address(code)}
                  rel="nofollow"
                  data-prices={code}
                  aria-current={code === (chosen?.currency ?? 'none') ? 'true' : undefined}
                >
                  {name} {code !== 'none' && <bdi class="soft small">{code}</bdi>}
                </a>
              </li>
            ))}
          </ul>
        </div>
      </details>
      {chosen && <AboutRate frame={frame} own={own} chosen={chosen} />}
    </div>
  )
}

function AboutRate({
  frame: { texts, house },
  own,
  chosen,
}: {
  readonly frame: Frame
  readonly own: string
  readonly chosen: ChosenCurrency
}) {
  const { currency } = chosen
  switch (chosen.kind) {
    case 'shown':
      return (
        <p class="soft small">
          <RateText texts={texts} from={own} to={currency} rate={chosen.rate} sign="≈" /> · {sourceText(texts, house, chosen)} ·{' '}
          {texts.text('prices.charged', { currency: own })}
        </p>
      )
    case 'old':
      return <p class="soft small">{texts.text('prices.old', { own, currency, age: durationText(texts, chosen.minutesOld) })}</p>
    case 'none':
      return <p class="soft small">{texts.text('prices.none', { own, currency })}</p>
    default:
      return chosen satisfies never
  }
}
