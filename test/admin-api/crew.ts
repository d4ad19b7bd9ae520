import { addStaffKey } from '../../server/admin-api/staff-keys.ts'
import type { Desk } from '../support/desk.ts'

export interface Answer {
  readonly status: number
  readonly data: any
  readonly error_message: string
  readonly error_code: number
}

/** People or a bot with a staff key, as they call the running server. */
export interface Crew {
  readonly label: string
  readonly keyId: number
  readonly key: string
  post(path: string, body?: unknown): Promise<Answer>
  get(path: string): Promise<Answer>
}

export async function addManualSupplier(desk: Desk, name: string): Promise<number> {
  const { rows } = await desk.db.query<{ id: number }>(`insert into suppliers (name, protocol) values ($1, 'manual') returning id`, [name])
  return rows[0]!.id
}

export async function addCrew(desk: Desk, label: string, suppliers: string[] | null = null): Promise<Crew> {
  const { id, key } = await addStaffKey(desk.db, { label, suppliers }, desk.clock.now())
  return {
    label,
    keyId: id,
    key,
    post: (path, body = {}) =>
      ask(desk, path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', 'x-api-key': key } }),
    get: (path) => ask(desk, path, { headers: { 'x-api-key': key } }),
  }
}

export async function ask(desk: Desk, path: string, request: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`${desk.node.url!}/adminapi/v2${path}`, request)
  return { status: response.status, ...((await response.json()) as Omit<Answer, 'status'>) }
}

/** Customer calls in the short form tests read well with. */
export function customer(desk: Desk, key: string) {
  return {
    key,
    add: async (service: number, more: Record<string, string | number> = {}): Promise<number> => {
      const answer = await desk.call({ key, action: 'add', service, link: 'https://example.com/p', quantity: 1000, ...more })
      if (answer.order === undefined) throw new Error(JSON.stringify(answer))
      return answer.order
    },
    status: (order: number) => desk.call({ key, action: 'status', order }),
    cancel: (order: number) => desk.call({ key, action: 'cancel', orders: order }),
    refill: (order: number) => desk.call({ key, action: 'refill', order }),
    balance: () => desk.balance(key),
  }
}

/** Who did what to an order, oldest first. */
export async function eventsOf(desk: Desk, order: number): Promise<string[]> {
  const { rows } = await desk.db.query<{ line: string }>(
    `select concat_ws(' · ', by, status, words) as line from order_events where order_id = $1 order by change`,
    [order],
  )
  return rows.map((row) => row.line)
}
