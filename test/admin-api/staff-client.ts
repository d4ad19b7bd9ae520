import { staffKeyAdd } from '../../server/acts/staff-key-add.ts'
import type { Docket } from '../support/docket.ts'
import { houseOf, run } from '../support/acts.ts'

export interface Answer {
  readonly status: number
  readonly data: any
  readonly error_message: string
  readonly error_code: number
}

/** People or a bot with a staff key, as they call the running server. */
export interface StaffClient {
  readonly label: string
  readonly keyId: number
  readonly key: string
  post(path: string, body?: unknown): Promise<Answer>
  get(path: string): Promise<Answer>
}

export async function addManualSupplier(docket: Docket, name: string): Promise<number> {
  const { rows } = await docket.db.query<{ id: number }>(`insert into suppliers (name, protocol) values ($1, 'manual') returning id`, [
    name,
  ])
  return rows[0]!.id
}

export async function addStaffClient(docket: Docket, label: string, suppliers: string[] | null = null): Promise<StaffClient> {
  const { id, key } = await run(houseOf(docket.db, docket.clock.now), staffKeyAdd, { label, ...(suppliers && { supplier: suppliers }) })
  return {
    label,
    keyId: id,
    key,
    post: (path, body = {}) =>
      ask(docket, path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', 'x-api-key': key } }),
    get: (path) => ask(docket, path, { headers: { 'x-api-key': key } }),
  }
}

export async function ask(docket: Docket, path: string, request: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`${docket.node.url!}/adminapi/v2${path}`, request)
  return { status: response.status, ...((await response.json()) as Omit<Answer, 'status'>) }
}

/** Customer calls in the short form tests read well with. */
export function customer(docket: Docket, key: string) {
  return {
    key,
    add: async (service: number, more: Record<string, string | number> = {}): Promise<number> => {
      const answer = await docket.call({ key, action: 'add', service, link: 'https://example.com/p', quantity: 1000, ...more })
      if (answer.order === undefined) throw new Error(JSON.stringify(answer))
      return answer.order
    },
    status: (order: number) => docket.call({ key, action: 'status', order }),
    cancel: (order: number) => docket.call({ key, action: 'cancel', orders: order }),
    refill: (order: number) => docket.call({ key, action: 'refill', order }),
    balance: () => docket.balance(key),
  }
}

/** Who did what to an order, oldest first. */
export async function eventsOf(docket: Docket, order: number): Promise<string[]> {
  const { rows } = await docket.db.query<{ line: string }>(
    `select concat_ws(' · ', by, status, words) as line from order_events where order_id = $1 order by change`,
    [order],
  )
  return rows.map((row) => row.line)
}
