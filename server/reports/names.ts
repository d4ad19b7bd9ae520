import type { Queryable } from '../db/pool.ts'

const CATEGORIES = `select category from services where category <> '' group by category order by category limit 1000`

export async function readCategories(db: Queryable): Promise<string[]> {
  return (await db.query<{ category: string }>({ name: 'categories of services', text: CATEGORIES })).rows.map(({ category }) => category)
}

const SUPPLIERS = 'select id, name from suppliers order by name'

export async function readSupplierNames(db: Queryable): Promise<{ readonly id: number; readonly name: string }[]> {
  return (await db.query<{ id: number; name: string }>({ name: 'names of suppliers', text: SUPPLIERS })).rows
}
