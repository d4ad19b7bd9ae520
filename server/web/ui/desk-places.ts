import type { Permission } from '../../staff/roles.ts'
import type { Group, Place } from './places.ts'

interface DeskPlace extends Place {
  /** Who may not do this does not see the place; null: all staff do. */
  readonly permission: Permission | null
}

/** The places of the desk, in groups. */
const deskGroups: readonly (Omit<Group, 'places'> & { readonly places: readonly DeskPlace[] })[] = [
  {
    name: undefined,
    places: [
      { path: '/desk', name: 'desk.place.today', icon: 'overview', letter: 'h', alone: true, permission: null },
      { path: '/desk/attention', name: 'desk.place.attention', icon: 'warn', letter: 'n', permission: 'alerts.read' },
      { path: '/desk/tickets', name: 'desk.place.tickets', icon: 'support', letter: 'k', permission: 'tickets.read' },
    ],
  },
  {
    name: 'desk.group.orders',
    places: [
      { path: '/desk/orders', name: 'desk.place.orders', icon: 'orders', letter: 'o', permission: 'orders.read' },
      { path: '/desk/jobs', name: 'desk.place.jobs', icon: 'massOrder', letter: 'j', permission: 'orders.read' },
      { path: '/desk/work', name: 'desk.place.work', icon: 'start', letter: 'w', permission: 'orders.read' },
      { path: '/desk/refills', name: 'desk.place.refills', icon: 'refills', letter: 'r', permission: 'orders.read' },
    ],
  },
  {
    name: 'desk.group.offer',
    places: [
      { path: '/desk/services', name: 'desk.place.services', icon: 'services', letter: 's', permission: 'services.read' },
      { path: '/desk/categories', name: 'desk.place.categories', icon: 'subscriptions', letter: 'c', permission: 'services.read' },
      { path: '/desk/suppliers', name: 'desk.place.suppliers', icon: 'webhooks', letter: 'u', permission: 'suppliers.read' },
    ],
  },
  {
    name: 'desk.group.customers',
    places: [
      { path: '/desk/customers', name: 'desk.place.customers', icon: 'account', letter: 'a', permission: 'accounts.read' },
      { path: '/desk/groups', name: 'desk.place.groups', icon: 'dripFeeds', letter: 'g', permission: 'accounts.read' },
      { path: '/desk/children', name: 'desk.place.children', icon: 'children', letter: 'v', permission: 'children.read' },
      { path: '/desk/money', name: 'desk.place.money', icon: 'funds', letter: 'm', permission: 'money.read' },
      { path: '/desk/payments', name: 'desk.place.payments', icon: 'payments', letter: 'y', permission: 'payments.read' },
      { path: '/desk/referrals', name: 'desk.place.referrals', icon: 'referrals', letter: 'f', permission: 'accounts.read' },
      { path: '/desk/approvals', name: 'desk.place.approvals', icon: 'good', letter: 'e', permission: 'money.read' },
      { path: '/desk/reports', name: 'desk.place.reports', icon: 'usage', letter: 'p', permission: 'money.read' },
    ],
  },
  {
    name: 'desk.group.house',
    places: [
      { path: '/desk/staff', name: 'desk.place.staff', icon: 'keys', letter: 't', permission: 'staff.read' },
      { path: '/desk/log', name: 'desk.place.log', icon: 'documentation', letter: 'l', permission: 'log.read' },
      { path: '/desk/pages', name: 'desk.place.pages', icon: 'orders', letter: 'd', permission: 'pages.read' },
      { path: '/desk/announcements', name: 'desk.place.announcements', icon: 'announcements', letter: 'b', permission: 'pages.read' },
      { path: '/desk/incidents', name: 'desk.place.status', icon: 'status', letter: 'z', permission: 'pages.read' },
      { path: '/desk/changelog', name: 'desk.place.changelog', icon: 'changelog', letter: 'x', permission: 'pages.read' },
      { path: '/desk/settings', name: 'desk.place.settings', icon: 'keyboard', letter: 'i', permission: 'settings.read' },
    ],
  },
]

/** The places that somebody with these permissions sees. */
export function deskGroupsFor(may: ReadonlySet<Permission>): Group[] {
  return deskGroups
    .map((group) => ({ ...group, places: group.places.filter(({ permission }) => permission === null || may.has(permission)) }))
    .filter(({ places }) => places.length > 0)
}
