/**
 * What staff may do, as verbs on the parts of the business. Each act names the one permission that it needs, each list of the operator API too. A role
 * is a list of permissions, and this file is the only place that says which.
 */
export const permissions = {
  'accounts.read': 'see accounts, their keys, their people and their log',
  'accounts.manage': 'open, change, invite, suspend and resume accounts; change their keys and webhooks',
  'money.read': 'see balances, statements and what is owed',
  'money.fund': 'book deposits and corrections',
  'money.approve': 'agree as the second person to what another one may not move alone',
  'payments.read': 'see payments, what came of them, and the ways to pay; never their keys',
  'payments.manage': 'set up the ways to pay with their keys, coupons and exchange rates',
  'payments.decide': 'decide what becomes of money that came in, give it back, and excuse what is owed',
  'orders.read': 'see the orders of all accounts, with the words of suppliers',
  'orders.place': 'place orders for customers, from their balance',
  'orders.decide': 'decide orders that nobody is sure about, and report posts and child orders',
  'orders.settle': 'set counts, complete, end in part, cancel with refund, and hand to another supplier',
  'tickets.read': 'see the tickets of customers, with their pictures and the notes of staff',
  'tickets.answer': 'answer, sort, merge and close tickets, and write saved replies',
  'alerts.read': 'see what needs a person',
  'alerts.close': 'close an alert that was seen',
  'services.read': 'see all services, with costs and suppliers',
  'services.manage': 'import, change and translate services, and bind them to suppliers',
  'services.price': 'change prices, margins, discounts and rates of accounts',
  'suppliers.read': 'see suppliers; never their keys',
  'suppliers.manage': 'add, change, try and remove suppliers',
  'rules.read': 'see the house rules',
  'rules.manage': 'add and remove house rules',
  'pages.read': 'see your own pages of the site, with those that are not public, and their history',
  'pages.manage': 'write, publish and remove your own pages of the site',
  'settings.read': 'see the settings of the house',
  'settings.manage': 'change the settings of the house, and set it up',
  'children.read': 'see the child panels, how they do and what they owe',
  'children.manage': 'sell, suspend, resume, close and drop child panels',
  'moving.manage': 'move another panel in, with its money, and take everything out as a file',
  'log.read': 'read the log of what staff did',
  'staff.read': 'see who the staff are, and their keys by their first characters',
  'staff.manage': 'invite staff, change their roles, end their access, make keys',
} as const satisfies Readonly<Record<string, string>>

export type Permission = keyof typeof permissions

export const everyPermission = Object.keys(permissions) as Permission[]

const allReading = everyPermission.filter((permission) => permission.endsWith('.read'))

/** The roles, from the one that may do everything to the one that only looks. */
export const roles = {
  owner: everyPermission,
  /** Everything but staff and money, which moving a panel in brings too. */
  manager: everyPermission.filter(
    (permission) => !['staff.manage', 'money.fund', 'money.approve', 'payments.decide', 'moving.manage'].includes(permission),
  ),
  money: [
    'accounts.read',
    'money.read',
    'money.fund',
    'money.approve',
    'payments.read',
    'payments.decide',
    'orders.read',
    'tickets.read',
    'tickets.answer',
    'alerts.read',
    'services.read',
    'services.price',
    'log.read',
  ],
  support: [
    'accounts.read',
    'accounts.manage',
    'money.read',
    'payments.read',
    'orders.read',
    'orders.decide',
    'orders.settle',
    'tickets.read',
    'tickets.answer',
    'alerts.read',
    'services.read',
    'rules.read',
  ],
  fulfilment: [
    'orders.read',
    'orders.decide',
    'orders.settle',
    'tickets.read',
    'alerts.read',
    'alerts.close',
    'services.read',
    'suppliers.read',
    'rules.read',
  ],
  'read-only': allReading.filter((permission) => permission !== 'staff.read'),
} as const satisfies Readonly<Record<string, readonly Permission[]>>

export type Role = keyof typeof roles

export const everyRole = Object.keys(roles) as [Role, ...Role[]]

export function isRole(text: string): text is Role {
  return Object.hasOwn(roles, text)
}

export function permissionsOf(role: Role): ReadonlySet<Permission> {
  return new Set<Permission>(roles[role])
}
