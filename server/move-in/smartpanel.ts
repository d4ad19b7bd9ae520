import { type Family, fields, type Row } from './families.ts'

/** SmartPanel 4 and its forks. Its flags are 0 and 1, and it cuts links at 191 characters. */
export const smartpanel: Family = {
  name: 'smartpanel',
  lookedUp: { categories: 'id' },
  linkLimit: 191,
  kinds: {
    suppliers: {
      table: 'api_providers',
      raw: (row) => fields(row, { id: 'id', name: 'name', url: 'url', key: 'key', currency: 'currency_code' }),
    },
    services: {
      table: 'services',
      raw(row, look) {
        const category = look.row('categories', row.get('cate_id'))
        return {
          ...fields(row, {
            id: 'id', name: 'name', description: 'desc', rate: 'price', costRate: 'original_price', min: 'min', max: 'max', type: 'type', dripfeed: 'dripfeed',
            supplier: 'api_provider_id', theirService: 'api_service_id', refill: 'refill', cancel: 'cancel',
          }), // prettier-ignore
          category: category?.get('name'),
          categoryPosition: category?.get('sort'),
          position: row.get('sort') ?? row.get('id'),
          state: row.get('status') === '1' ? 'on sale' : 'disabled',
        }
      },
    },
    accounts: {
      table: 'general_users',
      raw: (row) => ({
        ...fields(row, { id: 'id', email: 'email', balance: 'balance', key: 'api_key', ownRate: 'custom_rate', createdAt: 'created' }),
        state: row.get('status') === '1' ? 'on' : 'suspended',
      }),
    },
    prices: { table: 'general_users_price', raw: (row) => fields(row, { account: 'uid', service: 'service_id', rate: 'service_price' }) },
    orders: {
      table: 'orders',
      raw: (row) => ({
        ...fields(row, {
          id: 'id', account: 'uid', service: 'service_id', supplier: 'api_provider_id', reference: 'api_order_id', link: 'link', quantity: 'quantity', charge: 'charge',
          status: 'status', startCount: 'start_counter', remains: 'remains', comments: 'comments', usernames: 'usernames', hashtags: 'hashtags', createdAt: 'created',
          endedAt: 'changed',
        }), // prettier-ignore
        dripfeed: isDrip(row) ? '1' : null,
        run: row.get('is_drip_feed') === '1' && !isDrip(row) ? '1' : null,
        subscription: row.get('service_type') === 'subscriptions' && !Number(row.get('main_order_id') ?? '0') ? '1' : null,
      }),
    },
  },
}

/** Its runs are orders of their own, which name it. */
function isDrip(row: Row): boolean {
  return row.get('is_drip_feed') === '1' && !Number(row.get('main_order_id') ?? '0')
}
