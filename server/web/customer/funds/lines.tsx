import type { MessageKey } from '../../../../contract/message.ts'
import { type HashedLine, type Line, preimage } from '../../../ledger/seal.ts'
import { type OwnBook, walletChange } from '../../../ledger/statement.ts'
import type { DocumentNumber } from '../../../payments/documents.ts'
import type { Texts } from '../../../texts/texts.ts'
import { AlignedMoney } from '../../ui/figures.tsx'
import { Moment } from '../../ui/parts.tsx'
import { DocumentLink } from './document-link.tsx'
import type { FundsView } from './funds-view.ts'

/** A page of the statement, newest line first, with the balances before and after if the lines form a chain. */
export function Lines({ texts, view: { lines, chain, opening, closing, book, seal, documents } }: { texts: Texts; view: FundsView }) {
  return (
    <table class="statement" data-previous={chain?.previous} data-seal-line={seal?.line.toString()} data-seal-hash={seal?.hash}>
      <caption class="visually-hidden">{texts.text('app.funds')}</caption>
      <thead>
        <tr>
          <th scope="col">{texts.text('app.movement')}</th>
          <th scope="col">{texts.text('app.amount')}</th>
          <th scope="col">{texts.text('app.balance')}</th>
        </tr>
      </thead>
      <tbody>
        {chain && <Total texts={texts} span={2} name="app.closing" units={closing} currency={book.currency} />}
        {(chain?.lines ?? lines).map((line) => (
          <LineRow key={line.line} texts={texts} line={line} book={book} document={documents.get(line.line)} />
        ))}
        {chain && <Total texts={texts} span={2} name="app.opening" units={opening} currency={book.currency} />}
      </tbody>
    </table>
  )
}

interface TotalProps {
  readonly texts: Texts
  /** The number of columns before the balance. */
  readonly span: number
  readonly name: MessageKey
  readonly units: bigint
  readonly currency: string
}

/** The balance before or after the lines. */
export function Total({ texts, span, name, units, currency }: TotalProps) {
  return (
    <tr class="total">
      <th scope="row" colSpan={span}>
        {texts.text(name)}
      </th>
      <td>
        <AlignedMoney texts={texts} units={units} currency={currency} />
      </td>
    </tr>
  )
}

interface LineProps {
  readonly texts: Texts
  readonly line: Line | HashedLine
  readonly book: OwnBook
  /** Its receipt or credit note. */
  readonly document: DocumentNumber | undefined
}

function LineRow({ texts, line, book, document }: LineProps) {
  const change = walletChange(line)
  const hash = 'hash' in line ? line.hash : undefined
  return (
    <tr id={`line-${line.line}`} data-line={hash && preimage(line)} data-hash={hash}>
      <th scope="row">
        <Movement texts={texts} line={line} />
        <div class="soft small line-facts">
          <span>
            {texts.text('app.line')} <bdi class="line-number">{line.line.toString()}</bdi>
          </span>
          <Moment texts={texts} at={new Date(line.at)} />
          {document && <DocumentLink texts={texts} kind={line.cause === 'reversal' ? 'credit note' : 'receipt'} number={document} />}
          {hash !== undefined && <Hash texts={texts} hash={hash} />}
        </div>
      </th>
      <td class={change > 0n ? 'change in' : 'change'}>
        <AlignedMoney texts={texts} units={change} currency={book.currency} />
      </td>
      <td class="after">
        <AlignedMoney texts={texts} units={line.walletAfter} currency={book.currency} />
      </td>
    </tr>
  )
}

/** Whether the note of a line tells what its cause does not: a person wrote it, or it names the panel that rent was paid for. The other notes repeat
 * the cause in English. */
export function tellsMore(cause: Line['cause']): boolean {
  return cause === 'deposit' || cause === 'correction' || cause === 'rent'
}

/** The cause of a line, its order and its note. */
function Movement({ texts, line: { cause, orderId, note } }: Pick<LineProps, 'texts' | 'line'>) {
  const order = orderId === null ? '' : texts.text('app.orderNumber', { id: orderId.toString() })
  return (
    <>
      {texts.text(`app.cause.${cause}` as MessageKey)}
      {orderId !== null && (
        <>
          {' · '}
          <a class="line-order" href={`/orders/${orderId}`}>
            {order}
          </a>
          {' · '}
          <a href={`/orders/${orderId}/explain`}>
            {texts.text('explain.link')}
            <span class="visually-hidden"> ({order})</span>
          </a>
        </>
      )}
      {note && tellsMore(cause) && (
        <p>
          <bdi class="soft small note">{note}</bdi>
        </p>
      )}
    </>
  )
}

const SHOWN_DIGITS = 8

/** A shortened hash that opens to its full length. */
export function Hash({ texts, hash }: { readonly texts: Texts; readonly hash: string }) {
  return (
    <details class="hash">
      <summary>
        <span class="visually-hidden">{texts.text('funds.hash')} </span>
        <code dir="ltr">{hash.slice(0, SHOWN_DIGITS)}…</code>
      </summary>
      <code dir="ltr">{hash}</code>
    </details>
  )
}
