/** What an export has: one file per kind, from one table. */
export interface Exported {
  readonly table: string
  readonly about: string
  /** Columns that stay behind, and why. */
  readonly without?: Readonly<Record<string, string>>
  /** What stands in them, as SQL, in a Docket that is moved into. */
  readonly filled?: Readonly<Record<string, string>>
}

const SEALED = 'sealed by the secret of this installation'
const STAFF_STAY = 'the people who work here stay with this installation'
const PASSWORD = 'passwords stay where they were chosen; people choose a new one'

/** In the order in which they are read. The name of a file is the name of its table. */
export const exported: readonly Exported[] = [
  { table: 'catalogue', about: 'The currency of all prices, and how often they have changed: one row.' },
  { table: 'account_groups', about: 'Groups of accounts with a discount.' },
  { table: 'accounts', about: 'Customers.' },
  { table: 'users', about: 'The people of accounts, who sign in.', without: { password_hash: PASSWORD } },
  {
    table: 'sign_in_providers',
    about: 'Others by whom customers may sign in. Their secrets are entered again.',
    without: { sealed_secret: SEALED, offered: 'a provider is not offered until its secret is there' },
    filled: { sealed_secret: 'null', offered: 'false' },
  },
  { table: 'linked_sign_ins', about: 'Which sign-ins by a provider people have linked.' },
  { table: 'terms_accepted', about: 'Which versions of the terms people have accepted.' },
  {
    table: 'api_keys',
    about:
      'Keys of accounts, as hashes: programs change the address and nothing else. Those of the scheme hmac-sha-256 need the same DOCKET_SECRET.',
  },
  {
    table: 'suppliers',
    about: 'Who does the work. Their keys are entered again.',
    without: {
      sealed_key: SEALED,
      paused: 'a supplier without its key is paused until it has one',
      locked: 'only the panel that made this one may lock its supplier',
    },
    filled: { locked: 'false', sealed_key: "case when t.protocol = 'api-v2' then ''::bytea end", paused: "t.protocol = 'api-v2'" },
  },
  { table: 'services', about: 'What is sold.' },
  { table: 'service_suppliers', about: 'Which supplier does a service, and under which number there.' },
  { table: 'site_pages', about: 'Pages of your own, like the terms.' },
  { table: 'site_page_texts', about: 'What they say in each language, in all versions.' },
  { table: 'price_lists', about: 'How prices follow the list of a supplier.' },
  { table: 'custom_rates', about: 'Rates agreed with an account.' },
  { table: 'group_rates', about: 'Rates agreed with a group.' },
  { table: 'service_changes', about: 'What changed in the list of services.' },
  { table: 'favourites', about: 'Services that a customer marked.' },
  { table: 'books', about: 'The ledger of each account: its balances.' },
  { table: 'transfers', about: 'The lines of the books: every movement of money.' },
  { table: 'seals', about: 'Hashes of the lines of a book up to one of them.' },
  { table: 'line_sums', about: 'Sums by cause at every thousandth line of a book.' },
  {
    table: 'order_ids',
    about: 'The number of the next order: one row.',
    without: { timeline: 'it belongs to this database' },
    filled: { timeline: 'null' },
  },
  { table: 'orders', about: 'Orders.' },
  { table: 'drip_feeds', about: 'The runs of orders that are delivered in parts.' },
  { table: 'subscriptions', about: 'Subscriptions, which become an order with each post.' },
  { table: 'subscription_posts', about: 'The posts of subscriptions.' },
  { table: 'child_orders', about: 'Which order is a part of which.' },
  { table: 'promises', about: 'What orders were promised, and what came of it.' },
  {
    table: 'hand_offs',
    about: 'Which supplier has an order, and under which number there.',
    without: { poll_list: 'lists of orders to ask for are made anew' },
    // Orders at suppliers are asked for at once.
    filled: {
      poll_list: 'null',
      due_at: "case when t.state = 'sent' and t.due_at < 'infinity' then least(t.due_at, now()) else t.due_at end",
    },
  },
  { table: 'refills', about: 'Refills that were asked for.' },
  { table: 'refill_hand_offs', about: 'Which supplier has a refill.' },
  { table: 'retry_keys', about: 'The customers’ own names for orders: the same one never orders twice.' },
  { table: 'feeds', about: 'How many changes the orders of a book have had.' },
  { table: 'order_events', about: 'Those changes.' },
  {
    table: 'payment_methods',
    about: 'Ways to pay. Their secrets are entered again.',
    without: {
      sealed_secrets: SEALED,
      hook_token: 'an address that only the gateway knows',
      is_on: 'a way to pay is off until its secrets are there',
    },
    filled: { sealed_secrets: 'null', hook_token: 'md5(random()::text || random()::text)', is_on: 'false' },
  },
  { table: 'coupons', about: 'Coupons.' },
  {
    table: 'payments',
    about: 'Payments that customers began.',
    without: { next_step: 'it belongs to a form that is open' },
    filled: { next_step: 'null' },
  },
  { table: 'payment_receipts', about: 'Money that arrived.' },
  { table: 'payment_reversals', about: 'Money that was taken back.' },
  { table: 'payment_givebacks', about: 'Money that staff gave back.' },
  { table: 'payment_documents', about: 'Numbered receipts and credit notes.' },
  { table: 'payment_numbers', about: 'The last number of each year.' },
  { table: 'coupon_uses', about: 'Who used which coupon.' },
  { table: 'announcements', about: 'What customers are told.' },
  { table: 'announcement_texts', about: 'What each says in each language, in every version.' },
  { table: 'announcement_audience', about: 'Who ordered what it is about.' },
  { table: 'announcement_dismissals', about: 'Who has dismissed which.' },
  { table: 'announcement_readers', about: 'Who wants them by mail.' },
  { table: 'announcement_mails', about: 'Who has got which by mail.' },
  { table: 'incidents', about: 'What was disturbed, as the status page tells it.' },
  { table: 'incident_texts', about: 'What staff wrote about it in each language, in every version.' },
  { table: 'changelog_entries', about: 'Your own entries of the changelog.' },
  { table: 'changelog_texts', about: 'What each says in each language, in every version.' },
  { table: 'referrers', about: 'Customers with a link to bring customers.' },
  { table: 'referrals', about: 'Who came by whose link.' },
  { table: 'commissions', about: 'What each order of such a customer kept.' },
  { table: 'commission_payouts', about: 'What was paid for it.' },
  { table: 'commission_parts', about: 'Of which orders each of these payments is made.' },
  { table: 'exchange_rates', about: 'Exchange rates by which payments were credited.' },
  { table: 'house_rules', about: 'Hosts, accounts and words for which no orders are taken.' },
  { table: 'account_notes', about: 'Notes of staff about accounts.' },
  {
    table: 'tickets',
    about: 'What customers and staff write to each other.',
    without: { assignee: STAFF_STAY },
    filled: { assignee: 'null' },
  },
  {
    table: 'ticket_messages',
    about: 'The messages of tickets.',
    without: { staff_id: STAFF_STAY },
    filled: { staff_id: 'null' },
  },
  { table: 'ticket_orders', about: 'Which orders a ticket is about.' },
  { table: 'ticket_pictures', about: 'Pictures of messages.' },
  { table: 'saved_replies', about: 'Texts that staff send often.' },
  { table: 'speed_ups', about: 'Late orders that their customers asked to hurry.' },
  { table: 'account_log', about: 'What was done in and to accounts.' },
  { table: 'balance_alarms', about: 'Below which balance a customer is told.' },
  { table: 'moved_in', about: 'What came from another panel.' },
  { table: 'old_panels', about: 'Where the API of such a panel is, for resellers who bring their keys.' },
]

