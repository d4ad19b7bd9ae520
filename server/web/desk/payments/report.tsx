import type { MessageKey } from '../../../../contract/message.ts'
import { reconcileLook } from '../../../acts/reconcile-look.ts'
import { reconcileSettle } from '../../../acts/reconcile-settle.ts'
import type { MethodRow } from '../../../payments/methods.ts'
import type { Compared, ComparedRow, ReportDay } from '../../../payments/reports.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Empty } from '../../ui/notice.tsx'
import { Moment } from '../../ui/parts.tsx'
import { Table } from '../../ui/table.tsx'
import { ActLink } from '../act-link.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { PaymentsTabs } from './payments-tabs.tsx'
import { DayState } from './reconciliation.tsx'
import { Paid } from './words.tsx'

interface ReportView {
  readonly method: MethodRow
  readonly day: string
  readonly rows: readonly ComparedRow[]
  /** Undefined: its gateway was not asked for this day. */
  readonly stands: ReportDay | undefined
}

const STATES: Readonly<Record<Compared, readonly [Tone, MessageKey]>> = {
  matched: ['good', 'desk.payments.compared.matched'],
  'other amount': ['warn', 'desk.payments.compared.other-amount'],
  'missing here': ['warn', 'desk.payments.compared.missing-here'],
  'missing there': ['warn', 'desk.payments.compared.missing-there'],
  waits: ['warn', 'desk.payments.compared.waits'],
  refused: ['idle', 'desk.payments.compared.refused'],
}

/** Each payment of a day, as its gateway reports it and as it stands here, those that differ first. */
export function reportPage(context: DeskContext, { method, day, rows, stands }: ReportView): string {
  const { texts } = context.ui.frame
  const title = texts.text('desk.payments.reconciliation.of', { method: method.name, day })
  return deskPage(context, {
    title,
    children: (
      <>
        <PaymentsTabs context={context} tab="/payments/reconciliation" />
        {stands && (
          <p>
            <DayState context={context} row={stands} />
          </p>
        )}
        {rows.length === 0 ? (
          <Empty title={texts.text('desk.payments.none')} text={texts.text('desk.payments.reconciliation.none.text')} />
        ) : (
          <div class="scroll">
            <Table
              caption={title}
              headings={[
                texts.text('desk.payments.theirId'),
                texts.text('desk.payments.reconciliation.state'),
                texts.text('desk.payments.reconciliation.reported'),
                texts.text('desk.payments.reconciliation.here'),
                texts.text('desk.payments.toDo'),
              ]}
              figures={[2, 3]}
              rows={rows.map((row) => cellsOf(context, row, method, day))}
            />
          </div>
        )}
      </>
    ),
  })
}

function cellsOf(context: DeskContext, row: ComparedRow, { id: method }: MethodRow, day: string) {
  const { texts } = context.ui.frame
  const [tone, name] = STATES[row.state]
  return [
    <span key="id">
      <bdi dir="ltr">{row.theirId}</bdi>{' '}
      <span class="soft small">
        <Moment texts={texts} at={row.at} />
      </span>
    </span>,
    <span key="state">
      <Badge tone={row.settledBy === null ? tone : 'idle'}>{texts.text(name)}</Badge>{' '}
      {row.settledBy !== null && (
        <span class="soft small">
          <bdi>{row.settledBy}</bdi>: <bdi>{row.settledWords}</bdi>
        </span>
      )}
    </span>,
    row.reported !== null && <Paid key="reported" texts={texts} amount={row.reported} currency={row.currency} />,
    row.here !== null && <Paid key="here" texts={texts} amount={row.here} currency={row.hereCurrency ?? row.currency} />,
    <ToDo key="toDo" context={context} row={row} method={method} day={day} />,
  ]
}

interface ToDoProps {
  readonly context: DeskContext
  readonly row: ComparedRow
  readonly method: number
  readonly day: string
}

function ToDo({ context, row, method, day }: ToDoProps) {
  const { texts } = context.ui.frame
  const about = { method: String(method), receipt: row.theirId }
  const back = `${DESK}/payments/reconciliation/${method}/${day}`
  const isOpen = row.settledBy === null && row.state !== 'matched' && row.state !== 'refused'
  return (
    <span class="buttons">
      {row.paymentId !== null && (
        <a class="button small" href={`${DESK}/payments/${row.paymentId}`}>
          {texts.text('payments.one')}
        </a>
      )}
      {row.state === 'missing here' && isOpen && <ActLink context={context} act={reconcileLook} with={about} back={back} look="small" />}
      {row.state === 'waits' && row.paymentId === null && (
        <a class="button small" href={`${DESK}/payments/without-payer`}>
          {texts.text('desk.payments.withoutPayer')}
        </a>
      )}
      {isOpen && row.state !== 'waits' && <ActLink context={context} act={reconcileSettle} with={about} back={back} look="small" />}
    </span>
  )
}
