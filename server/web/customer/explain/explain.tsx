import type { ComponentChildren } from 'preact'
import { formatQuotient, formatUnits } from '../../../ledger/money.ts'
import type { OwnBook } from '../../../ledger/statement.ts'
import type { ChargeExplained, Explanation, GivenBackExplained, Miss, Rounding } from '../../../orders/explain.ts'
import type { Texts } from '../../texts/texts.ts'
import { address, appPage } from '../app-frame.tsx'
import { countText, durationText, rateText } from '../figures.tsx'
import { Hash } from '../funds/lines.tsx'
import { Moment } from '../parts.tsx'
import type { Scene } from '../scene.ts'

interface ExplainView {
  readonly id: bigint
  readonly explanation: Explanation
  readonly hashes: ReadonlyMap<bigint, string>
  readonly book: OwnBook
}

/** What each part is drawn with. */
interface Drawn {
  readonly texts: Texts
  readonly view: ExplainView
}

/** Why an order cost what it cost: each amount with its arithmetic and its line of the statement. */
export function explainPage(scene: Scene, view: ExplainView): string {
  const { texts } = scene.frame
  const { id, explanation, book } = view
  const { currency } = book
  return appPage({
    scene,
    title: texts.text('explain.title', { id: id.toString() }),
    children: (
      <>
        <p class="ways">
          {!book.play && <a href={`/orders/${id}`}>{texts.text('app.orderNumber', { id: id.toString() })}</a>}
          <a href={fundsOf(book)}>{texts.text('app.funds')}</a>
        </p>
        <Charge texts={texts} view={view} charge={explanation.charge} />
        {explanation.givenBack.map((one) => (
          <GivenBack key={one.line} texts={texts} view={view} one={one} />
        ))}
        {explanation.unpaidMisses.map((miss) => (
          <Part key={miss.promise} title={texts.text('explain.missed')}>
            <Missed texts={texts} miss={miss} />
            <Row name={texts.text('explain.outcome')}>{texts.text(miss.cancels ? 'explain.missedCancel' : 'explain.missedNothing')}</Row>
          </Part>
        ))}
        <Part title={texts.text('explain.result')}>
          <Row name={texts.text('explain.charged')}>
            <Amount units={explanation.charge.amount} currency={currency} />
          </Row>
          {explanation.givenBack.map((one) => (
            <Row key={one.line} name={`− ${texts.text(causeOf(one))}`}>
              <Amount units={one.amount} currency={currency} />
            </Row>
          ))}
          <Row name={`= ${texts.text('explain.kept')}`}>
            <strong>
              <Amount units={explanation.kept} currency={currency} />
            </strong>
          </Row>
        </Part>
        <p class="soft small">{texts.text('explain.corrections')}</p>
      </>
    ),
  })
}

/** The statement, from a line on. */
function fundsOf({ play }: OwnBook, line?: bigint): string {
  return address('/funds', { book: play ? 'test' : null, before: line === undefined ? null : line + 1n })
}

function Part({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <section class="explained">
      <h2>{title}</h2>
      <dl>{children}</dl>
    </section>
  )
}

