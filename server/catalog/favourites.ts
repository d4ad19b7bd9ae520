import { type Database, type Queryable, transaction } from '../db/pool.ts'
import { refuse } from '../refusal.ts'

/** More would not be a choice any more. */
export const MOST_FAVOURITES = 100

const FAVOURITES = 'select service_id as id from favourites where account_id = $1'

/** The services that an account has marked as favourites. */
export async function readFavourites(db: Queryable, accountId: number): Promise<ReadonlySet<number>> {
  const { rows } = await db.query<{ id: number }>({ name: 'favourites', text: FAVOURITES, values: [accountId] })
  return new Set(rows.map((row) => row.id))
}

// The lock makes two requests of one account wait for each other, so that they cannot both take the last place.
const HOLD = 'select from accounts where id = $1 for no key update'
// A favourite that is not on sale at the moment is not shown, and does not count.
const PLACES = `
  select count(*)::int as taken, coalesce(bool_or(f.service_id = $2), false) as kept
  from favourites f join services s on s.id = f.service_id
  where f.account_id = $1 and (s.state = 'on sale' or f.service_id = $2)`
const ADD = `
  insert into favourites (account_id, service_id, since)
  select $1, s.id, $3 from services s where s.id = $2 and s.state <> 'hidden'
  on conflict do nothing returning service_id`

/**
 * Marks a service as a favourite; a second time changes nothing. Throws a Refusal for an unknown service, and when the account has as many as it may.
 */
export function addFavourite(db: Database, accountId: number, serviceId: number, now: Date): Promise<void> {
  return transaction(db, async (tx) => {
    await tx.query(HOLD, [accountId])
    const { taken, kept } = (await tx.query<{ taken: number; kept: boolean }>(PLACES, [accountId, serviceId])).rows[0]!
    if (kept) return
    if (taken >= MOST_FAVOURITES) throw refuse('too_many_favourites', MOST_FAVOURITES)
    const { rowCount } = await tx.query(ADD, [accountId, serviceId, now])
    if (rowCount === 0) throw refuse('no_such_service', serviceId)
  })
}

const DROP = 'delete from favourites where account_id = $1 and service_id = $2'

export async function dropFavourite(db: Queryable, accountId: number, serviceId: number): Promise<void> {
  await db.query(DROP, [accountId, serviceId])
}
