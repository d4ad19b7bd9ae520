import { servicePrefer } from '../../../acts/service-prefer.ts'
import type { ServiceThere } from '../../../fulfilment/side-by-side.ts'
import { Badge } from '../../ui/badge.tsx'
import { countText, NOTHING, takenText } from '../../ui/figures.tsx'
import { ActLink } from '../act-link.tsx'
import { DESK, type DeskContext } from '../desk.ts'
import { decimalText, shareText } from './words.tsx'

/** The services of a supplier with what they cost there, and what came of their orders. */
export function ServicesThere({ context, rows, supplier }: { context: DeskContext; rows: readonly ServiceThere[]; supplier: string }) {
  const { texts } = context.ui.frame
  if (rows.length === 0) return <p class="soft">{texts.text('desk.suppliers.noServices')}</p>
  const figures = [
    'desk.suppliers.cost', 'desk.suppliers.price', 'desk.suppliers.start', 'desk.suppliers.finish', 'desk.suppliers.partial', 'desk.suppliers.canceled',
    'desk.suppliers.ordersOf',
  ] as const // prettier-ignore
  return (
    <div class="scroll">
      <table class="services-there">
        <caption class="visually-hidden">{texts.text('desk.suppliers.servicesThere')}</caption>
        <thead>
          <tr>
            <th scope="col">{texts.text('desk.suppliers.service')}</th>
            {figures.map((key) => (
              <th key={key} scope="col" class="figures">
                {texts.text(key)}
              </th>
            ))}
            <td />
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.service} context={context} row={row} supplier={supplier} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row({ context, row, supplier }: { context: DeskContext; row: ServiceThere; supplier: string }) {
  const { texts } = context.ui.frame
  const isDearer = row.cost !== null && Number(row.cost) > Number(row.rate)
  const path = `${DESK}/suppliers/${context.params['id']}`
  return (
    <tr data-row>
      <th scope="row">
        <a href={`${DESK}/services/${row.service}`}>{row.service}</a> <bdi>{row.name}</bdi>
        <br />
        <span class="small soft">
          {row.their_service !== '' && (
            <>
              {texts.text('desk.suppliers.theirs')} <bdi dir="ltr">{row.their_service}</bdi>{' '}
            </>
          )}
          {texts.text('desk.suppliers.position', { position: row.position })}
        </span>{' '}
        {row.gone_at !== null && <Badge tone="bad">{texts.text('desk.suppliers.gone')}</Badge>}
        {row.state !== 'on sale' && <Badge tone="idle">{texts.text('desk.suppliers.offSale')}</Badge>}
      </th>
      <td class={isDearer ? 'figures bad' : 'figures'}>{row.cost === null ? NOTHING : decimalText(texts, row.cost)}</td>
      <td class="figures">{decimalText(texts, row.rate)}</td>
      <Times context={context} median={row.start_median} p95={row.start_p95} />
      <Times context={context} median={row.finish_median} p95={row.finish_p95} />
      <td class="figures">{shareText(texts, row.recent_partial, row.recent)}</td>
      <td class="figures">{shareText(texts, row.recent_canceled, row.recent)}</td>
      <td class="figures">{countText(texts, row.orders)}</td>
      <td>
        {row.position > 1 && row.gone_at === null && (
          <ActLink context={context} act={servicePrefer} with={{ service: String(row.service), supplier }} back={path} look="small" />
        )}
      </td>
    </tr>
  )
}

/** The median, and the time that 95 of a hundred orders take at most. */
function Times({ context, median, p95 }: { context: DeskContext; median: number | null; p95: number | null }) {
  const { texts } = context.ui.frame
  return (
    <td class="figures">
      {takenText(texts, median)}
      {p95 !== null && (
        <>
          <br />
          <span class="small soft">{texts.text('desk.suppliers.p95', { time: takenText(texts, p95) })}</span>
        </>
      )}
    </td>
  )
}