function Row({ name, children }: { readonly name: ComponentChildren; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** A line that reads from left to right in every language, with digits as programs take them. */
function Arithmetic({ children }: { readonly children: string }) {
  return (
    <bdi class="figure arithmetic" dir="ltr">
      {children}
    </bdi>
  )
}

/** With all five decimals, as it was booked. */
function Amount({ units, currency }: { readonly units: bigint; readonly currency: string }) {
  return <Arithmetic>{`${formatUnits(units)} ${currency}`}</Arithmetic>
}

function Charge({ texts, view, charge }: Drawn & { readonly charge: ChargeExplained }) {
  return (
    <Part title={texts.text('explain.charged')}>
      <ChargeRows texts={texts} view={view} charge={charge} />
      <Booked texts={texts} view={view} name={texts.text('app.cause.charge')} amount={charge.amount} line={charge.line} />
    </Part>
  )
}

function ChargeRows({
  texts,
  view: {
    book: { currency },
  },
  charge,
}: Drawn & { readonly charge: ChargeExplained }) {
  switch (charge.by) {
    case 'rate': {
      const { rate, per, quantity, runs, product, rounding } = charge
      const divided = per === 1n ? '' : ' ÷ 1000'
      return (
        <>
          <Row name={texts.text('explain.rate')}>
            <bdi class="figure" dir="ltr">
              {rateText(texts, rate.text, currency)}
            </bdi>{' '}
            {texts.text(per === 1n ? 'app.perPackage' : 'app.perThousand')}
            <br />
            <span class="soft small">{whoseText(texts, rate, currency)}</span>
          </Row>
          {per === 1n ? (
            <Row name={texts.text('app.quantity')}>{texts.text('explain.package')}</Row>
          ) : (
            <Row name={texts.text('app.quantity')}>
              {countText(texts, quantity)}
              {runs && (
                <>
                  <br />
                  <span class="soft small">
                    {texts.text('explain.runs', { runs: runs.count, quantity: countText(texts, runs.quantity) })}{' '}
                    <Arithmetic>{`${runs.count} × ${runs.quantity} = ${quantity}`}</Arithmetic>
                  </span>
                </>
              )}
            </Row>
          )}
          <Row name={texts.text('explain.exact')}>
            <Arithmetic>{`${rate.text} × ${quantity}${divided} = ${formatQuotient(product)}`}</Arithmetic>
          </Row>
          <Rounded texts={texts} rounding={rounding} />
        </>
      )
    }
    case 'parent':
      return (
        <Row name={texts.text('app.partOf')}>
          <a href={`/orders/${charge.parentId}/explain`}>{texts.text('app.orderNumber', { id: charge.parentId.toString() })}</a>
          <br />
          <span class="soft small">{texts.text('explain.parent')}</span>
        </Row>
      )
    case 'posts':
      return <Row name={texts.text('explain.rate')}>{texts.text('explain.posts')}</Row>
    case 'unknown':
      return <Row name={texts.text('explain.exact')}>{texts.text('explain.unknown')}</Row>
    default:
      return charge satisfies never
  }
}

function whoseText(texts: Texts, rate: Extract<ChargeExplained, { by: 'rate' }>['rate'], currency: string): string {
  if (rate.of !== 'discount') return texts.text(`explain.rateOf.${rate.of}`)
  const percent = new Intl.NumberFormat(`${texts.language.code}-u-nu-latn`, { style: 'percent', maximumFractionDigits: 2 })
  return texts.text('explain.rateOf.discount', {
    percent: percent.format(Number(rate.percent) / 100),
    rate: rateText(texts, rate.catalogue, currency),
  })
}

function Rounded({ texts, rounding }: { readonly texts: Texts; readonly rounding: Rounding }) {
  return (
    <Row name={texts.text('explain.rounding')}>
      {texts.text(`explain.rounding.${rounding}`)}
      <br />
      <span class="soft small">{texts.text('explain.rule')}</span>
    </Row>
  )
}

interface BookedProps extends Drawn {
  readonly name: string
  readonly amount: bigint
  readonly line: bigint | null
}

/** What was booked, and where it stands. */
function Booked({ texts, view: { hashes, book }, name, amount, line }: BookedProps) {
  return (
    <Row name={<strong>{name}</strong>}>
      <strong>
        <Amount units={amount} currency={book.currency} />
      </strong>
      {line !== null && (
        <div class="soft small line-facts">
          <a href={`${fundsOf(book, line)}#line-${line}`}>
            {texts.text('app.line')} {line.toString()}
          </a>
          <Hash texts={texts} hash={hashes.get(line)!} />
        </div>
      )}
    </Row>
  )
}

function causeOf(one: GivenBackExplained): 'app.cause.refund' | 'app.cause.compensation' {
  const isRefund = one.by === 'partial' || one.by === 'canceled' || (one.by === 'unknown' && one.cause === 'refund')
  return isRefund ? 'app.cause.refund' : 'app.cause.compensation'
}

function GivenBack({ texts, view, one }: Drawn & { readonly one: GivenBackExplained }) {
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

/** What was promised, and how late it came. */
function Missed({ texts, miss: { promise, dueAt, reachedAt, judgedAt } }: { readonly texts: Texts; readonly miss: Miss }) {
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