/** Tables that are not exported, and why. */
export const leftBehind: Readonly<Record<string, string>> = {
  ...of('it belongs to the people who work here, and to this installation', [
    'staff', 'staff_sessions', 'staff_presence', 'staff_passwords', 'staff_second_factors', 'staff_recovery_codes', 'staff_links', 'staff_browsers', 'staff_failures',
    'staff_tokens', 'staff_keys', 'staff_log', 'staff_actions', 'roles_with_code', 'setup_links', 'approvals', 'account_views', 'desk_views', 'work_claims', 'jobs', 'job_orders',
    'settings', 'staff_payments', 'rate_sources', 'payment_report_settlements', 'installation', 'migrations', 'routines', 'conversions', 'alerts',
  ]),
  ...of('it is a panel with a database of its own, which is moved by its own', ['child_panels', 'child_rents', 'child_health']),
  ...of('it is a secret of a person, or of a browser', ['second_factors', 'recovery_codes', 'sessions', 'known_browsers', 'mail_links', 'attempts']),
  ...of('it is sealed by the secret of this installation', ['webhooks', 'webhook_messages', 'mails', 'saved_cards', 'top_ups']),
  ...of('it is made anew when suppliers are asked for their orders', ['poll_lists']),
  ...of('it is added up anew from what is exported', [
    'report_cursors', 'report_state', 'costs_under_way', 'sold_hours', 'sold_days', 'service_days', 'service_months', 'account_days', 'account_months', 'money_days',
    'kept_reports', 'kept_report_rows', 'supplier_cursors', 'supplier_days', 'supplier_services', 'supplier_samples', 'usage_cursors', 'key_days', 'service_times',
    'order_time_hours', 'order_time_days',
  ]),
  ...of('it is of this moment', [
    'provider_sign_ins',
    'rate_windows', 'key_spending', 'key_calls', 'supplier_hours', 'supplier_standings', 'supplier_balances', 'simulated_orders', 'simulated_subscriptions', 'mass_orders',
    'exports', 'export_parts', 'movings', 'moving_files', 'moving_pieces', 'mass_order_lines', 'refused_orders', 'ticket_news', 'ticket_digests', 'payment_calls', 'payment_news', 'payment_proofs', 'payment_reports', 'payment_report_days', 'payment_standings',
    'api_minutes', 'api_hours',
  ]),
} // prettier-ignore

function of(why: string, tables: readonly string[]): Record<string, string> {
  return Object.fromEntries(tables.map((table) => [table, why]))
}
