import { type RefillStatus, refillStatuses } from '../../../../contract/statuses.ts'
import type { ListedRefill } from '../../../orders/refill.ts'
import type { Texts } from '../../../texts/texts.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { About } from '../orders/orders.tsx'
import { statusText } from '../../ui/order-status.tsx'
import { Moment } from '../../ui/parts.tsx'
import type { PageUi } from '../../ui/page-ui.ts'
import { Detail, followedList, type FollowedView } from './followed-list.tsx'

export function refillsPage(ui: PageUi, view: FollowedView<ListedRefill>): string {
  const { texts } = ui.frame
  return followedList({
    ui,
    path: '/refills',
    title: 'app.refills',
    none: { title: 'follow.noRefills.title', text: 'follow.noRefills.text' },
    tabs: [
      { show: '', text: texts.text('app.allStatuses') },
      ...refillStatuses.map((status) => ({ show: status, text: statusText(texts, status) })),
    ],
    view,
    children: view.rows.map((refill) => (
      <li key={refill.id}>
        <About name={refill.name} link={refill.link} heading={<Heading texts={texts} refill={refill} />}>
          <dl class="details small">
            <Detail name={texts.text('app.refillAsked')}>
              <Moment texts={texts} at={refill.askedAt} />
            </Detail>
            {refill.endedAt && (
              <Detail name={texts.text('orders.ended')}>
                <Moment texts={texts} at={refill.endedAt} />
              </Detail>
            )}
          </dl>
        </About>
        <p class="price">
          <a href={`/orders/${refill.orderId}`}>{texts.text('app.orderNumber', { id: refill.orderId.toString() })}</a>
        </p>
      </li>
    )),
  })
}

const TONES: Readonly<Record<RefillStatus, Tone>> = {
  Pending: 'idle',
  'In progress': 'busy',
  Completed: 'good',
  Rejected: 'bad',
  Error: 'bad',
}

function Heading({ texts, refill: { id, status } }: { readonly texts: Texts; readonly refill: ListedRefill }) {
  return (
    <>
      {texts.text('follow.refillNumber', { id: id.toString() })} <Badge tone={TONES[status]}>{statusText(texts, status)}</Badge>
    </>
  )
}
