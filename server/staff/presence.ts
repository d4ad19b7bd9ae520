import type { Queryable } from '../db/pool.ts'

/** Pages of the desk ask again every few seconds to a minute; whoever has not for longer has gone. */
const PRESENT_MS = 90_000

export interface AlsoPresent {
  readonly name: string
  readonly seenAt: Date
}

const NOTE = `
  with gone as (delete from staff_presence where staff_id = $2 and thing <> $1 and seen_at < $4)
  insert into staff_presence (thing, staff_id, seen_at) values ($1, $2, $3)
  on conflict (thing, staff_id) do update set seen_at = excluded.seen_at`
const OTHERS = `
  select s.name, p.seen_at as "seenAt" from staff_presence p join staff s on s.id = p.staff_id
  where p.thing = $1 and p.staff_id <> $2 and p.seen_at > $3 order by p.seen_at desc, s.id limit 10`

/** Notes that a person has a thing of the desk open, like "order 5", and answers who else has. */
export async function notePresence(db: Queryable, thing: string, staffId: number, now: Date): Promise<AlsoPresent[]> {
  const since = new Date(now.getTime() - PRESENT_MS)
  await db.query({ name: 'note presence', text: NOTE, values: [thing, staffId, now, since] })
  return (await db.query<AlsoPresent>({ name: 'others present', text: OTHERS, values: [thing, staffId, since] })).rows
}

/** A page that is written in says so every few seconds. */
const WRITING_MS = 20_000

const NOTE_WRITING = `
  insert into staff_presence (thing, staff_id, seen_at) values ($1, $2, $3)
  on conflict (thing, staff_id) do update set seen_at = excluded.seen_at`

/** Notes that a person is writing in a thing of the desk. */
export async function noteWriting(db: Queryable, thing: string, staffId: number, now: Date): Promise<void> {
  await db.query({ name: 'note writing', text: NOTE_WRITING, values: [`${thing} writing`, staffId, now] })
}

/** Who else is writing in it. */
export async function othersWriting(db: Queryable, thing: string, staffId: number, now: Date): Promise<AlsoPresent[]> {
  const since = new Date(now.getTime() - WRITING_MS)
  return (await db.query<AlsoPresent>({ name: 'others present', text: OTHERS, values: [`${thing} writing`, staffId, since] })).rows
}
