import { workClaim } from '../../../acts/work-claim.ts'
import { type WorkRow, type WorkView, workViews } from '../../../fulfilment/work.ts'
import { Badge } from '../../ui/badge.tsx'
import { countText } from '../../ui/figures.tsx'
import { Empty } from '../../ui/notice.tsx'
import { address, PageLinks } from '../../ui/page-links.tsx'
import { Form, Moment, OpenLink, Submit } from '../../ui/parts.tsx'
import { actTitle } from '../act-words.ts'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'

const PATH = `${DESK}/work`

interface WorkPage {
  readonly view: WorkView
  readonly supplierId: number | null
  readonly rows: readonly WorkRow[]
  readonly hasMore: boolean
  readonly isFirst: boolean
}

/** Orders that people do, those that wait longest first. */
export function workPage(context: DeskContext, { view, supplierId, rows, hasMore, isFirst }: WorkPage): string {
  const { texts } = context.ui.frame
  const here = { show: view, supplier: supplierId }
  return deskPage(context, {
    title: texts.text('desk.place.work'),
    lead: texts.text('desk.work.lead'),
    children: (
      <>
        <nav class="status-tabs" aria-label={texts.text('desk.work.which')}>
          {workViews.map((one) => (
            <a
              key={one}
              class="group"
              href={address(PATH, { show: one, supplier: supplierId })}
              aria-current={one === view ? 'page' : undefined}
            >
              {texts.text(`desk.work.view.${one}`)}
            </a>
          ))}
        </nav>
        <div data-live-region="work">
          {rows.length === 0 ? (
            <Empty title={texts.text(`desk.work.none.${view}`)} text={texts.text('desk.work.none.next')} />
          ) : (
            <div class="scroll">
              <Rows context={context} rows={rows} view={view} />
            </div>
          )}
        </div>
        <PageLinks
          links={[
            { href: isFirst ? null : address(PATH, here), text: texts.text('desk.work.first') },
            { href: hasMore ? address(PATH, { ...here, after: rows.at(-1)!.order }) : null, text: texts.text('desk.work.next') },
          ]}
        />
      </>
    ),
  })
}

function Rows({ context, rows, view }: { context: DeskContext; rows: readonly WorkRow[]; view: WorkView }) {
  const { texts } = context.ui.frame
  return (
    <table class="desk-work">
      <caption class="visually-hidden">{texts.text('desk.place.work')}</caption>
      <thead>
        <tr>
          <th scope="col">{texts.text('desk.work.order')}</th>
          <th scope="col">{texts.text('desk.work.service')}</th>
          <th scope="col">{texts.text('desk.work.link')}</th>
          <th scope="col" class="figures">
            {texts.text('desk.work.remains')}
          </th>
          <th scope="col">{texts.text('desk.work.waitsSince')}</th>
          <td />
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={String(row.order)} data-row>
            <th scope="row">
              <a href={`${PATH}/${row.order}`}>{String(row.order)}</a>
              {row.cancel_asked && (
                <>
                  <br />
                  <Badge tone="warn">{texts.text('desk.work.cancelAsked')}</Badge>
                </>
              )}
            </th>
            <td>
              {row.service} <bdi>{row.service_name}</bdi>
              <br />
              <bdi class="small soft">{row.supplier}</bdi>
            </td>
            <td class="link">
              <bdi dir="ltr">
                <OpenLink link={row.link} />
              </bdi>
            </td>
            <td class="figures">
              {countText(texts, row.remains)}
              <br />
              <span class="small soft">{texts.text('desk.work.of', { quantity: countText(texts, row.quantity) })}</span>
            </td>
            <td>
              <Moment texts={texts} at={row.placed_at} />
            </td>
            <td>
              {view === 'waiting' ? <ClaimButton context={context} order={row.order} look="small" /> : <Who context={context} row={row} />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Takes the order with one press. Nothing for a reader who may not. */
export function ClaimButton({ context, order, look }: { context: DeskContext; order: bigint; look: 'main' | 'small' }) {
  if (!context.staff.may.has(workClaim.permission)) return null
  return (
    <Form ui={context.ui} action={`${PATH}/${order}/claim`} class="inline">
      <Submit look={look}>{actTitle(context.ui.frame.texts, workClaim.name)}</Submit>
    </Form>
  )
}

export function Who({ context, row }: { context: DeskContext; row: WorkRow }) {
  const { texts } = context.ui.frame
  if (row.claimed_by === null) return row.sent ? <span class="soft">{texts.text('desk.work.nobodyOrProgram')}</span> : null
  return (
    <>
      <bdi>{row.claimed_by}</bdi>
      <br />
      <span class="small soft">
        {texts.text('desk.work.until')} <Moment texts={texts} at={row.claimed_until!} />
      </span>
    </>
  )
}
