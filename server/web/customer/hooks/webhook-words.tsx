import type { Texts } from '../../../texts/texts.ts'
import type { ShownDelivery, ShownWebhook } from './webhook-actions.ts'

export function WebhookBadges({ texts, webhook }: { readonly texts: Texts; readonly webhook: ShownWebhook }) {
  return (
    <>
      <span class="badge">{texts.text(webhook.test ? 'keys.test' : 'keys.live')}</span>
      {webhook.pausedAt && <span class="badge warn">{texts.text('hooks.paused')}</span>}
      {webhook.failingSince && <span class="badge bad">{texts.text('hooks.failing')}</span>}
    </>
  )
}

/** The address without its path, for titles. */
export function hostOf({ url }: Pick<ShownWebhook, 'url'>): string {
  return new URL(url).host
}

export function EventNames({ events }: { readonly events: readonly string[] }) {
  return (
    <>
      {events.map((event) => (
        <code key={event} dir="ltr" class="event">
          {event}
        </code>
      ))}
    </>
  )
}

const MOODS = { waiting: '', delivered: 'good', 'given up': 'bad' } as const
const STATES = { waiting: 'hooks.waits', delivered: 'hooks.delivered', 'given up': 'hooks.givenUp' } as const

export function DeliveryState({ texts, state }: { readonly texts: Texts; readonly state: ShownDelivery['state'] }) {
  return <span class={`badge ${MOODS[state]}`.trim()}>{texts.text(STATES[state])}</span>
}

/** For example, `HTTP 500 · 12 ms`. The words come from the worker and are always English, like the protocol. */
export function Answer({ delivery: { words, tookMs } }: { readonly delivery: ShownDelivery }) {
  if (words === null) return null
  return <bdi dir="ltr">{tookMs === null ? words : `${words} · ${tookMs} ms`}</bdi>
}
