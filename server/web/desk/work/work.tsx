import { workClaim } from '../../../acts/work-claim.ts'
import { type WorkRow, type WorkView, workViews } from '../../../fulfilment/work.ts'
import { Badge } from '../../ui/badge.tsx'
import { address } from '../../ui/page-links.tsx'
import { Form, Moment, OpenLink, Submit } from '../../ui/parts.tsx'
import { actTitle } from '../act-words.ts'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { Remains, ServiceAnd, WaitingList } from '../waiting-list.tsx'

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
        <WaitingList
          texts={texts}
          region="work"
          caption={texts.text('desk.place.work')}
          rows={rows}
          none={{ title: texts.text(`desk.work.none.${view}`), text: texts.text('desk.work.none.next') }}
          first={isFirst ? null : address(PATH, here)}
          next={hasMore ? address(PATH, { ...here, after: rows.at(-1)!.order }) : null}
          columns={[
            { heading: texts.text('desk.work.order'), cell: (row) => <Name context={context} row={row} /> },
            {
              heading: texts.text('desk.work.service'),
              cell: (row) => (
                <ServiceAnd row={row}>
                  <bdi class="small soft">{row.supplier}</bdi>
                </ServiceAnd>
              ),
            },
            {
              heading: texts.text('desk.work.link'),
              look: 'link',
              cell: ({ link }) => (
                <bdi dir="ltr">
                  <OpenLink link={link} />
                </bdi>
              ),
            },
            { heading: texts.text('desk.work.remains'), look: 'figures', cell: (row) => <Remains texts={texts} row={row} /> },
            { heading: texts.text('desk.work.waitsSince'), cell: (row) => <Moment texts={texts} at={row.placed_at} /> },
            {
              heading: null,
              cell: (row) =>
                view === 'waiting' ? <ClaimButton context={context} order={row.order} look="small" /> : <Who context={context} row={row} />,
            },
          ]}
        />
      </>
    ),
  })
}

function Name({ context, row }: { context: DeskContext; row: WorkRow }) {
  return (
    <>
      <a href={`${PATH}/${row.order}`}>{String(row.order)}</a>
      {row.cancel_asked && (
        <>
          <br />
          <Badge tone="warn">{context.ui.frame.texts.text('desk.work.cancelAsked')}</Badge>
        </>
      )}
    </>
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
