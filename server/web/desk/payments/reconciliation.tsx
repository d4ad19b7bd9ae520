import type { ReportDay } from '../../../payments/reports.ts'
import { Badge } from '../../ui/badge.tsx'
import { Empty } from '../../ui/notice.tsx'
import { address } from '../../ui/page-links.tsx'
import { Moment } from '../../ui/parts.tsx'
import { Table } from '../../ui/table.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { NewestLinks } from '../newest-links.tsx'
import { PaymentsTabs } from './payments-tabs.tsx'
import { Paid } from './words.tsx'

interface ReconciliationView {
  readonly days: readonly ReportDay[]
  readonly from: string
  readonly until: string
  readonly before: string
}

const PATH = `${DESK}/payments/reconciliation`

/** A month of what gateways report beside what was credited, by day and way to pay. */
export function reconciliationPage(context: DeskContext, { days, until, before }: ReconciliationView): string {
  const { texts } = context.ui.frame
  const isNow = until === context.now.toISOString().slice(0, 10)
  return deskPage(context, {
    title: texts.text('desk.payments.reconciliation'),
    lead: texts.text('desk.payments.reconciliation.lead'),
    children: (
      <>
        <PaymentsTabs context={context} tab="/payments/reconciliation" />
        {days.length === 0 ? (
          <Empty title={texts.text('desk.payments.reconciliation.none')} text={texts.text('desk.payments.reconciliation.none.text')} />
        ) : (
          <div class="scroll">
            <Table
              caption={texts.text('desk.payments.reconciliation')}
              headings={[
                texts.text('desk.payments.reconciliation.day'),
                texts.text('desk.payments.method'),
                texts.text('desk.payments.reconciliation.state'),
                texts.text('desk.payments.reconciliation.reported'),
                texts.text('desk.payments.reconciliation.here'),
                texts.text('desk.payments.reconciliation.fees'),
              ]}
              figures={[3, 4, 5]}
              rows={days.map((day) => cellsOf(context, day))}
            />
          </div>
        )}
        <NewestLinks
          texts={texts}
          newest={isNow ? null : PATH}
          older={days.length === 0 && isNow ? null : address(PATH, { until: before })}
        />
      </>
    ),
  })
}

function cellsOf(context: DeskContext, row: ReportDay) {
  const { texts } = context.ui.frame
  const sums = (of: 'reported' | 'here' | 'fees') =>
    row.sums.map((sum) => (
      <div key={sum.currency}>
        <Paid texts={texts} amount={sum[of]} currency={sum.currency} />
      </div>
    ))
  return [
    <a key="day" href={`${PATH}/${row.methodId}/${row.day}`}>
      <time datetime={row.day}>{row.day}</time>
    </a>,
    <bdi key="method">{row.method}</bdi>,
    <DayState key="state" context={context} row={row} />,
    sums('reported'),
    sums('here'),
    sums('fees'),
  ]
}

/** How a day stands: not known yet, all matched, or so many differences. */
export function DayState({ context, row }: { readonly context: DeskContext; readonly row: ReportDay }) {
  const { texts } = context.ui.frame
  if (row.answeredAt === null) {
    return (
      <>
        <Badge tone={row.dueAt === null ? 'bad' : 'busy'}>{texts.text('desk.payments.reconciliation.unknown')}</Badge>{' '}
        {row.dueAt !== null && (
          <span class="soft small">
            {texts.text('desk.payments.reconciliation.askedAgain')} <Moment texts={texts} at={row.dueAt} />
          </span>
        )}
      </>
    )
  }
  return (
    <>
      {row.open > 0 ? (
        <Badge tone="warn">{texts.text('desk.payments.reconciliation.differ', { count: row.open })}</Badge>
      ) : (
        <Badge tone="good">{texts.text('desk.payments.reconciliation.matched', { count: row.matched })}</Badge>
      )}{' '}
      {row.settled > 0 && <span class="soft small">{texts.text('desk.payments.reconciliation.settled', { count: row.settled })}</span>}
    </>
  )
}
