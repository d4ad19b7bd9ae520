import { servicePrefer } from '../../../acts/service-prefer.ts'
import { serviceSet } from '../../../acts/service-set.ts'
import { serviceWhenCostPasses } from '../../../acts/service-when-cost-passes.ts'
import { supplierSync } from '../../../acts/supplier-sync.ts'
import type { SyncDecision } from '../../../catalog/sync-decisions.ts'
import type { SupplierSeen } from '../../../fulfilment/side-by-side.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/form.tsx'
import { Empty } from '../../ui/notice.tsx'
import { address, PageLinks } from '../../ui/page-links.tsx'
import { ActLink } from '../act-link.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { deskPage } from '../desk-page.tsx'
import { NOTHING } from '../../ui/figures.tsx'
import { decimalText } from './words.tsx'

interface DecisionsView {
  readonly seen: SupplierSeen
  readonly rows: readonly SyncDecision[]
  readonly hasMore: boolean
  /** Their ids of services that are not bound here. */
  readonly fresh: readonly string[]
  readonly hasMoreNew: boolean
}

/** What the list of a supplier has brought, for a person to decide: dearer, gone, new. */
export function decisionsPage(context: DeskContext, { seen, rows, hasMore, fresh, hasMoreNew }: DecisionsView): string {
  const { texts } = context.ui.frame
  const path = `${DESK}/suppliers/${seen.id}/decisions`
  return deskPage(context, {
    title: texts.text('desk.suppliers.decisionsOf', { name: seen.name }),
    lead: <a href={`${DESK}/suppliers/${seen.id}`}>{texts.text('desk.suppliers.back', { name: seen.name })}</a>,
    actions: <ActLink context={context} act={supplierSync} with={{ name: seen.name }} back={path} />,
    children: (
      <>
        {rows.length === 0 && fresh.length === 0 && (
          <Empty title={texts.text('desk.suppliers.nothingToDecide')} text={texts.text('desk.suppliers.nothingToDecide.next')} />
        )}
        {rows.length > 0 && <Decisions context={context} seen={seen} rows={rows} path={path} />}
        <PageLinks
          links={[{ href: hasMore ? address(path, { after: rows.at(-1)!.service }) : null, text: texts.text('desk.suppliers.next') }]}
        />
        {fresh.length > 0 && <NewThere context={context} seen={seen} fresh={fresh} hasMore={hasMoreNew} />}
      </>
    ),
  })
}

interface DecisionsProps {
  readonly context: DeskContext
  readonly seen: SupplierSeen
  readonly rows: readonly SyncDecision[]
  readonly path: string
}

function Decisions({ context, rows, path }: DecisionsProps) {
  const { texts } = context.ui.frame
  return (
    <div class="scroll">
      <table class="decisions">
        <caption class="visually-hidden">{texts.text('desk.suppliers.decisions')}</caption>
        <thead>
          <tr>
            <th scope="col">{texts.text('desk.suppliers.service')}</th>
            <th scope="col">{texts.text('desk.suppliers.what')}</th>
            <th scope="col" class="figures">
              {texts.text('desk.suppliers.cost')}
            </th>
            <th scope="col" class="figures">
              {texts.text('desk.suppliers.price')}
            </th>
            <th scope="col">{texts.text('desk.suppliers.other')}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Decision key={row.service} context={context} row={row} path={path} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Decision({ context, row, path }: { context: DeskContext; row: SyncDecision; path: string }) {
  const { texts } = context.ui.frame
  const service = String(row.service)
  return (
    <tr data-row>
      <th scope="row">
        <a href={`${DESK}/services/${service}`}>{service}</a> <bdi>{row.name}</bdi>
        <br />
        <span class="small soft">
          {texts.text('desk.suppliers.theirs')} <bdi dir="ltr">{row.their_service}</bdi>
        </span>
      </th>
      <td>
        <Badge tone={row.what === 'dearer' ? 'warn' : 'bad'}>{texts.text(`desk.suppliers.what.${row.what}`)}</Badge>
        <br />
        <span class="small soft">{texts.text(row.state === 'on sale' ? 'desk.suppliers.onSale' : 'desk.suppliers.offSale')}</span>
      </td>
      <td class="figures">{row.cost === null ? NOTHING : decimalText(texts, row.cost)}</td>
      <td class="figures">{decimalText(texts, row.rate)}</td>
      <td>
        <bdi>{row.other ?? NOTHING}</bdi>
      </td>
      <td class="acts-of-a-row">
        {row.what === 'dearer' && (
          <>
            <ActLink
              context={context}
              act={serviceSet}
              with={{ service, rate: row.cost ?? row.rate }}
              back={path}
              look="small"
              text={texts.text('desk.suppliers.setPrice')}
            />
            <ActLink context={context} act={serviceWhenCostPasses} with={{ services: service }} back={path} look="small" />
          </>
        )}
        {row.other !== null && (
          <ActLink
            context={context}
            act={servicePrefer}
            with={{ service, supplier: row.other }}
            back={path}
            look="small"
            text={texts.text('desk.suppliers.useOther')}
          />
        )}
        <ActLink
          context={context}
          act={serviceSet}
          with={{ service, state: 'hidden' }}
          back={path}
          look="small"
          text={texts.text('desk.suppliers.hide')}
        />
      </td>
    </tr>
  )
}

function NewThere({
  context,
  seen,
  fresh,
  hasMore,
}: {
  context: DeskContext
  seen: SupplierSeen
  fresh: readonly string[]
  hasMore: boolean
}) {
  const { texts } = context.ui.frame
  const may = context.staff.may.has('services.price')
  return (
    <section>
      <h2>{texts.text('desk.suppliers.newThere')}</h2>
      <p class="soft">{texts.text(hasMore ? 'desk.suppliers.newThere.first' : 'desk.suppliers.newThere.lead', { count: fresh.length })}</p>
      <form method="get" action={`${DESK}/suppliers/${seen.id}/pick`}>
        <ul class="new-there">
          {fresh.map((theirs) => (
            <li key={theirs}>
              <label>
                {may && <input type="checkbox" name="only" value={theirs} />} <bdi dir="ltr">{theirs}</bdi>
              </label>
            </li>
          ))}
        </ul>
        {may && (
          <Button type="submit" look="main">
            {texts.text('desk.suppliers.importTicked')}
          </Button>
        )}
      </form>
    </section>
  )
}
