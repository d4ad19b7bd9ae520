import type { Owed } from '../../../reports/read.ts'
import { Money } from '../../ui/figures.tsx'
import { Button, Field } from '../../ui/form.tsx'
import { Table } from '../../ui/table.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { HowNew } from '../today/today.tsx'
import { dayAfter, dayOf, dayText } from './days.ts'

interface OwedView {
  /** Null: now. */
  readonly day: string | null
  readonly owed: readonly Owed[]
  readonly countedAt: Date | null
}

/** What is owed to all customers, now or at the end of a day. */
export function owedPage(context: DeskContext, { day, owed, countedAt }: OwedView): string {
  const { texts } = context.ui.frame
  const when = day === null ? texts.text('desk.report.owed.now') : dayText(texts, day)
  const rows = owed.map(({ currency, owed: units }) => [currency, <Money texts={texts} units={units} currency={currency} />])
  return deskPage(context, {
    title: texts.text('desk.report.owed.title'),
    lead: texts.text('desk.report.owed.lead'),
    children: (
      <>
        <form method="get" action={`${DESK}/reports/owed`} class="filter">
          <Field name="day" type="date" label={texts.text('desk.report.owed.day')} value={day ?? dayAfter(dayOf(context.now), -1)} />
          <Button type="submit">{texts.text('desk.report.show')}</Button>
        </form>
        <h2>{when}</h2>
        <Table
          caption={when}
          headings={[texts.text('desk.report.currency'), texts.text('desk.report.owed.title')]}
          rows={rows}
          figures={[1]}
        />
        {day !== null && <HowNew context={context} countedAt={countedAt} />}
      </>
    ),
  })
}
