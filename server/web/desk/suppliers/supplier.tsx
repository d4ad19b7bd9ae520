import { serviceBind } from '../../../acts/service-bind.ts'
import { supplierPrices } from '../../../acts/supplier-prices.ts'
import { supplierRemove } from '../../../acts/supplier-remove.ts'
import { supplierSet } from '../../../acts/supplier-set.ts'
import { supplierSync } from '../../../acts/supplier-sync.ts'
import { supplierTry } from '../../../acts/supplier-try.ts'
import type { Better, SaidThere, ServiceThere, SupplierSeen, WaitingThere } from '../../../fulfilment/side-by-side.ts'
import type { BalanceHour } from '../../../suppliers/balances.ts'
import type { SupplierHour } from '../../../suppliers/calls.ts'
import { Card } from '../../ui/card.tsx'
import { callTimeText, countText } from '../../ui/figures.tsx'
import { address, PageLinks } from '../../ui/page-links.tsx'
import { Moment } from '../../ui/parts.tsx'
import { Table } from '../../ui/table.tsx'
import { ActLink } from '../act-link.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { BetterSuppliers } from './better.tsx'
import { CallsChart, LatencyChart, type Span, SpentChart } from './charts.tsx'
import { ServicesThere } from './services-there.tsx'
import { Balance, decimalText, isLow, lastsText, shareText, Since, Standing } from './words.tsx'

interface SupplierView {
  readonly seen: SupplierSeen
  readonly hours: Span<SupplierHour>
  readonly balances: Span<BalanceHour>
  readonly services: { readonly rows: readonly ServiceThere[]; readonly hasMore: boolean; readonly isFirst: boolean }
  /** Null: the reader may not see orders, or alerts. */
  readonly waiting: { readonly rows: readonly WaitingThere[]; readonly hasMore: boolean } | null
  readonly said: readonly SaidThere[] | null
  readonly better: readonly Better[]
}

/** One supplier: how it does, what it said lately, what waits there, what it does for us. */
export function supplierPage(context: DeskContext, view: SupplierView): string {
  const { texts } = context.ui.frame
  const { seen, hours, balances, services, waiting, said, better } = view
  const path = `${DESK}/suppliers/${seen.id}`
  const isPanel = seen.protocol === 'api-v2'
  return deskPage(context, {
    title: seen.name,
    lead: seen.url === null ? undefined : <bdi dir="ltr">{seen.url}</bdi>,
    actions: <Actions context={context} seen={seen} path={path} />,
    children: (
      <div class="desk-supplier">
        <div data-live-region="standing">
          <Cards context={context} seen={seen} />
        </div>
        {isPanel && (
          <section class="charts">
            <CallsChart texts={texts} span={hours} />
            <LatencyChart texts={texts} span={hours} />
            <SpentChart texts={texts} span={balances} />
          </section>
        )}
        {isPanel && hours.rows.length > 0 && <HoursTable context={context} rows={hours.rows} />}
        <Said context={context} seen={seen} said={said} />
        {waiting && waiting.rows.length > 0 && <Waiting context={context} waiting={waiting} />}
        <BetterSuppliers context={context} rows={better} back={path} />
        <section>
          <h2>{texts.text('desk.suppliers.servicesThere')}</h2>
          <p class="soft">{texts.text('desk.suppliers.servicesThere.lead')}</p>
          <ServicesThere context={context} rows={services.rows} supplier={seen.name} />
          <div class="buttons">
            <ActLink context={context} act={serviceBind} with={{ supplier: seen.name }} back={path} />
          </div>
          <PageLinks
            links={[
              { href: services.isFirst ? null : path, text: texts.text('desk.suppliers.first') },
              {
                href: services.hasMore ? address(path, { after: services.rows.at(-1)!.service }) : null,
                text: texts.text('desk.suppliers.next'),
              },
            ]}
          />
        </section>
      </div>
    ),
  })
}

function Actions({ context, seen, path }: { context: DeskContext; seen: SupplierSeen; path: string }) {
  const { texts } = context.ui.frame
  const { name, protocol, paused } = seen
  const { may } = context.staff
  const pause = texts.text(paused ? 'desk.suppliers.resume' : 'desk.suppliers.pause')
  return (
    <>
      {protocol === 'api-v2' && may.has('services.price') && (
        <a class="button main" href={`${path}/import`}>
          {texts.text('desk.suppliers.import')}
        </a>
      )}
      {protocol === 'api-v2' && may.has('services.read') && (
        <a class="button plain" href={`${path}/decisions`}>
          {texts.text('desk.suppliers.decisions')}
        </a>
      )}
      {protocol === 'manual' && may.has('orders.read') && (
        <a class="button plain" href={address(`${DESK}/work`, { supplier: seen.id })}>
          {texts.text('desk.place.work')}
        </a>
      )}
      {protocol === 'api-v2' && <ActLink context={context} act={supplierSync} with={{ name }} back={path} />}
      {protocol !== 'manual' && <ActLink context={context} act={supplierTry} with={{ name }} back={path} />}
      <ActLink context={context} act={supplierSet} with={{ name, paused: paused ? 'no' : 'yes' }} back={path} text={pause} />
      <ActLink context={context} act={supplierSet} with={{ name }} back={path} />
      {protocol === 'api-v2' && <ActLink context={context} act={supplierPrices} with={{ name }} back={path} />}
      {seen.services === 0 && protocol !== 'simulated' && (
        <ActLink context={context} act={supplierRemove} with={{ name }} back={`${DESK}/suppliers`} look="bad" />
      )}
    </>
  )
}

