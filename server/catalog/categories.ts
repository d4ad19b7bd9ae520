import type { Queryable } from '../db/pool.ts'

/** A category: the services that have its name, in the order of the list. */
export interface Category {
  readonly category: string
  readonly onSale: number
  readonly disabled: number
  readonly hidden: number
  /** Services with this name stand between those of other categories: the list shows it more than once until it is moved. */
  readonly scattered: boolean
}

// At most a few thousand services: no list of theirs is as long as one of orders.
const CATEGORIES = `
  select category, count(*) filter (where state = 'on sale')::int as "onSale", count(*) filter (where state = 'disabled')::int as disabled,
    count(*) filter (where state = 'hidden')::int as hidden, max(place) - min(place) + 1 > count(*) as scattered
  from (select category, state, row_number() over (order by position, id) as place from services) s
  group by category order by min(place)`

export async function listCategories(db: Queryable): Promise<Category[]> {
  return (await db.query<Category>({ name: 'categories', text: CATEGORIES })).rows
}

const SERVICES_IN = 'select id from services where category = $1 order by position, id'

export async function servicesIn(tx: Queryable, category: string): Promise<number[]> {
  return (await tx.query<{ id: number }>(SERVICES_IN, [category])).rows.map(({ id }) => id)
}
