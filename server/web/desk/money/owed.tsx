import type { Owed } from '../../../ledger/owed.ts'
import type { Texts } from '../../../texts/texts.ts'
import { AlignedMoney, countText } from '../../ui/figures.tsx'
import { Button, Field } from '../../ui/form.tsx'
import { Table } from '../../ui/table.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { MoneyTabs } from './money-tabs.tsx'

interface OwedView {
  readonly now: readonly Owed[]
  /** At the end of the day; undefined: no day was asked for. */
  readonly atEnd: readonly Owed[] | undefined
  readonly day: string | null
}

/** What all customers together have paid in and not spent. */
export function owedPage(context: DeskContext, { now, atEnd, day }: OwedView): string {
  const { texts } = context.ui.frame
  return deskPage(context, {
    title: texts.text('desk.money.owed'),
    lead: texts.text('desk.money.owed.lead'),
    children: (
      <>
        <MoneyTabs texts={texts} tab="/money/owed" />
        <section data-live-region="owed">
          <h2>{texts.text('desk.money.now')}</h2>
          <Sums texts={texts} owed={now} caption={texts.text('desk.money.now')} />
        </section>
        <section>
          <h2>{texts.text('desk.money.onDay')}</h2>
          <form method="get" action={`${DESK}/money/owed`} class="desk-asked">
            <Field
              name="day"
              type="date"
              label={texts.text('desk.money.day')}
              value={day ?? ''}
              hint={texts.text('desk.money.utc')}
              required
            />
            <Button type="submit">{texts.text('desk.customers.show')}</Button>
          </form>
          {atEnd !== undefined && <Sums texts={texts} owed={atEnd} caption={texts.text('desk.money.endOf', { day: day! })} />}
        </section>
      </>
    ),
  })
}

function Sums({ texts, owed, caption }: { texts: Texts; owed: readonly Owed[]; caption: string }) {
  if (owed.length === 0) return <p>{texts.text('desk.money.nothingOwed')}</p>
  return (
    <div class="scroll">
      <Table
        caption={caption}
        headings={[texts.text('desk.money.currency'), texts.text('desk.money.owed'), texts.text('desk.money.accounts')]}
        figures={[1, 2]}
        rows={owed.map(({ currency, owed: units, books }) => [
          currency,
          <AlignedMoney key="owed" texts={texts} units={units} currency={currency} />,
          books === null ? '–' : countText(texts, BigInt(books)),
        ])}
      />
    </div>
  )
}