function Cards({ context, seen }: { context: DeskContext; seen: SupplierSeen }) {
  const { texts } = context.ui.frame
  const isPanel = seen.protocol === 'api-v2'
  return (
    <div class="cards">
      <Card title={texts.text('desk.suppliers.standing')} figure={<Standing texts={texts} seen={seen} />}>
        <Since texts={texts} seen={seen} />
      </Card>
      {isPanel && (
        <Card title={texts.text('desk.suppliers.calls')} figure={countText(texts, seen.calls)}>
          <p class="small soft">{texts.text('desk.suppliers.failedOf', { share: shareText(texts, seen.failures, seen.calls) })}</p>
        </Card>
      )}
      {isPanel && (
        <Card title={texts.text('desk.suppliers.latency')} figure={callTimeText(texts, seen.mean)}>
          <p class="small soft">{texts.text('desk.suppliers.slowest', { time: callTimeText(texts, seen.slowest) })}</p>
        </Card>
      )}
      {isPanel && (
        <Card title={texts.text('desk.suppliers.balance')} figure={<Balance texts={texts} seen={seen} />}>
          <p class="small soft">
            {seen.lasts_days !== null &&
              texts.text('desk.suppliers.lastsAt', { days: lastsText(texts, seen), spent: decimalText(texts, seen.spent_a_day!) })}
            {isLow(seen) && <b class="bad"> {texts.text('desk.suppliers.low', { low: decimalText(texts, seen.balance_low!) })}</b>}
          </p>
        </Card>
      )}
      <Card title={texts.text('desk.suppliers.orders')} figure={countText(texts, seen.orders)}>
        <p class="small soft">
          {texts.text('desk.suppliers.outcomes', {
            partial: shareText(texts, seen.partial, seen.orders),
            canceled: shareText(texts, seen.canceled, seen.orders),
          })}
        </p>
      </Card>
    </div>
  )
}

/** The figures of the charts. */
function HoursTable({ context, rows }: { context: DeskContext; rows: readonly SupplierHour[] }) {
  const { texts } = context.ui.frame
  const headings = [
    'desk.suppliers.hour',
    'desk.suppliers.calls',
    'desk.suppliers.chart.failed',
    'desk.suppliers.latency',
    'desk.suppliers.chart.slowest',
  ] as const
  return (
    <details>
      <summary>{texts.text('desk.suppliers.figures')}</summary>
      <div class="scroll" tabIndex={0}>
        <Table
          caption={texts.text('desk.suppliers.figures')}
          headings={headings.map((key) => texts.text(key))}
          figures={[1, 2, 3, 4]}
          rows={rows
            .toReversed()
            .map((row) => [
              <Moment texts={texts} at={row.hour} />,
              countText(texts, row.calls),
              countText(texts, row.failures),
              callTimeText(texts, row.mean),
              callTimeText(texts, row.slowest),
            ])}
        />
      </div>
    </details>
  )
}

function Said({ context, seen, said }: { context: DeskContext; seen: SupplierSeen; said: readonly SaidThere[] | null }) {
  const { texts } = context.ui.frame
  const failure = (said ?? []).some(({ words }) => words === seen.failure) ? null : seen.failure
  if (failure === null && (said === null || said.length === 0)) return null
  return (
    <section data-live-region="said">
      <h2>{texts.text('desk.suppliers.said')}</h2>
      <ul class="said">
        {failure !== null && (
          <li>
            <span class="soft">{texts.text('desk.suppliers.lastFailure')}</span> <q lang="en">{failure}</q>
          </li>
        )}
        {(said ?? []).map(({ kind, words, order, last_at, times }) => (
          <li key={`${kind} ${order}`}>
            <b lang="en">{kind}</b> {order !== null && <a href={`${DESK}/orders/${order}`}>{String(order)}</a>} <q lang="en">{words}</q>{' '}
            <span class="small soft">
              <Moment texts={texts} at={last_at} /> {times > 1 && `× ${times}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Waiting({ context, waiting: { rows, hasMore } }: { context: DeskContext; waiting: NonNullable<SupplierView['waiting']> }) {
  const { texts } = context.ui.frame
  const headings = [
    'desk.suppliers.order',
    'desk.suppliers.state',
    'desk.suppliers.words',
    'desk.suppliers.placed',
    'desk.suppliers.again',
  ] as const
  return (
    <section data-live-region="waiting">
      <h2>{texts.text('desk.suppliers.waiting')}</h2>
      <div class="scroll" tabIndex={0}>
        <Table
          caption={texts.text('desk.suppliers.waiting')}
          headings={headings.map((key) => texts.text(key))}
          rows={rows.map((row) => [
            <a href={`${DESK}/orders/${row.order}`}>{String(row.order)}</a>,
            texts.text(`desk.suppliers.state.${STATES[row.state] ?? 'waiting'}`),
            <span lang="en">{row.words ?? ''}</span>,
            <Moment texts={texts} at={row.placed_at} />,
            row.due_at === null ? texts.text('desk.suppliers.notByItself') : <Moment texts={texts} at={row.due_at} />,
          ])}
        />
      </div>
      {hasMore && <p class="soft">{texts.text('desk.suppliers.moreWait', { count: rows.length })}</p>}
    </section>
  )
}

const STATES: Readonly<Record<string, 'unconfirmed' | 'attention' | 'waiting' | 'calling' | 'queued'>> = {
  unconfirmed: 'unconfirmed',
  attention: 'attention',
  waiting: 'waiting',
  calling: 'calling',
  'not handed over': 'queued',
}
