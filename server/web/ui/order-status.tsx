import type { MessageKey } from '../../../contract/message.ts'
import type { OrderStatus, RefillStatus } from '../../../contract/statuses.ts'
import type { Texts } from '../../texts/texts.ts'
import { Badge, type Tone } from './badge.tsx'
import { countText } from './figures.tsx'

const TONES: Readonly<Record<OrderStatus, Tone>> = {
  Pending: 'idle',
  Processing: 'busy',
  'In progress': 'busy',
  Completed: 'good',
  Partial: 'warn',
  Canceled: 'bad',
  Active: 'busy',
  Paused: 'warn',
  Expired: 'idle',
}

export function Status({ texts, status }: { readonly texts: Texts; readonly status: OrderStatus }) {
  return <Badge tone={TONES[status]}>{statusText(texts, status)}</Badge>
}

/** For example, `In progress` becomes `app.status.inProgress`. */
export function statusText(texts: Texts, status: OrderStatus | RefillStatus): string {
  const name = (status.charAt(0).toLowerCase() + status.slice(1)).replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase())
  return texts.text(`app.status.${name}` as MessageKey)
}

interface DeliveredProps {
  readonly texts: Texts
  readonly quantity: bigint
  readonly remains: bigint
}

/** The delivered share, as a bar and, for screen readers, as figures. */
export function Delivered({ texts, quantity, remains }: DeliveredProps) {
  const rest = remains < 0n ? 0n : remains > quantity ? quantity : remains
  const text = texts.text('orders.of', { part: countText(texts, quantity - rest), whole: countText(texts, quantity) })
  return (
    <span class="delivered">
      <bdi class="figure">{text}</bdi>
      <progress max={Number(quantity)} value={Number(quantity - rest)} aria-label={`${texts.text('orders.delivered')}: ${text}`} />
    </span>
  )
}
