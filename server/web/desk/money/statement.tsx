import type { Summary } from '../../../ledger/statement.ts'
import { causes } from '../../../ledger/sums.ts'
import { AlignedMoney } from '../../ui/figures.tsx'
import { Button, Field } from '../../ui/form.tsx'
import { Empty } from '../../ui/notice.tsx'
import { address, PageLinks } from '../../ui/page-links.tsx'
import { Table } from '../../ui/table.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { MoneyTabs } from './money-tabs.tsx'
import { monthBeside, type StatementView } from './read-statement.ts'

const PATH = `${DESK}/money/statement`

/** The balance of an account before a month, what moved it, and after it. */
export function statementPage(context: DeskContext, { account, month, book, summary }: StatementView): string {
  const { texts } = context.ui.frame
  const beside = (step: number) => (account ? address(PATH, { account: account.id, month: monthBeside(month, step) }) : null)
  return deskPage(context, {
    title: texts.text('desk.money.statement'),
    lead: account === null ? undefined : <a href={`${DESK}/customers/${account.id}`}><bdi>{account.email}</bdi></a>,
    children: (
      <>
        <MoneyTabs texts={texts} tab="/money/statement" />
        <form method="get" action={PATH} class="desk-asked">
          <Field name="account" label={texts.text('desk.customers.account')} value={String(account?.id ?? '')} inputMode="numeric" dir="ltr" required />
          <Field name="month" label={texts.text('desk.money.month')} value={month} hint={texts.text('desk.money.month.hint')} dir="ltr" />
          <Button type="submit">{texts.text('desk.customers.show')}</Button>
        </form>
        {account !== null && !summary && <Empty title={texts.text('desk.money.none')} text={texts.text('desk.money.noBook')} />}
        {book && summary && <Sums context={context} month={month} currency={book.currency} summary={summary} />}
        {account !== null && (
          <p class="buttons">
            <a class="button plain" href={address(`${DESK}/money`, { account: account.id, until: lastDayOf(month) })}>
              {texts.text('desk.money.lines')}
            </a>
          </p>
        )}
        <PageLinks
          links={[
            { href: beside(-1), text: texts.text('desk.money.monthBefore') },
            { href: beside(1), text: texts.text('desk.money.monthAfter') },
          ]}
        />
      </>
    ),
  }) // prettier-ignore
}

function lastDayOf(month: string): string {
  const next = new Date(`${monthBeside(month, 1)}-01T00:00:00Z`)
  return new Date(next.getTime() - 1).toISOString().slice(0, 10)
}

interface SumsProps {
  readonly context: DeskContext
  readonly month: string
  readonly currency: string
  readonly summary: Summary
}

function Sums({ context, month, currency, summary: { opening, sums, closing } }: SumsProps) {
  const { texts } = context.ui.frame
  const amount = (units: bigint) => <AlignedMoney texts={texts} units={units} currency={currency} />
  return (
    <div class="scroll">
      <Table
        caption={texts.text('desk.money.statementOf', { month })}
        headings={[texts.text('desk.money.cause'), texts.text('desk.money.amount')]}
        figures={[1]}
        rows={[
          [texts.text('app.opening'), amount(opening)],
          ...causes.filter((cause) => sums[cause] !== 0n).map((cause) => [texts.text(`app.cause.${cause}`), amount(sums[cause])]),
          [texts.text('app.closing'), amount(closing)],
        ]}
      />
    </div>
  )
}
