import type { MessageKey } from '../../../contract/message.ts'
import type { IconName } from './icon.tsx'

export interface Place {
  readonly path: string
  readonly name: MessageKey
  readonly icon: IconName
  /** The letter that leads there from anywhere, typed after a `g`. */
  readonly letter: string
  /** Pages below its address belong to other places. */
  readonly alone?: true
  /** Shown only while the house has this. */
  readonly onlyWith?: 'hasReferrals' | 'hasPanels'
}

export interface Group {
  /** The heading of the group; the first and the last group have none. */
  readonly name: MessageKey | undefined
  readonly places: readonly Place[]
}

/** The address of the documentation, whatever the language. */
export const DOCUMENTATION = '/api'

/** The pages of signed-in users, in groups. */
export const groups: readonly Group[] = [
  { name: undefined, places: [{ path: '/', name: 'shell.overview', icon: 'overview', letter: 'h', alone: true }] },
  {
    name: 'shell.group.order',
    places: [
      { path: '/order', name: 'app.newOrder', icon: 'newOrder', letter: 'n' },
      { path: '/mass-order', name: 'app.massOrder', icon: 'massOrder', letter: 'm' },
      { path: '/services', name: 'app.services', icon: 'services', letter: 's' },
    ],
  },
  {
    name: 'shell.group.follow',
    places: [
      { path: '/orders', name: 'app.orders', icon: 'orders', letter: 'o' },
      { path: '/drip-feeds', name: 'app.dripFeeds', icon: 'dripFeeds', letter: 'd' },
      { path: '/subscriptions', name: 'app.subscriptions', icon: 'subscriptions', letter: 'b' },
      { path: '/refills', name: 'app.refills', icon: 'refills', letter: 'r' },
      { path: '/support', name: 'app.support', icon: 'support', letter: 'p' },
    ],
  },
  {
    name: 'shell.group.money',
    places: [
      { path: '/funds', name: 'app.funds', icon: 'funds', letter: 'f' },
      { path: '/referrals', name: 'app.referrals', icon: 'referrals', letter: 'i', onlyWith: 'hasReferrals' },
      { path: '/panels', name: 'app.panels', icon: 'children', letter: 'l', onlyWith: 'hasPanels' },
    ],
  },
  {
    name: 'shell.group.api',
    places: [
      { path: '/keys', name: 'app.keys', icon: 'keys', letter: 'k' },
      { path: '/webhooks', name: 'app.webhooks', icon: 'webhooks', letter: 'w' },
      { path: '/usage', name: 'app.usage', icon: 'usage', letter: 'u' },
      { path: DOCUMENTATION, name: 'site.docs', icon: 'documentation', letter: 'a' },
    ],
  },
  {
    name: undefined,
    places: [
      { path: '/start', name: 'app.start', icon: 'start', letter: 't' },
      { path: '/announcements', name: 'app.announcements', icon: 'announcements', letter: 'e' },
      { path: '/account', name: 'account.title', icon: 'account', letter: 'c' },
    ],
  },
]

/** The places that a signed-in user of this house sees. */
export function groupsFor(house: Readonly<Record<NonNullable<Place['onlyWith']>, boolean>>): Group[] {
  return groups.map((group) => ({ ...group, places: group.places.filter(({ onlyWith }) => onlyWith === undefined || house[onlyWith]) }))
}
