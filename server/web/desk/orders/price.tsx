import { formatQuotient, formatUnits, type Units } from '../../../ledger/money.ts'
import type { ChargeExplained, Explanation, GivenBackExplained } from '../../../orders/explain.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Part } from './part.tsx'

interface PriceProps {
  readonly texts: Texts
  readonly currency: string
  readonly explanation: Explanation
}

/** The charge, what was given back and what is kept, each with its arithmetic. What cannot be computed again is told as unknown. */
export function Price({ texts, currency, explanation: { charge, givenBack, kept } }: PriceProps) {
  return (
    <Part title={texts.text('desk.orders.part.price')}>
      <table class="order-price">
        <caption class="visually-hidden">{texts.text('desk.orders.part.price')}</caption>
        <tbody>
          <PriceRow name={texts.text('app.cause.charge')} how={chargeHow(texts, charge)} units={charge.amount} currency={currency} />
          {givenBack.map((one) => (
            <PriceRow
              key={one.line}
              name={texts.text(isRefund(one) ? 'app.cause.refund' : 'app.cause.compensation')}
              how={givenBackHow(texts, one, charge.amount)}
              units={-one.amount}
              currency={currency}
            />
          ))}
          <PriceRow name={texts.text('explain.kept')} how="" units={kept} currency={currency} />
        </tbody>
      </table>
    </Part>
  )
}

function PriceRow({ name, how, units, currency }: { name: string; how: string; units: Units; currency: string }) {
  return (
    <tr>
      <th scope="row">
        {name}
        {how !== '' && (
          <bdi class="soft small arithmetic" dir="auto">
            {how}
          </bdi>
        )}
      </th>
      <td class="figures">
        <bdi class="figure" dir="ltr">
          {`${units < 0n ? '−' : ''}${formatUnits(units < 0n ? -units : units)} ${currency}`}
        </bdi>
      </td>
    </tr>
  )
}

function chargeHow(texts: Texts, charge: ChargeExplained): string {
  switch (charge.by) {
    case 'rate': {
      const { rate, per, quantity, product } = charge
      const from =
        rate.of === 'discount'
          ? ` (${rate.catalogue} − ${rate.percent}%)`
          : rate.of === 'custom'
            ? ` (${texts.text('desk.orders.customRate')})`
            : ''
      return `${rate.text}${from} × ${quantity}${per === 1n ? '' : ' ÷ 1000'} = ${formatQuotient(product)}`
    }
    case 'parent':
      return texts.text('explain.parent')
    case 'moved in':
      return texts.text('explain.movedIn')
    case 'posts':
      return texts.text('explain.posts')
    case 'unknown':
      return texts.text('explain.unknown')
    default:
      return charge satisfies never
  }
}

function isRefund(one: GivenBackExplained): boolean {
  return one.by === 'partial' || one.by === 'canceled' || (one.by === 'unknown' && one.cause === 'refund')
}

function givenBackHow(texts: Texts, one: GivenBackExplained, charge: Units): string {
  switch (one.by) {
    case 'partial':
      return `${formatUnits(charge)} × ${one.remains} ÷ ${one.quantity} = ${formatQuotient(one.product)}`
    case 'canceled':
      return texts.text('explain.canceled')
    case 'promise':
      return `${formatUnits(charge)} × ${one.basisPoints} ÷ 10000 = ${formatQuotient(one.product)}`
    case 'unknown':
      return texts.text('explain.unknown')
    default:
      return one satisfies never
  }
}
