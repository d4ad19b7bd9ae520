import { type Database, type Queryable, transaction } from '../db/pool.ts'
import { UNWRITTEN_MINUTES } from './api-figures.ts'

/** From this share of failed calls on, over five minutes, the API is disturbed. */
export const DISTURBED = 0.05
const WINDOW_MINUTES = 5
const FEWEST_BAD_MINUTES = 3
/** A restart takes less. */
const SILENT_MINUTES = 5
const AWAY_MINUTES = 30

// Two nodes that judge at once would do the same work twice.
const HOLD = 'select pg_try_advisory_xact_lock(7307) as held'

/** Opens and settles the incidents that the figures tell of, and deletes figures that are shown no more. */
export async function judgeFigures(db: Database, now: Date): Promise<void> {
  await transaction(db, async (tx) => {
    if (!(await tx.query<{ held: boolean }>(HOLD)).rows[0]!.held) return
    await judgeErrors(tx, now)
    await judgeSilence(tx, now)
    await judgeSuppliers(tx, now)
    for (const forget of FORGET) await tx.query(forget, [now])
  })
}

const MINUTE_MS = 60_000

interface Minute {
  readonly minute: Date
  readonly calls: number
  readonly failed: number
}

const MINUTES = `
  select minute, calls::float8 as calls, failed::float8 as failed from api_minutes where minute >= $1 and minute < $2 and calls > 0 order by minute`
const OPEN_ERRORS = `
  insert into incidents (cause, affects, began_at, worst) values ('errors', '{api}', $1, $2)
  on conflict (cause) where cause <> 'staff' and settled_at is null do update set worst = greatest(incidents.worst, excluded.worst)`
// When the last minute in which too many calls failed was over.
const SETTLE_ERRORS = `
  update incidents i set settled_at = greatest(i.began_at, (
    select max(minute) + interval '1 minute' from api_minutes where minute >= i.began_at and failed >= calls * ${DISTURBED} and failed > 0))
  where cause = 'errors' and settled_at is null`

async function judgeErrors(tx: Queryable, now: Date): Promise<void> {
  const until = Math.floor(now.getTime() / MINUTE_MS) - UNWRITTEN_MINUTES + 1
  const values = [new Date((until - WINDOW_MINUTES) * MINUTE_MS), new Date(until * MINUTE_MS)]
  const { rows } = await tx.query<Minute>({ name: 'minutes of the api', text: MINUTES, values })
  const bad = rows.filter(isBad)
  if (bad.length === 0) await tx.query(SETTLE_ERRORS)
  if (bad.length < FEWEST_BAD_MINUTES) return
  const worst = Math.max(...bad.map(({ failed, calls }) => failed / calls))
  await tx.query(OPEN_ERRORS, [bad[0]!.minute, worst.toFixed(4)])
}

function isBad({ calls, failed }: Minute): boolean {
  return failed > 0 && failed >= calls * DISTURBED
}

const SETTLE_SILENCE = `
  update incidents i set settled_at = (select min(minute) from api_minutes where minute >= i.began_at) where cause = 'silence' and settled_at is null`
// What the minutes tell that somebody wrote afterwards.
const PAST_SILENCES = `
  insert into incidents (cause, affects, began_at, settled_at)
  select 'silence', '{api}', before + interval '1 minute', minute
  from (select minute, lag(minute) over (order by minute) as before from api_minutes) m where minute - before > interval '${SILENT_MINUTES} minutes'
  on conflict (began_at) where cause = 'silence' do nothing`
const SILENT_NOW = `
  insert into incidents (cause, affects, began_at)
  select 'silence', '{api}', max(minute) + interval '1 minute' from api_minutes
  having max(minute) < $1::timestamptz - interval '${SILENT_MINUTES + UNWRITTEN_MINUTES} minutes'
  on conflict do nothing`

async function judgeSilence(tx: Queryable, now: Date): Promise<void> {
  await tx.query(SETTLE_SILENCE)
  await tx.query(PAST_SILENCES)
  await tx.query(SILENT_NOW, [now])
}

const AWAY = `
  select count(*)::int as away, min(s.since) as since from supplier_standings s join suppliers u on u.id = s.supplier_id
  where not s.answers and s.since < $1::timestamptz - interval '${AWAY_MINUTES} minutes' and s.asked_at > $1::timestamptz - interval '1 day'
    and not u.paused and u.protocol = 'api-v2'`
const OPEN_AWAY = `
  insert into incidents (cause, affects, began_at, worst) values ('suppliers', '{suppliers}', $1, $2)
  on conflict (cause) where cause <> 'staff' and settled_at is null do update set worst = greatest(incidents.worst, excluded.worst)`
const SETTLE_AWAY = `update incidents set settled_at = $1 where cause = 'suppliers' and settled_at is null`

async function judgeSuppliers(tx: Queryable, now: Date): Promise<void> {
  const { away, since } = (await tx.query<{ away: number; since: Date | null }>({ name: 'suppliers away', text: AWAY, values: [now] }))
    .rows[0]!
  if (away === 0) await tx.query(SETTLE_AWAY, [now])
  else await tx.query(OPEN_AWAY, [since, away])
}

const FORGET = [
  `delete from api_minutes where minute < $1::timestamptz - interval '2 days'`,
  `delete from api_hours where hour < $1::timestamptz - interval '90 days'`,
]
