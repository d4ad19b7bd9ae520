import type { ComponentChildren } from 'preact'
import type { Texts } from '../../texts/texts.ts'
import { countText } from '../ui/figures.tsx'
import { Empty } from '../ui/notice.tsx'
import { PageLinks } from '../ui/page-links.tsx'
import { Moment, OpenLink } from '../ui/parts.tsx'

interface Column<Row> {
  /** Null: the column of what can be done. */
  readonly heading: string | null
  readonly look?: 'figures' | 'link' | 'acts-of-a-row'
  readonly cell: (row: Row) => ComponentChildren
}

interface WaitingListProps<Row> {
  readonly texts: Texts
  /** The part of the page that updates by itself. */
  readonly region: string
  readonly caption: string
  /** The first one names the row. */
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  /** Said in the place of the rows where there are none. */
  readonly none: { readonly title: string; readonly text: string }
  /** The first page and the next one; null: one is there, or there is none. */
  readonly first: string | null
  readonly next: string | null
}

/** A page of what waits for a person: work that is done by hand, refills, cancels. */
export function WaitingList<Row>({ texts, region, caption, columns, rows, none, first, next }: WaitingListProps<Row>) {
  const links = [
    { href: first, text: texts.text('desk.work.first') },
    { href: next, text: texts.text('desk.work.next') },
  ]
  return (
    <>
      <div data-live-region={region}>
        {rows.length === 0 ? (
          <Empty {...none} />
        ) : (
          <div class="scroll">
            <Rows caption={caption} columns={columns} rows={rows} />
          </div>
        )}
      </div>
      <PageLinks links={links} />
    </>
  )
}

function Rows<Row>({ caption, columns, rows }: Pick<WaitingListProps<Row>, 'caption' | 'columns' | 'rows'>) {
  const [name, ...others] = columns
  return (
    <table class="desk-waiting">
      <caption class="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ heading, look }, at) =>
            heading === null ? (
              <td key={at} />
            ) : (
              <th key={at} scope="col" class={look === 'figures' ? look : undefined}>
                {heading}
              </th>
            ),
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, line) => (
          <tr key={line} data-row>
            <th scope="row">{name!.cell(row)}</th>
            {others.map(({ look, cell }, at) => (
              <td key={at} class={look}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

interface OfService {
  readonly service: number
  readonly service_name: string
}

/** The service of a row, and what stands below it. */
export function ServiceAnd({ row, children }: { row: OfService; children: ComponentChildren }) {
  return (
    <>
      {row.service} <bdi>{row.service_name}</bdi>
      <br />
      {children}
    </>
  )
}

export function LinkBelow({ link }: { link: string }) {
  return (
    <bdi dir="ltr" class="small">
      <OpenLink link={link} />
    </bdi>
  )
}

export function Remains({ texts, row }: { texts: Texts; row: { readonly remains: bigint; readonly quantity: bigint } }) {
  return (
    <>
      {countText(texts, row.remains)}
      <br />
      <span class="small soft">{texts.text('desk.work.of', { quantity: countText(texts, row.quantity) })}</span>
    </>
  )
}

export function AskedAt({ texts, row }: { texts: Texts; row: { readonly asked_at: Date; readonly account: number } }) {
  return (
    <>
      <Moment texts={texts} at={row.asked_at} />
      <br />
      <span class="small soft">{texts.text('desk.asks.account', { account: String(row.account) })}</span>
    </>
  )
}

/** A supplier, how it stands there, and its words. */
export function SupplierSays({
  row,
  stands,
}: {
  row: { readonly supplier: string | null; readonly words: string | null }
  stands: string | null
}) {
  return (
    <>
      <bdi>{row.supplier ?? '–'}</bdi> {stands !== null && <span class="small soft">{stands}</span>}
      {row.words !== null && (
        <>
          <br />
          <q lang="en">{row.words}</q>
        </>
      )}
    </>
  )
}
