import type { ComponentChildren } from 'preact'
import type { BrowsedLine } from '../../../ledger/browse.ts'
import { walletChange } from '../../../ledger/statement.ts'
import type { Cause } from '../../../ledger/sums.ts'
import type { Moved } from '../../../staff/moved-by-hand.ts'
import { Money } from '../../ui/figures.tsx'
import { address } from '../../ui/page-links.tsx'
import { Moment } from '../../ui/parts.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { LineRows } from './line-rows.tsx'
import { MoneyTabs } from './money-tabs.tsx'

interface LineView {
  readonly line: BrowsedLine
  /** All lines of the same order, this one too. */
  readonly others: readonly BrowsedLine[]
  readonly moved: Moved | undefined
}

/** One movement of money: whose, why, and by whom. */
export function linePage(context: DeskContext, { line, others, moved }: LineView): string {
  const { texts } = context.ui.frame
  return deskPage(context, {
    title: texts.text('desk.money.line', { line: String(line.line), account: line.account }),
    children: (
      <>
        <MoneyTabs texts={texts} tab="/money" />
        <Facts context={context} line={line} />
        {moved && <ByWhom context={context} moved={moved} />}
        {line.orderId !== null && (
          <section>
            <h2>
              <a href={`${DESK}/orders/${line.orderId}`}>{texts.text('desk.money.ofOrder', { order: String(line.orderId) })}</a>
            </h2>
            <div class="scroll">
              <LineRows texts={texts} lines={others} ofOneAccount />
            </div>
          </section>
        )}
        <p>
          <a href={address(`${DESK}/money`, { account: line.account, test: line.play ? 1 : null, before: line.line + 1n })}>
            {texts.text('desk.money.inBook')}
          </a>
        </p>
      </>
    ),
  })
}

function Facts({ context, line }: { context: DeskContext; line: BrowsedLine }) {
  const { texts } = context.ui.frame
  const { account, at, cause, currency, walletAfter, reference, note } = line
  const facts: [string, ComponentChildren][] = [
    [texts.text('desk.customers.account'), <a key="account" href={`${DESK}/customers/${account}`}>{account}</a>],
    [texts.text('desk.money.cause'), texts.text(`app.cause.${cause as Cause}`)],
    [texts.text('desk.money.amount'), <Money key="amount" texts={texts} units={walletChange(line)} currency={currency} />],
    [texts.text('desk.money.balanceAfter'), <Money key="after" texts={texts} units={walletAfter} currency={currency} />],
    [texts.text('desk.money.when'), <Moment key="at" texts={texts} at={new Date(at)} />],
    [texts.text('desk.money.note'), note],
    [texts.text('desk.money.reference'), reference],
  ] // prettier-ignore
  return (
    <dl class="own-facts">
      {facts.map(
        ([name, value]) =>
          value !== null &&
          value !== '' && (
            <>
              <dt>{name}</dt>
              <dd>{typeof value === 'string' ? <bdi>{value}</bdi> : value}</dd>
            </>
          ),
      )}
    </dl>
  )
}

function ByWhom({ context, moved: { who, agreedBy, line } }: { context: DeskContext; moved: Moved }) {
  const { texts } = context.ui.frame
  return (
    <p>
      {agreedBy === null ? texts.text('desk.money.movedBy', { who }) : texts.text('desk.money.agreedBy', { who, second: agreedBy })}{' '}
      {context.staff.may.has('log.read') && <a href={`${DESK}/log/${line}`}>{texts.text('desk.told.line', { line: String(line) })}</a>}
    </p>
  )
}
