import { supplierAdd } from '../../../acts/supplier-add.ts'
import { supplierCurrency } from '../../../acts/supplier-currency.ts'
import type { Better, SupplierSeen } from '../../../fulfilment/side-by-side.ts'
import { callTimeText, countText } from '../../ui/figures.tsx'
import { Empty } from '../../ui/notice.tsx'
import { address, PageLinks } from '../../ui/page-links.tsx'
import { ActLink } from '../act-link.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { BetterSuppliers } from './better.tsx'
import { Balance, lastsText, shareText, Since, Standing } from './words.tsx'

const PATH = `${DESK}/suppliers`

/** What the table is ordered by: the best first; with a minus before it, the worst. What is not known comes last. */
const orders: Readonly<Record<string, (seen: SupplierSeen) => number | null>> = {
  errors: ({ calls, failures }) => (calls === 0n ? null : Number(failures) / Number(calls)),
  latency: ({ mean }) => mean,
  balance: ({ balance }) => (balance === null ? null : -Number(balance)),
  lasts: ({ lasts_days }) => (lasts_days === null ? null : -lasts_days),
  orders: ({ orders: count }) => -Number(count),
  partial: ({ orders: count, partial }) => (count === 0n ? null : Number(partial) / Number(count)),
  canceled: ({ orders: count, canceled }) => (count === 0n ? null : Number(canceled) / Number(count)),
  services: ({ services }) => -services,
}

interface SuppliersView {
  readonly all: readonly SupplierSeen[]
  readonly better: readonly Better[]
  /** Where to look for more suggestions; null: all services were looked at. */
  readonly next: number | null
}

/** All suppliers side by side, ordered as the address says. */
export function suppliersPage(context: DeskContext, { all, better, next }: SuppliersView): string {
  const { texts } = context.ui.frame
  const sort = sortIn(context.query)
  return deskPage(context, {
    title: texts.text('desk.place.suppliers'),
    lead: texts.text('desk.suppliers.lead'),
    actions: (
      <>
        <ActLink context={context} act={supplierAdd} back={PATH} look="main" />
        <ActLink context={context} act={supplierCurrency} back={PATH} />
      </>
    ),
    children: (
      <>
        {all.length === 0 ? (
          <Empty title={texts.text('desk.suppliers.none')} text={texts.text('desk.suppliers.none.next')} />
        ) : (
          <div class="scroll" data-live-region="suppliers">
            <SideBySide context={context} rows={ordered(all, sort)} sort={sort} />
          </div>
        )}
        <BetterSuppliers context={context} rows={better} back={PATH} />
        <PageLinks
          links={[{ href: next === null ? null : address(PATH, { sort, after: next }), text: texts.text('desk.suppliers.more') }]}
        />
      </>
    ),
  })
}

function sortIn(query: URLSearchParams): string {
  const asked = query.get('sort') ?? ''
  return Object.hasOwn(orders, asked.replace(/^-/, '')) ? asked : ''
}

function ordered(rows: readonly SupplierSeen[], sort: string): readonly SupplierSeen[] {
  const rank = orders[sort.replace(/^-/, '')]
  if (!rank) return rows
  const sign = sort.startsWith('-') ? -1 : 1
  const ranked = rows.map((row) => ({ row, at: rank(row) }))
  const last = ranked.filter(({ at }) => at === null)
  const known = ranked.filter((one): one is { row: SupplierSeen; at: number } => one.at !== null)
  return [...known.toSorted((a, b) => sign * (a.at - b.at)), ...last].map(({ row }) => row)
}

function SideBySide({ context, rows, sort }: { context: DeskContext; rows: readonly SupplierSeen[]; sort: string }) {
  const { texts } = context.ui.frame
  const by = (name: string, title: string) => <SortedBy name={name} title={title} sort={sort} />
  return (
    <table class="side-by-side">
      <caption class="visually-hidden">{texts.text('desk.place.suppliers')}</caption>
      <thead>
        <tr>
          <th scope="col">{texts.text('desk.suppliers.supplier')}</th>
          {by('errors', texts.text('desk.suppliers.errors'))}
          {by('latency', texts.text('desk.suppliers.latency'))}
          {by('balance', texts.text('desk.suppliers.balance'))}
          {by('lasts', texts.text('desk.suppliers.lasts'))}
          {by('orders', texts.text('desk.suppliers.orders'))}
          {by('partial', texts.text('desk.suppliers.partial'))}
          {by('canceled', texts.text('desk.suppliers.canceled'))}
          {by('services', texts.text('desk.suppliers.services'))}
        </tr>
      </thead>
      <tbody>
        {rows.map((seen) => (
          <tr key={seen.id} data-row>
            <th scope="row">
              <a href={`${PATH}/${seen.id}`}>
                <bdi>{seen.name}</bdi>
              </a>
              <br />
              <Standing texts={texts} seen={seen} /> <Since texts={texts} seen={seen} />
            </th>
            <td class="figures">{shareText(texts, seen.failures, seen.calls)}</td>
            <td class="figures">{callTimeText(texts, seen.mean)}</td>
            <td class="figures">
              <Balance texts={texts} seen={seen} />
            </td>
            <td class="figures">{lastsText(texts, seen)}</td>
            <td class="figures">{countText(texts, seen.orders)}</td>
            <td class="figures">{shareText(texts, seen.partial, seen.orders)}</td>
            <td class="figures">{shareText(texts, seen.canceled, seen.orders)}</td>
            <td class="figures">
              {countText(texts, BigInt(seen.services))}
              <br />
              <span class="small soft">{texts.text('desk.suppliers.firstFor', { count: seen.first })}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** The heading of a column; it leads to the table ordered by it, and back the other way round. */
function SortedBy({ name, title, sort }: { name: string; title: string; sort: string }) {
  const isUp = sort === name
  const isDown = sort === `-${name}`
  const direction = isUp ? 'ascending' : isDown ? 'descending' : undefined
  return (
    <th scope="col" class="figures" {...(direction && { 'aria-sort': direction })}>
      <a href={address(PATH, { sort: isUp ? `-${name}` : name })}>
        {title}
        {isUp ? ' ↑' : isDown ? ' ↓' : ''}
      </a>
    </th>
  )
}
