import { formatQuotient } from '../../../ledger/money.ts'
import type { ChargeExplained } from '../../../orders/explain.ts'
import type { Texts } from '../../../texts/texts.ts'
import { appPage } from '../app-frame.tsx'
import { countText, rateText } from '../../ui/figures.tsx'
import type { PageUi } from '../../ui/page-ui.ts'
import { causeOf, GivenBack, Missed } from './given-back.tsx'
import { Amount, Arithmetic, Booked, type Drawn, type ExplainView, fundsOf, Part, Rounded, Row } from './rows.tsx'

/** Explains an order's cost: each amount with its arithmetic and its line in the statement. */
export function explainPage(ui: PageUi, view: ExplainView): string {
  const { texts } = ui.frame
  const { id, explanation, book } = view
  const { currency } = book
  return appPage({
    ui,
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
    case 'moved in':
      return <Row name={texts.text('explain.exact')}>{texts.text('explain.movedIn')}</Row>
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
