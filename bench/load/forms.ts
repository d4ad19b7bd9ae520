import { storedOrderId } from '../shop/history.ts'
import type { Customer } from '../shop/seed.ts'
import { SERVICES } from '../shop/seed.ts'
import type { Load } from './load.ts'

const BODIES = 4000

/** Orders of all customers, in mixed order; with `hot`, all of the first customer. */
export function addLoad(customers: readonly Customer[], hot = false): Load {
  return load(hot ? 'add hot' : 'add', (n) => {
    const { key } = hot ? customers[0]! : any(customers)
    return { key, action: 'add', service: String(1 + whole(SERVICES)), link: `https://example.com/p/${n}${whole(1e6)}`, quantity: '100' }
  })
}

export function balanceLoad(customers: readonly Customer[]): Load {
  return load('balance', () => ({ key: any(customers).key, action: 'balance' }))
}

/** A random stored order of its customer. */
export function statusLoad(customers: readonly Customer[], stored: number): Load {
  return load('status', () => {
    const { key, bookId } = any(customers)
    return { key, action: 'status', order: String(storedOrderId(bookId, whole(stored / customers.length))) }
  })
}

/** A hundred different stored orders of one customer. */
export function statusesLoad(customers: readonly Customer[], stored: number): Load {
  return load(
    'statuses',
    () => {
      const { key, bookId } = any(customers)
      const ids = new Set<number>()
      while (ids.size < 100) ids.add(storedOrderId(bookId, whole(stored / customers.length)))
      return { key, action: 'status', orders: [...ids].join(',') }
    },
    1000,
  )
}

export function servicesLoad(customers: readonly Customer[], headers: Record<string, string>): Load {
  return { ...load('services', () => ({ key: any(customers).key, action: 'services' })), headers }
}

function load(name: string, parameters: (n: number) => Record<string, string>, count = BODIES): Load {
  return { name, bodies: Array.from({ length: count }, (_, n) => new URLSearchParams(parameters(n)).toString()) }
}

function any<T>(list: readonly T[]): T {
  return list[whole(list.length)]!
}

function whole(below: number): number {
  return Math.floor(Math.random() * below)
}
