import type { MessageKey } from '../../../../contract/message.ts'
import { marginOf, type Totals } from '../../../reports/read.ts'
import { type ReportBy, reportBys, type ReportSort } from '../../../reports/filter.ts'
import { type ReportRow } from '../../../reports/report.ts'
import { AlignedMoney, countText } from '../../ui/figures.tsx'
import { Button, Field } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { address, PageLinks } from '../../ui/page-links.tsx'
import { refusalText } from '../act-words.ts'
import { refuse } from '../../../refusal.ts'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { TakeOut } from '../jobs/take-out.tsx'
import { HowNew } from '../today/today.tsx'
import { type AskedReport, cursorText, parametersOf } from './asked.ts'
import { dayText } from './days.ts'
import { countedIn, lastDayOf, Linked, ordersHref } from './rows-of.tsx'

interface ReportsView {
  readonly asked: AskedReport
  /** Undefined: no sums are kept of what is asked for. */
  readonly rows: readonly ReportRow[] | undefined
  readonly isMore: boolean
  readonly totals: readonly Totals[]
  readonly categories: readonly string[]
  readonly suppliers: readonly { readonly id: number; readonly name: string }[]
  readonly countedAt: Date | null
}

export const BY_NAMES: Readonly<Record<ReportBy, MessageKey>> = {
  hour: 'desk.report.by.hour',
  day: 'desk.report.by.day',
  month: 'desk.report.by.month',
  service: 'desk.report.by.service',
  category: 'desk.report.by.category',
  customer: 'desk.report.by.customer',
  supplier: 'desk.report.by.supplier',
}

/** What was sold, given back and spent, by whatever the address asks for. */
export function reportsPage(context: DeskContext, view: ReportsView): string {
  const { texts } = context.ui.frame
  const { asked, rows, isMore } = view
  const last = rows?.at(-1)
  return deskPage(context, {
    title: texts.text('desk.place.reports'),
    lead: texts.text('desk.report.days'),
    children: (
      <>
        <Filter context={context} view={view} />
        {rows === undefined && <Notice mood="warn">{refusalText(texts, refuse('report_not_kept'))}</Notice>}
        {rows?.length === 0 && <p>{texts.text('desk.report.none')}</p>}
        {rows !== undefined && rows.length > 0 && (
          <>
            <Rows context={context} view={view} rows={rows} />
            <PageLinks links={[{ href: isMore && last ? address(`${DESK}/reports`, { ...parametersOf(asked), after: cursorText(last) }) : null, text: texts.text('desk.report.further') }]} />
            <TakeOutReport context={context} asked={asked} />
          </>
        )}
        <HowNew context={context} countedAt={view.countedAt} />
      </>
    ),
  })
} // prettier-ignore

function Filter({ context, view: { asked, categories, suppliers } }: { readonly context: DeskContext; readonly view: ReportsView }) {
  const { texts } = context.ui.frame
  const { filter } = asked
  const choice = (name: string, label: MessageKey, value: string, options: readonly (readonly [string, string])[]) => (
    <div class="field">
      <label for={name}>{texts.text(label)}</label>
      <select id={name} name={name}>
        {options.map(([one, words]) => (
          <option key={one} value={one} selected={one === value}>
            {words}
          </option>
        ))}
      </select>
    </div>
  )
  const any = ['', texts.text('desk.report.any')] as const
  return (
    <form method="get" action={`${DESK}/reports`} class="filter report-filter">
      {choice('by', 'desk.report.by', filter.by, reportBys.map((by) => [by, texts.text(BY_NAMES[by])]))}
      <Field name="from" type="date" label={texts.text('desk.report.from')} value={filter.from} />
      <Field name="to" type="date" label={texts.text('desk.report.to')} value={filter.to} />
      {choice('category', 'desk.report.category', filter.category ?? '', [any, ...categories.map((one) => [one, one] as const)])}
      {choice('supplier', 'desk.report.supplier', String(filter.supplier ?? ''), [any, ...suppliers.map(({ id, name }) => [String(id), name] as const)])}
      <Field name="service" inputMode="numeric" dir="ltr" label={texts.text('desk.report.service')} value={String(filter.service ?? '')} />
      <Field name="customer" inputMode="numeric" dir="ltr" label={texts.text('desk.report.customer')} value={String(filter.customer ?? '')} />
      {filter.currency !== null && <input type="hidden" name="currency" value={filter.currency} />}
      <Button type="submit">{texts.text('desk.report.show')}</Button>
    </form>
  )
} // prettier-ignore

