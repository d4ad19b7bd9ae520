import type { Command } from 'commander'

/** A file of commands. */
interface Commands {
  /** What the help of the whole program says of each. They are told twice, here and where they are made, so that the help loads none of them; a test
   * keeps both alike. */
  readonly about: Readonly<Record<string, string>>
  readonly load: () => Promise<(program: Command) => void>
}

const all: readonly Commands[] = [
  {
    about: {
      'serve [options]': 'serve the API and the pages, and move the orders; works on an empty database at once',
      'demo [options]': 'serve with a demo catalogue, an account with a balance and a key, and a supplier that simulates the work',
    },
    load: async () => (await import('./serve.ts')).addServeCommands,
  },
  {
    about: {
      account: 'accounts: open, list, change, suspend',
      'fund [options]': 'book money into an account, or a correction out of it',
      key: 'API keys: add, list, limit, revoke',
    },
    load: async () => (await import('./accounts.ts')).addAccountCommands,
  },
  {
    about: {
      payment: 'payments of customers: list, decide, approve, decline, give back',
      'payment-method': 'ways to pay: add, list, change, test, switch on and off',
      bonus: 'money that is given',
    },
    load: async () => (await import('./payments.ts')).addPaymentCommands,
  },
  {
    about: {
      coupon: 'coupons for deposits: add, list, change, end',
      rate: 'exchange rates for payments: set, list, and where they come from',
      reconcile: 'what gateways report beside what was credited: list, look, settle',
    },
    load: async () => (await import('./payment-books.ts')).addPaymentBookCommands,
  },
  {
    about: {
      group: 'groups of customers, who pay alike: discounts and rates',
    },
    load: async () => (await import('./groups.ts')).addGroupCommands,
  },
  {
    about: {
      child: 'child panels: Dockets of their own that you sell to customers',
    },
    load: async () => (await import('./children.ts')).addChildCommands,
  },
  {
    about: {
      service: 'services on sale: import, list, change, translate, bind',
      category: 'categories of services: rename, hide, put in order',
    },
    load: async () => (await import('./services.ts')).addServiceCommands,
  },
  {
    about: {
      supplier: 'suppliers, who do the work: add, list, change, import',
    },
    load: async () => (await import('./suppliers.ts')).addSupplierCommands,
  },
  {
    about: {
      'trace [options] <order>': 'everything that happened to an order, with the words of suppliers and staff',
      'alerts [options]': 'open alerts for staff, newest first',
    },
    load: async () => (await import('./alerts.ts')).addAlertCommands,
  },
  {
    about: {
      'hand-off': 'orders that wait for a person’s decision: list, decide',
    },
    load: async () => (await import('./hand-offs.ts')).addHandOffCommands,
  },
  {
    about: {
      order: 'orders, by hand: add, set, complete, partial, cancel, send-to, note',
      job: 'change many orders, one after another: add, list, result, stop',
    },
    load: async () => (await import('./orders.ts')).addOrderCommands,
  },
  {
    about: {
      work: 'orders that are done by hand: list, claim, release',
      cancel: 'cancels that customers asked for: list, decline, ask-again; "order cancel" accepts',
      refill: 'refills that customers asked for: list, accept, decline, ask-again',
    },
    load: async () => (await import('./work.ts')).addWorkCommands,
  },
  {
    about: {
      subscription: 'subscriptions: report new posts, decide child orders',
    },
    load: async () => (await import('./subscriptions.ts')).addSubscriptionCommands,
  },
  {
    about: {
      'price-check [options]': 'every service and account whose price is below the supplier’s cost; exit 1 if there is one',
    },
    load: async () => (await import('./price-sync.ts')).addPriceCheck,
  },
  {
    about: {
      'promises [options]': 'missed promises by service, and the money paid back for them (docs/promises.md)',
    },
    load: async () => (await import('./promises.ts')).addPromiseCommands,
  },
  {
    about: {
      approval: 'what waits for a second person (DOCKET_STAFF_DAILY_SUM): list, accept, decline',
    },
    load: async () => (await import('./approvals.ts')).addApprovalCommands,
  },
  {
    about: {
      report: 'what was sold, given back and spent',
    },
    load: async () => (await import('./reports.ts')).addReportCommands,
  },
  {
    about: {
      staff: 'people who work here, and what they may do: add, list, invite, change, sign out, end, rescue',
      role: 'what roles ask of their people: demand-code',
      'staff-token': 'tokens for programs of staff (/operator/v1): add, list, revoke',
    },
    load: async () => (await import('./staff.ts')).addStaffCommands,
  },
  {
    about: {
      'staff-key': 'keys for people and bots who work on orders by hand (/adminapi/v2): add, list, revoke',
    },
    load: async () => (await import('./staff-keys.ts')).addStaffKeyCommands,
  },
  {
    about: {
      'log [options]': 'what staff did and what it changed, newest first; each line proves the lines before it',
    },
    load: async () => (await import('./log.ts')).addLogCommands,
  },
  {
    about: {
      'settings [options]': 'what your customers see and may do: name, logo, colour, languages, limits, mails; shows all, or changes them',
    },
    load: async () => (await import('./settings.ts')).addSettingCommands,
  },
  {
    about: {
      'setup-link [options]':
        'print a link to set Docket up in a browser: it makes the first owner, once, within a day; an earlier link is void',
      setup: 'the set-up: the first owner by a link, steps that are left out',
    },
    load: async () => (await import('./settings.ts')).addSetupCommands,
  },
  {
    about: {
      'sign-in-provider': 'others by whom customers may sign in, like Google: list, set, test, remove',
    },
    load: async () => (await import('./providers.ts')).addProviderCommands,
  },
  {
    about: {
      'house-rule': 'hosts, accounts and words for which no orders are taken: add, list, remove',
    },
    load: async () => (await import('./house-rules.ts')).addHouseRuleCommands,
  },
  {
    about: {
      referral: 'who came by whose link: list, end',
      referrer: 'customers who bring customers: list, set, refuse, allow',
    },
    load: async () => (await import('./referrals.ts')).addReferralCommands,
  },
  {
    about: {
      announcement: 'what you tell your customers: list, add, write, set, publish, end',
    },
    load: async () => (await import('./announcements.ts')).addAnnouncementCommands,
  },
  {
    about: {
      incident: 'disturbances on the status page: list, open, update, write, settle',
    },
    load: async () => (await import('./incidents.ts')).addIncidentCommands,
  },
  {
    about: {
      changelog: 'news for those who order by program: list, add, write, remove',
    },
    load: async () => (await import('./incidents.ts')).addChangelogCommands,
  },
  {
    about: {
      page: 'pages of your own, like terms: list, show, history, set, publish, restore, remove',
    },
    load: async () => (await import('./pages.ts')).addPageCommands,
  },
  {
    about: {
      ticket: 'what customers ask: list, show, open, reply, note, assign, set, close, reopen, merge, part',
      'saved-reply': 'texts that staff send often: list, add, set, remove',
      'speed-up': 'late orders that customers asked to hurry: list, answer',
    },
    load: async () => (await import('./tickets.ts')).addTicketCommands,
  },
  {
    about: {
      view: 'the lists of the desk that people keep',
    },
    load: async () => (await import('./views.ts')).addViewCommands,
  },
  {
    about: {
      webhook: 'webhooks, which tell a customer’s server of changes (docs/webhooks.md)',
    },
    load: async () => (await import('./webhooks.ts')).addWebhookCommands,
  },
  {
    about: {
      mail: 'mails to customers: list them, read one that waits',
    },
    load: async () => (await import('./mails.ts')).addMailCommands,
  },
  {
    about: {
      'move-in [options] <from> <place>':
        'bring another panel over: services, customers, balances, keys and orders; without --run it tells what it would do',
      'export [options] <directory>':
        'write services, customers, money and orders as lines of JSON, one file per kind, with a description of their fields',
    },
    load: async () => (await import('./move-in.ts')).addMoveInCommands,
  },
  {
    about: {
      moving: 'move another panel in, or everything out, in the background by a server that runs, as the desk does',
    },
    load: async () => (await import('./moving.ts')).addMovingCommands,
  },
  {
    about: {
      'audit [options]': 'recompute all money from the raw rows; exit 1 and the wrong rows if something does not add up',
      'migrate [options]': 'bring the database to the newest schema; docket serve does it by itself',
      'backup [options] <file>': 'write the whole database to one file, while orders go on',
      'restore [options] <file>': 'read a backup into an empty database, embedded or your own',
    },
    load: async () => (await import('./upkeep.ts')).addUpkeepCommands,
  },
]

/** Adds the command of this name, with those that are made beside it; without a name that exists, one line of each, which is all that help and an
 * error tell of them. */
export async function addCommands(program: Command, named: string | undefined): Promise<void> {
  const found = all.find(({ about }) => Object.keys(about).some((usage) => usage.split(' ')[0] === named))
  if (found) return (await found.load())(program)
  for (const { about } of all) {
    for (const [usage, words] of Object.entries(about)) program.command(usage).description(words)
  }
}

/** Adds every command, whole. */
export async function addAllCommands(program: Command): Promise<void> {
  for (const { load } of all) (await load())(program)
}
