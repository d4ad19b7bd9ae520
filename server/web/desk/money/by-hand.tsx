import { parseUnits, type Units } from '../../../ledger/money.ts'
import type { Moved } from '../../../staff/moved-by-hand.ts'
import { AlignedMoney } from '../../ui/figures.tsx'
import { Button, Field } from '../../ui/form.tsx'
import { Empty, Notice } from '../../ui/notice.tsx'
import { Moment } from '../../ui/parts.tsx'
import { Table } from '../../ui/table.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { MoneyTabs } from './money-tabs.tsx'

interface ByHandView {
  readonly from: string
  readonly until: string
  readonly rows: readonly Moved[]
  readonly hasMore: boolean
}

/** Deposits and corrections that staff booked: what each person moved in and out, and each movement. */
export function byHandPage(context: DeskContext, view: ByHandView): string {
  const { texts } = context.ui.frame
  const { from, until, rows, hasMore } = view
  const utc = texts.text('desk.money.utc')
  return deskPage(context, {
    title: texts.text('desk.money.byHand'),
    lead: texts.text('desk.money.byHand.lead'),
    children: (
      <>
        <MoneyTabs texts={texts} tab="/money/by-hand" />
        <form method="get" action={`${DESK}/money/by-hand`} class="desk-asked">
          <Field name="from" type="date" label={texts.text('desk.money.from')} value={from} hint={utc} />
          <Field name="until" type="date" label={texts.text('desk.money.until')} value={until} hint={utc} />
          <Button type="submit">{texts.text('desk.customers.show')}</Button>
        </form>
        {hasMore && <Notice mood="warn">{texts.text('desk.money.tooMany', { most: rows.length })}</Notice>}
        {rows.length === 0 ? (
          <Empty title={texts.text('desk.money.none')} text={texts.text('desk.money.byHand.none')} />
        ) : (
          <>
            <ByPerson context={context} rows={rows} />
            <Movements context={context} rows={rows} />
          </>
        )}
      </>
    ),
  })
}

interface PersonSum {
  readonly day: string
  readonly who: string
  readonly currency: string
  paidIn: Units
  taken: Units
}

/** What each person moved on each day, in each currency. */
function sumsOf(rows: readonly Moved[]): PersonSum[] {
  const sums = new Map<string, PersonSum>()
  for (const { at, who, currency, amount } of rows) {
    const day = at.toISOString().slice(0, 10)
    const key = `${day} ${who} ${currency}`
    const sum = sums.get(key) ?? { day, who, currency, paidIn: 0n, taken: 0n }
    const units = parseUnits(amount)
    if (units < 0n) sum.taken += units
    else sum.paidIn += units
    sums.set(key, sum)
  }
  return [...sums.values()]
}

function ByPerson({ context, rows }: { context: DeskContext; rows: readonly Moved[] }) {
  const { texts } = context.ui.frame
  return (
    <section>
      <h2>{texts.text('desk.money.byPerson')}</h2>
      <div class="scroll">
        <Table
          caption={texts.text('desk.money.byPerson')}
          headings={[
            texts.text('desk.money.who'),
            texts.text('desk.money.day'),
            texts.text('desk.money.paidIn'),
            texts.text('desk.money.taken'),
          ]}
          figures={[2, 3]}
          rows={sumsOf(rows).map(({ day, who, currency, paidIn, taken }) => [
            <bdi key="who">{who}</bdi>,
            day,
            <AlignedMoney key="in" texts={texts} units={paidIn} currency={currency} />,
            <AlignedMoney key="out" texts={texts} units={taken} currency={currency} />,
          ])}
        />
      </div>
    </section>
  )
}

function Movements({ context, rows }: { context: DeskContext; rows: readonly Moved[] }) {
  const { texts } = context.ui.frame
  return (
    <section>
      <h2>{texts.text('desk.money.movements')}</h2>
      <div class="scroll">
        <Table
          caption={texts.text('desk.money.movements')}
          headings={[
            texts.text('desk.money.when'),
            texts.text('desk.money.who'),
            texts.text('desk.customers.account'),
            texts.text('desk.money.amount'),
            texts.text('desk.money.note'),
          ]}
          figures={[3]}
          rows={rows.map(({ line, at, who, agreedBy, account, currency, amount, note }) => [
            <Moment key="at" texts={texts} at={at} />,
            <span key="who">
              <bdi>{who}</bdi>
              {agreedBy !== null && <span class="soft small"> {texts.text('desk.money.second', { second: agreedBy })}</span>}
            </span>,
            <a key="account" href={`${DESK}/customers/${account}`}>
              {account}
            </a>,
            <AlignedMoney key={line} texts={texts} units={parseUnits(amount)} currency={currency} />,
            <bdi key="note">{note}</bdi>,
          ])}
        />
      </div>
    </section>
  )
}
