import { formatQuotient, formatUnits } from '../../../ledger/money.ts'
import type { GivenBackExplained, Miss } from '../../../orders/explain.ts'
import type { Texts } from '../../../texts/texts.ts'
import { countText, durationText } from '../../ui/figures.tsx'
import { Moment } from '../../ui/parts.tsx'
import { Arithmetic, Booked, type Drawn, Part, Rounded, Row } from './rows.tsx'

export function causeOf(one: GivenBackExplained): 'app.cause.refund' | 'app.cause.compensation' {
  const isRefund = one.by === 'partial' || one.by === 'canceled' || (one.by === 'unknown' && one.cause === 'refund')
  return isRefund ? 'app.cause.refund' : 'app.cause.compensation'
}

/** A refund or a compensation: its reason, its arithmetic, and its line in the statement. */
export function GivenBack({ texts, view, one }: Drawn & { readonly one: GivenBackExplained }) {
  const name = texts.text(causeOf(one))
  return (
    <Part title={name}>
      <GivenBackRows texts={texts} view={view} one={one} />
      <Booked texts={texts} view={view} name={name} amount={one.amount} line={one.line} />
    </Part>
  )
}

function GivenBackRows({ texts, view, one }: Drawn & { readonly one: GivenBackExplained }) {
  const charge = formatUnits(view.explanation.charge.amount)
  const limited = <Row name={texts.text('explain.limit')}>{texts.text('explain.limited')}</Row>
  switch (one.by) {
    case 'partial':
      return (
        <>
          <Row name={texts.text('explain.outcome')}>{texts.text('explain.partial')}</Row>
          <Row name={texts.text('app.remains')}>{countText(texts, one.remains)}</Row>
          <Row name={texts.text('explain.delivered')}>{countText(texts, one.delivered)}</Row>
          <Row name={texts.text('explain.exact')}>
            <Arithmetic>{`${charge} × ${one.remains} ÷ ${one.quantity} = ${formatQuotient(one.product)}`}</Arithmetic>
          </Row>
          <Rounded texts={texts} rounding={one.rounding} />
          {one.limited && limited}
        </>
      )
    case 'canceled':
      return <Row name={texts.text('explain.outcome')}>{texts.text('explain.canceled')}</Row>
    case 'promise':
      return (
        <>
          <Missed texts={texts} miss={one.miss} />
          <Row name={texts.text('explain.share')}>
            <Arithmetic>{`${charge} × ${one.basisPoints} ÷ 10000 = ${formatQuotient(one.product)}`}</Arithmetic>
          </Row>
          <Rounded texts={texts} rounding={one.rounding} />
          {one.limited && limited}
        </>
      )
    case 'unknown':
      return <Row name={texts.text('explain.exact')}>{texts.text('explain.unknown')}</Row>
    default:
      return one satisfies never
  }
}

const MINUTE_MS = 60_000

/** The promise that was missed, and by how much. */
export function Missed({ texts, miss: { promise, dueAt, reachedAt, judgedAt } }: { readonly texts: Texts; readonly miss: Miss }) {
  const late = Math.max(1, Math.round(((reachedAt ?? judgedAt).getTime() - dueAt.getTime()) / MINUTE_MS))
  return (
    <>
      <Row name={texts.text(`explain.promised.${promise}`)}>
        <Moment texts={texts} at={dueAt} />
      </Row>
      <Row name={texts.text(`explain.reached.${promise}`)}>
        {reachedAt ? (
          <>
            <Moment texts={texts} at={reachedAt} />
            <br />
            <span class="soft small">{texts.text('explain.late', { time: durationText(texts, late) })}</span>
          </>
        ) : (
          texts.text('explain.notYet')
        )}
      </Row>
    </>
  )
}
