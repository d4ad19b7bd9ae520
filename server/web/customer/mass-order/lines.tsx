import { serviceTypeByName } from '../../../../contract/service-types.ts'
import type { MassOrderLine } from '../../../orders/mass-orders.ts'
import { countLines } from '../../../ordering/order-form.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Prose } from '../../ui/prose.tsx'
import { countText, Money } from '../../ui/figures.tsx'
import { placeOfCode } from '../order/order-faults.ts'
import type { OfferedService } from '../services/offer.ts'

export interface ShownLine {
  readonly line: MassOrderLine
  /** Undefined if the row names a service that this reader cannot order. */
  readonly service: OfferedService | undefined
}

interface LineTableProps {
  readonly texts: Texts
  readonly lines: readonly ShownLine[]
  readonly currency: string
}

/** What each row orders and costs, and its outcome or its fault. */
export function LineTable({ texts, lines, currency }: LineTableProps) {
  return (
    <table class="order-lines">
      <caption class="visually-hidden">{texts.text('mass.lines')}</caption>
      <thead>
        <tr>
          <th scope="col">{texts.text('app.line')}</th>
          <th scope="col">{texts.text('mass.what')}</th>
          <th scope="col">{texts.text('app.quantity')}</th>
          <th scope="col">{texts.text('app.charge')}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((shown) => (
          <LineRow key={shown.line.number} texts={texts} shown={shown} currency={currency} />
        ))}
      </tbody>
    </table>
  )
}

function LineRow({ texts, shown, currency }: { readonly texts: Texts; readonly shown: ShownLine; readonly currency: string }) {
  const { line, service } = shown
  const isSubscription = service?.service.type === 'Subscriptions'
  return (
    <tr class={line.refusalCode === null ? undefined : 'bad'}>
      <th scope="row">{line.number}</th>
      <td>
        <OrderCells texts={texts} shown={shown} />
        {line.refusalCode !== null && (
          <p class="fault">
            <LineFault texts={texts} code={line.refusalCode} service={service} />
          </p>
        )}
      </td>
      <td class="figure">{quantityText(texts, shown)}</td>
      <td>
        {line.charge !== null && !isSubscription && <Money texts={texts} units={line.charge} currency={currency} />}
        {isSubscription && line.charge !== null && <span class="soft small">{texts.text('mass.later')}</span>}
      </td>
    </tr>
  )
}

/** Links in a list may have any length, so long ones are cut. */
const MOST_SHOWN = 300

function beginningOf(text: string): string {
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text
}

function OrderCells({ texts, shown: { line, service } }: { readonly texts: Texts; readonly shown: ShownLine }) {
  const { parameters, source, orderId } = line
  if (parameters === null)
    return (
      <code class="typed" dir="ltr">
        {beginningOf(source)}
      </code>
    )
  return (
    <p class="ordered">
      <span>
        <bdi dir="ltr">{beginningOf(parameters['service'] ?? '')}</bdi>
        {service && (
          <>
            {' · '}
            <bdi>{service.name}</bdi>
          </>
        )}
      </span>
      <bdi class="soft small" dir="ltr">
        {beginningOf(parameters['link'] ?? parameters['username'] ?? '')}
      </bdi>
      {orderId !== null && (
        <a class="small" href={`/orders/${orderId}`}>
          {texts.text('app.orderNumber', { id: orderId.toString() })}
        </a>
      )}
    </p>
  )
}

/** The quantity as typed, or the number of comments or users in the row. A drip-feed shows its runs too. */
function quantityText(texts: Texts, { line: { parameters }, service }: ShownLine): string {
  const counted = service && serviceTypeByName.get(service.service.type)?.counted
  if (counted?.by === 'lines') {
    const words = parameters?.[counted.of]
    return words === undefined ? '' : countText(texts, countLines(words))
  }
  const quantity = counted?.by === 'package' ? '' : (parameters?.['quantity'] ?? '')
  const shown = /^\d{1,15}$/.test(quantity) ? countText(texts, BigInt(quantity)) : beginningOf(quantity)
  const runs = parameters?.['runs']
  return runs === undefined || shown === '' ? shown : `${shown} × ${beginningOf(runs)}`
}

interface LineFaultProps {
  readonly texts: Texts
  readonly code: string
  readonly service: OfferedService | undefined
}

/** The fault of a row, and how to correct it. */
function LineFault({ texts, code, service }: LineFaultProps) {
  switch (code) {
    case 'columns':
      return <Prose text={texts.text('mass.fault.columns')} />
    case 'open_quote':
      return texts.text('mass.fault.openQuote')
    case 'has_order':
      return texts.text('mass.fault.hasOrder')
    case 'price_above_max_charge':
      return texts.text('mass.fault.dearer')
    case 'quantity_below_min':
    case 'quantity_above_max':
      return <OutOfRange texts={texts} code={code} service={service} />
    default: {
      const { field, text } = placeOfCode(code)
      // The table has no column for this field, so the fault names it.
      const isNamed = field !== 'form' && !OWN_WORDS.has(text)
      return (
        <>
          {isNamed && <code dir="ltr">{field}</code>}
          {isNamed && ': '}
          <Prose text={texts.text(text)} />
        </>
      )
    }
  }
}

/** Faults whose texts already name their field. */
const OWN_WORDS: ReadonlySet<string> = new Set(['app.fault.linkNotTaken', 'refusal.activeLink', 'app.fault.link'])

function OutOfRange({ texts, code, service }: LineFaultProps) {
  const range = service && {
    least: countText(texts, service.service.min),
    most: countText(texts, service.service.max),
  }
  return (
    <>
      {texts.text(code === 'quantity_below_min' ? 'refusal.quantityBelow' : 'refusal.quantityAbove')}
      {range && ` (${texts.text('docs.range', range)})`}
    </>
  )
}
