import type { ComponentChildren } from 'preact'
import { formatUnits } from '../../../ledger/money.ts'
import type { OwnBook } from '../../../ledger/statement.ts'
import type { Explanation, Rounding } from '../../../orders/explain.ts'
import type { Texts } from '../../../texts/texts.ts'
import { address } from '../../ui/page-links.tsx'
import { bookName } from '../funds/asked.ts'
import { Hash } from '../funds/lines.tsx'

export interface ExplainView {
  readonly id: bigint
  readonly explanation: Explanation
  readonly hashes: ReadonlyMap<bigint, string>
  readonly book: OwnBook
}

/** The values that each part is drawn with. */
export interface Drawn {
  readonly texts: Texts
  readonly view: ExplainView
}

/** The address of the statement, from this line on. */
export function fundsOf(book: OwnBook, line?: bigint): string {
  return address('/funds', { book: bookName(book), before: line === undefined ? null : line + 1n })
}

export function Part({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <section class="explained">
      <h2>{title}</h2>
      <dl>{children}</dl>
    </section>
  )
}

export function Row({ name, children }: { readonly name: ComponentChildren; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** Arithmetic that reads from left to right in every language, with digits that programs can read. */
export function Arithmetic({ children }: { readonly children: string }) {
  return (
    <bdi class="figure arithmetic" dir="ltr">
      {children}
    </bdi>
  )
}

/** The booked amount, with all five decimals. */
export function Amount({ units, currency }: { readonly units: bigint; readonly currency: string }) {
  return <Arithmetic>{`${formatUnits(units)} ${currency}`}</Arithmetic>
}

export function Rounded({ texts, rounding }: { readonly texts: Texts; readonly rounding: Rounding }) {
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

/** A booked amount, with its line in the statement. */
export function Booked({ texts, view: { hashes, book }, name, amount, line }: BookedProps) {
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