const COLUMNS: readonly { readonly sort: ReportSort; readonly name: MessageKey; readonly of: (totals: Totals) => bigint }[] = [
  { sort: 'orders', name: 'desk.report.orders', of: ({ orders }) => orders },
  { sort: 'sold', name: 'desk.report.sold', of: ({ sold }) => sold },
  { sort: 'given', name: 'desk.report.given', of: ({ givenBack }) => givenBack },
  { sort: 'cost', name: 'desk.report.cost', of: ({ cost }) => cost },
  { sort: 'margin', name: 'desk.report.margin', of: marginOf },
]

interface RowsProps {
  readonly context: DeskContext
  readonly view: ReportsView
  readonly rows: readonly ReportRow[]
}

function Rows({ context, view: { asked, totals }, rows }: RowsProps) {
  const { texts } = context.ui.frame
  const sorted = (sort: ReportSort, words: string) => (
    <a href={address(`${DESK}/reports`, { ...parametersOf(asked), sort })}>
      {words}
    </a>
  )
  const ordersOf = ({ key }: ReportRow) => {
    const counted = countedIn(asked.filter, key)
    return counted && ordersHref(context, counted)
  }
  const cells = (of: Totals, orders?: string) =>
    COLUMNS.map((column) => (
      <td key={column.sort} class="figures">
        {column.sort === 'orders' ? <Linked href={orders}>{countText(texts, of.orders)}</Linked> : <AlignedMoney texts={texts} units={column.of(of)} currency={of.currency} />}
      </td>
    ))
  return (
    <div class="scroll">
      <table class="report">
        <caption class="visually-hidden">{texts.text('desk.place.reports')}</caption>
        <thead>
          <tr>
            <th scope="col" aria-sort={asked.sort === 'name' ? 'descending' : undefined}>
              {sorted('name', texts.text(BY_NAMES[asked.filter.by]))}
            </th>
            {COLUMNS.map(({ sort, name }) => (
              <th key={sort} scope="col" class="figures" aria-sort={asked.sort === sort ? 'descending' : undefined}>
                {sorted(sort, texts.text(name))}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.key} ${row.currency}`} data-row>
              <th scope="row">
                <Name context={context} asked={asked} row={row} />
              </th>
              {cells(row, ordersOf(row))}
            </tr>
          ))}
        </tbody>
        <tfoot>
          {totals.map((total) => (
            <tr key={total.currency}>
              <th scope="row">{texts.text('desk.report.total', { currency: total.currency })}</th>
              {cells(total)}
            </tr>
          ))}
        </tfoot>
      </table>
    </div>
  )
} // prettier-ignore

/** What a row is, and where its parts are: a month's days, a day's services, a service's days. */
function Name({ context, asked: { filter }, row }: { readonly context: DeskContext; readonly asked: AskedReport; readonly row: ReportRow }) {
  const { texts } = context.ui.frame
  const { key, name, currency } = row
  const open = (more: Readonly<Record<string, string>>) => address(`${DESK}/reports`, { ...filter, currency, ...more })
  switch (filter.by) {
    case 'hour':
      return <>{key.slice(0, 16).replace('T', ' ')}</>
    case 'day':
      return <a href={open({ by: filter.customer === null ? 'service' : 'day', from: key, to: key })}>{dayText(texts, key)}</a>
    case 'month':
      return <a href={open({ by: 'day', from: `${key}-01`, to: lastDayOf(key) })}>{key}</a>
    case 'service':
      return <a href={open({ by: 'day', service: key })}><bdi>{key} · {name}</bdi></a>
    case 'category':
      return <a href={open({ by: 'service', category: key })}><bdi>{key}</bdi></a>
    case 'customer':
      return <a href={open({ by: 'day', customer: key })}><bdi>{name ?? key}</bdi></a>
    case 'supplier':
      return key === '0' ? <>{texts.text('desk.report.noSupplier')}</> : <a href={open({ by: 'service', supplier: key })}><bdi>{name ?? key}</bdi></a>
    default:
      return filter.by satisfies never
  }
} // prettier-ignore

function TakeOutReport({ context, asked }: { readonly context: DeskContext; readonly asked: AskedReport }) {
  const given = Object.entries(asked.filter).filter((entry): entry is [string, string | number] => entry[1] !== null)
  return <TakeOut context={context} action={`${DESK}/reports/export`} given={Object.fromEntries(given)} />
}
