import type { ComponentChildren } from 'preact'
import { renderToString } from 'preact-render-to-string'
import type { MessageKey } from '../../../../contract/message.ts'
import type { Line } from '../../../ledger/seal.ts'
import { type OwnBook, type Span, type Summary, walletChange } from '../../../ledger/statement.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Button } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { appPage } from '../app-frame.tsx'
import { address, PageLinks } from '../../ui/page-links.tsx'
import { AlignedMoney } from '../../ui/figures.tsx'
import { Moment } from '../../ui/parts.tsx'
import type { PageUi } from '../../ui/page-ui.ts'
import { bookName } from './asked.ts'
import { tellsMore, Total } from './lines.tsx'
import { type Month, monthText } from './months.ts'
import { Sums } from './sums.tsx'

/** A part of a month that has more lines than browsers print well. */
export interface Part {
  /** Counted from 1. */
  readonly number: number
  readonly count: number
  readonly span: Span
}

interface StatementView {
  readonly book: OwnBook
  readonly month: Month
  readonly part: Part
  readonly account: { readonly id: number; readonly email: string }
  readonly issuedAt: Date
  /** Of the whole month. */
  readonly summary: Summary
  /** Of this part of the month. */
  readonly carried: Summary
  /** The hash before the part's first line, and the hash of its last line. */
  readonly hashes: { readonly before: string; readonly after: string }
}

/** A placeholder for the lines. */
const LINES = '<tr id="lines"></tr>'

/** A month's statement for printing: the page up to its lines, and the page after them. */
export function statementPage(ui: PageUi, view: StatementView): [head: string, foot: string] {
  const { texts, house } = ui.frame
  const { book, month, part, carried, hashes } = view
  const { currency } = book
  const isEmpty = part.span.after === part.span.last
  const html = appPage({
    ui,
    title: texts.text('funds.statement.title', { month: monthText(texts, month) }),
    script: 'funds',
    children: (
      <article class="printed">
        <p class="ways not-printed">
          <Button class="print needs-script">{texts.text('funds.print')}</Button>
          <a class="button plain" href={address('/funds', { book: bookName(book), month: month.name })}>
            {texts.text('app.funds')}
          </a>
        </p>
        {book.play && <Notice mood="plain">{texts.text('funds.test.text')}</Notice>}
        <dl class="own-facts">
          <Fact name={texts.text('funds.issuer')}>{house.name}</Fact>
          <Fact name={texts.text('account.title')}>
            <bdi dir="ltr">{view.account.email}</bdi> · <bdi dir="ltr">{view.account.id}</bdi>
          </Fact>
          <Fact name={texts.text('funds.issued')}>
            <Moment texts={texts} at={view.issuedAt} />
          </Fact>
        </dl>
        <Sums texts={texts} summary={view.summary} currency={currency} asked={{ month, cause: null }} />
        {part.count > 1 && <Parts texts={texts} view={view} />}
        {isEmpty ? (
          <p>{texts.text('funds.nothing')}</p>
        ) : (
          <table class="statement">
            <caption class="visually-hidden">{monthText(texts, month)}</caption>
            <thead>
              <tr>
                <th scope="col">{texts.text('app.line')}</th>
                <th scope="col">{texts.text('funds.time')}</th>
                <th scope="col">{texts.text('app.movement')}</th>
                <th scope="col">{texts.text('app.amount')}</th>
                <th scope="col">{texts.text('app.balance')}</th>
              </tr>
            </thead>
            <tbody>
              <Total texts={texts} span={4} name="app.opening" units={carried.opening} currency={currency} />
              <tr id="lines" />
              <Total texts={texts} span={4} name="app.closing" units={carried.closing} currency={currency} />
            </tbody>
          </table>
        )}
        <dl class="own-facts hashes">
          <Fact name={texts.text('funds.hashBefore')}>
            <code dir="ltr">{hashes.before}</code>
          </Fact>
          <Fact name={texts.text('funds.hashAfter')}>
            <code dir="ltr">{hashes.after}</code>
          </Fact>
        </dl>
        <p class="soft small">{texts.text('funds.hashes')}</p>
      </article>
    ),
  })
  const [head, foot = ''] = html.split(LINES) as [string, string?]
  return [head, foot]
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  )
}

/** Links to the parts of a month that has more lines than browsers print well. */
function Parts({ texts, view: { book, month, part } }: { texts: Texts; view: StatementView }) {
  const at = (number: number) =>
    number < 1 || number > part.count ? null : address('/funds/statement', { book: bookName(book), month: month.name, part: number })
  const lines = { first: (part.span.after + 1n).toString(), last: part.span.last.toString() }
  return (
    <>
      <p>
        <strong>{texts.text('funds.part', { part: part.number, parts: part.count, ...lines })}</strong>
      </p>
      <div class="not-printed">
        <PageLinks
          links={[
            { href: at(part.number - 1), text: texts.text('app.previous') },
            { href: at(part.number + 1), text: texts.text('app.next') },
          ]}
        />
        <form method="get" action="/funds/statement" class="go-to-part">
          {book.play && <input type="hidden" name="book" value="test" />}
          <input type="hidden" name="month" value={month.name} />
          <label for="part">{texts.text('funds.partNumber')}</label>
          <input id="part" name="part" type="number" min={1} max={part.count} value={part.number} />
          <Button type="submit">{texts.text('app.show')}</Button>
        </form>
      </div>
    </>
  )
}

/** Rows for these lines, oldest first. */
export function lineRows(texts: Texts, lines: readonly Line[], currency: string): string {
  return renderToString(
    <>
      {lines.map((line) => (
        <tr key={line.line}>
          <th scope="row">{line.line.toString()}</th>
          <td>
            <time dateTime={line.at} dir="ltr">
              {line.at.slice(0, 16).replace('T', ' ')}
            </time>
          </td>
          <td>
            {texts.text(`app.cause.${line.cause}` as MessageKey)}
            {line.orderId !== null && <> · {texts.text('app.orderNumber', { id: line.orderId.toString() })}</>}
            {line.note && tellsMore(line.cause) && (
              <>
                {' · '}
                <bdi class="note">{line.note}</bdi>
              </>
            )}
          </td>
          <td>
            <AlignedMoney texts={texts} units={walletChange(line)} currency={currency} />
          </td>
          <td>
            <AlignedMoney texts={texts} units={line.walletAfter} currency={currency} />
          </td>
        </tr>
      ))}
    </>,
  )
}
