import type { Queryable } from '../db/pool.ts'

/** A list of the desk as somebody keeps it: its filters and its columns are in the address. */
export interface DeskView {
  readonly id: bigint
  readonly name: string
  readonly address: string
  readonly shared: boolean
  readonly own: boolean
  readonly owner: string
}

/** The lists that views are kept of. */
export const viewPlaces = ['orders'] as const
export type ViewPlace = (typeof viewPlaces)[number]

/** So many views per list and person: all of them are shown. */
const MOST_VIEWS = 50

const VIEWS = `
  select v.id, v.name, v.address, v.shared, v.staff_id = $1 as own, s.name as owner from desk_views v join staff s on s.id = v.staff_id
  where v.place = $2 and (v.staff_id = $1 or v.shared) order by v.staff_id <> $1, v.name, v.id limit 200`

/** A person's own views of a list, then those that others share. */
export async function listViews(db: Queryable, staffId: number, place: ViewPlace): Promise<DeskView[]> {
  return (await db.query<DeskView>({ name: 'desk views', text: VIEWS, values: [staffId, place] })).rows
}

const KEEP = `
  insert into desk_views (staff_id, place, name, address, shared, made_at)
  select $1, $2, $3, $4, $5, $6 where (select count(*) from desk_views where staff_id = $1 and place = $2 and name <> $3) < ${MOST_VIEWS}
  on conflict (staff_id, place, name) do update set address = excluded.address, shared = excluded.shared returning id`

type Kept = Pick<DeskView, 'name' | 'address' | 'shared'>

const FIND = 'select name, address, shared from desk_views where staff_id = $1 and place = $2 and name = $3'

/** The view that a person keeps under this name; null: there is none. */
export async function findView(db: Queryable, staffId: number, { place, name }: { place: ViewPlace; name: string }): Promise<Kept | null> {
  return (await db.query<Kept>(FIND, [staffId, place, name])).rows[0] ?? null
}

/** Keeps a view under a name; one of the same name is replaced. Undefined: there are too many. */
export async function keepView(
  db: Queryable,
  staffId: number,
  view: Kept & { readonly place: ViewPlace },
  now: Date,
): Promise<bigint | undefined> {
  const { rows } = await db.query<{ id: bigint }>(KEEP, [staffId, view.place, view.name, view.address, view.shared, now])
  return rows[0]?.id
}

const DROP = 'delete from desk_views where id = $1 and staff_id = $2 returning name, address, shared'

/** Only one's own views are dropped. Answers what it was; undefined: it is not theirs. */
export async function dropView(db: Queryable, staffId: number, id: bigint): Promise<Kept | undefined> {
  return (await db.query<Kept>(DROP, [id, staffId])).rows[0]
}
