import type { Queryable } from '../db/pool.ts'
import { refuse } from '../refusal.ts'

/** The lists of customers and staff are in this order: categories one after another, each with its services. */

interface Place {
  readonly id: number
  readonly category: string
  readonly position: number
}

// Two people who put services in order at once do it one after the other. Reading and ordering go on.
const HOLD_ORDER = 'lock table services in share row exclusive mode'
const ORDER = 'select id, category, position from services order by position, id'
const SET_ORDER = `
  update services s set position = v.position from unnest($1::int[], $2::int[]) as v(id, position)
  where s.id = v.id and s.position <> v.position`

/** Where something goes: before or after another one, or to an end. */
export type Target<Name> = { readonly before: Name } | { readonly after: Name } | { readonly to: 'first' | 'last' }

/** Puts a category before or after another one. Answers their order before and now. */
export async function moveCategory(
  tx: Queryable,
  category: string,
  target: Target<string>,
): Promise<{ before: string[]; after: string[] }> {
  const byCategory = await readOrder(tx)
  const before = [...byCategory.keys()]
  const after = moved(before, category, target, (name) => refuse('unknown_category', name))
  await writeOrder(
    tx,
    after.flatMap((name) => byCategory.get(name)!),
  )
  return { before, after }
}

/** Puts a service before or after another one of its category. */
export async function moveService(tx: Queryable, service: number, target: Target<number>): Promise<{ before: number[]; after: number[] }> {
  const byCategory = await readOrder(tx)
  const own = [...byCategory].find(([, places]) => places.some(({ id }) => id === service))
  if (!own) throw refuse('unknown_service', service)
  const [category, places] = own
  const before = places.map(({ id }) => id)
  const after = moved(before, service, target, () => refuse('another_category', service, category))
  const byId = new Map(places.map((place) => [place.id, place]))
  byCategory.set(
    category,
    after.map((id) => byId.get(id)!),
  )
  await writeOrder(tx, [...byCategory.values()].flat())
  return { before, after }
}

async function readOrder(tx: Queryable): Promise<Map<string, Place[]>> {
  await tx.query(HOLD_ORDER)
  const byCategory = new Map<string, Place[]>()
  for (const place of (await tx.query<Place>(ORDER)).rows) {
    const places = byCategory.get(place.category) ?? []
    places.push(place)
    byCategory.set(place.category, places)
  }
  return byCategory
}

async function writeOrder(tx: Queryable, places: readonly Place[]): Promise<void> {
  const changed = places.map(({ id, position }, index) => ({ id, position, is: index + 1 })).filter(({ position, is }) => position !== is)
  await tx.query(SET_ORDER, [changed.map(({ id }) => id), changed.map(({ is }) => is)])
}

function moved<Name>(names: readonly Name[], name: Name, target: Target<Name>, unknown: (name: Name) => Error): Name[] {
  if (!names.includes(name)) throw unknown(name)
  const others = names.filter((each) => each !== name)
  return others.toSpliced(placeAmong(others, target, unknown), 0, name)
}

function placeAmong<Name>(others: readonly Name[], target: Target<Name>, unknown: (name: Name) => Error): number {
  if ('to' in target) return target.to === 'first' ? 0 : others.length
  const beside = 'before' in target ? target.before : target.after
  const at = others.indexOf(beside)
  if (at < 0) throw unknown(beside)
  return 'before' in target ? at : at + 1
}
