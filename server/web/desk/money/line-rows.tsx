import type { BrowsedLine } from '../../../ledger/browse.ts'
import { walletChange } from '../../../ledger/statement.ts'
import type { Cause } from '../../../ledger/sums.ts'
import type { Texts } from '../../../texts/texts.ts'
import { AlignedMoney } from '../../ui/figures.tsx'
import { Moment } from '../../ui/parts.tsx'
import { DESK } from '../desk.ts'

interface LineRowsProps {
  readonly texts: Texts
  readonly lines: readonly BrowsedLine[]
  /** All lines are of one account, which the page names. */
  readonly ofOneAccount?: true
}

/** Lines of books, each with the way to its explanation. */
export function LineRows({ texts, lines, ofOneAccount }: LineRowsProps) {
  return (
    <table class="desk-lines">
      <caption class="visually-hidden">{texts.text('desk.money.ledger')}</caption>
      <thead>
        <tr>
          <th scope="col">{texts.text('desk.money.when')}</th>
          {!ofOneAccount && <th scope="col">{texts.text('desk.customers.account')}</th>}
          <th scope="col">{texts.text('desk.money.cause')}</th>
          <th scope="col" class="figures">{texts.text('desk.money.amount')}</th>
          <th scope="col" class="figures">{texts.text('desk.money.balanceAfter')}</th>
          <th scope="col">{texts.text('desk.money.about')}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={`${line.bookId} ${line.line}`} data-row>
            <th scope="row">
              <a href={lineAddress(line)}><Moment texts={texts} at={new Date(line.at)} /></a>
            </th>
            {!ofOneAccount && <td><a href={`${DESK}/customers/${line.account}`}>{line.account}</a></td>}
            <td>{texts.text(`app.cause.${line.cause as Cause}`)}</td>
            <td class={`figures ${walletChange(line) < 0n ? '' : 'in'}`}>
              <AlignedMoney texts={texts} units={walletChange(line)} currency={line.currency} />
            </td>
            <td class="figures"><AlignedMoney texts={texts} units={line.walletAfter} currency={line.currency} /></td>
            <td><About line={line} /></td>
          </tr>
        ))}
      </tbody>
    </table>
  ) // prettier-ignore
}

export function lineAddress({ bookId, line }: Pick<BrowsedLine, 'bookId' | 'line'>): string {
  return `${DESK}/money/line/${bookId}/${line}`
}

function About({ line: { orderId, note, reference } }: { line: BrowsedLine }) {
  if (orderId !== null) return <a href={`${DESK}/orders/${orderId}`}>{String(orderId)}</a>
  return <bdi>{[note, reference].filter((text) => text !== null && text !== '').join(' · ')}</bdi>
}
