import { type Family, fields, type Row } from './families.ts'
import type { Raw } from './panel.ts'

/** The family of GlyCon and OwnSMMPanel. Its flags are '1' for no and '2' for yes. */
export const glycon: Family = {
  name: 'glycon',
  lookedUp: { categories: 'category_id' },
  linkLimit: null,
  kinds: {
    suppliers: { table: 'service_api', raw: (row) => fields(row, { id: 'id', name: 'api_name', url: 'api_url', key: 'api_key' }) },
    services: {
      table: 'services',
      raw(row, look) {
        const category = look.row('categories', row.get('category_id'))
        return {
          ...fields(row, {
            id: 'service_id', name: 'service_name', names: 'name_lang', rate: 'service_price', min: 'service_min', max: 'service_max', position: 'service_line',
            supplier: 'service_api', theirService: 'api_service', refillDays: 'refill_time', description: 'service_description',
          }), // prettier-ignore
          category: category?.get('category_name'),
          categoryNames: category?.get('name_lang'),
          categoryPosition: category?.get('category_line'),
          type: TYPES[row.get('service_package') ?? ''] ?? `type ${row.get('service_package')}`,
          dripfeed: on(row, 'service_dripfeed'),
          refill: on(row, 'refill_type'),
          cancel: on(row, 'cancel_type'),
          state: row.get('service_secret') === '1' ? 'hidden' : row.get('service_type') === '2' ? 'on sale' : 'disabled',
        }
      },
    },
    accounts: {
      table: 'clients',
      raw: (row) => ({
        ...fields(row, { id: 'client_id', email: 'email', balance: 'balance', key: 'apikey', locale: 'lang', createdAt: 'register_date' }),
        state: row.get('client_type') === '2' ? 'on' : 'suspended',
      }),
    },
    prices: { table: 'clients_price', raw: (row) => fields(row, { account: 'client_id', service: 'service_id', rate: 'service_price' }) },
    orders: { table: 'orders', raw: rawOrder },
  },
}

/** Its number of a type. Those from 11 on are what it calls packages with automatic posts: subscriptions. */
const TYPES: Readonly<Record<string, string>> = {
  1: 'Default',
  2: 'Package',
  3: 'Custom Comments',
  4: 'Custom Comments Package',
  11: 'Subscriptions',
  12: 'Subscriptions',
  14: 'Subscriptions',
  15: 'Subscriptions',
}

function on(row: Row, column: string): string {
  return row.get(column) === '2' ? '1' : '0'
}

function rawOrder(row: Row): Raw {
  return {
    ...fields(row, {
      id: 'order_id', account: 'client_id', service: 'service_id', reference: 'api_orderid', supplier: 'order_api', quantity: 'order_quantity',
      charge: 'order_charge', link: 'order_url', startCount: 'order_start', remains: 'order_remains', createdAt: 'order_create', endedAt: 'last_check',
    }), // prettier-ignore
    // An order that its supplier refused is pending for ever, with the supplier's words beside it.
    status: row.get('order_error') && row.get('order_status') === 'fail' ? 'fail' : row.get('order_status'),
    ...extrasOf(row.get('order_extras')),
    dripfeed: row.get('dripfeed') === '2' ? '1' : null,
    run: row.get('dripfeed') === '3' ? '1' : null,
    subscription: Number(row.get('subscriptions_type') ?? '1') > 1 ? '1' : null,
  }
}

/** JSON, or the comments themselves in older versions. */
function extrasOf(text: string | null | undefined): Raw {
  if (!text) return {}
  try {
    const value = JSON.parse(text) as unknown
    if (typeof value !== 'object' || value === null) return {}
    const texts = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
    return Object.fromEntries(texts.filter(([name]) => EXTRAS.has(name)))
  } catch {
    return { comments: text }
  }
}

const EXTRAS: ReadonlySet<string> = new Set(['comments', 'usernames', 'hashtags', 'hashtag', 'username', 'media', 'keywords'])
