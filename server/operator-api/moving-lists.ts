import { z } from 'zod'
import { listMovingFiles, listMovings, type MovingRow, movingSources, movingStates } from '../move-in/movings.ts'
import { isLeftOut } from '../move-in/oddities.ts'
import { anyFields, big, count, decimal, moment, word, yesNo } from './columns.ts'
import { list, type List, nextOf, NO_FILTER } from './list.ts'

const counted = z.record(z.string(), z.object({ read: count(), brought: count(), here: count(), leftOut: count() })).readonly()
const money = z.object({ deposits: decimal(), chargesOfOpenOrders: decimal(), owed: decimal(), customersHad: decimal() })
const odd = z.object({ code: word(), what: word(), times: count(), left_out: yesNo() })
/** What would come, or came. Of an export of Docket: its rows by kind. */
const told = z
  .object({ counts: counted.nullable(), money: money.nullable(), odd: z.array(odd).readonly(), rows: anyFields().nullable() })
  .nullable()

/** Panels that move in, and files that everything was taken out to. */
export const movingLists: readonly List[] = [
  list({
    name: 'movings',
    does: 'panels that move in and files that everything is taken out to: what was asked for, how far it is, what would come and what came, the newest first',
    permission: 'moving.manage',
    filters: NO_FILTER,
    row: z.object({
      moving: count(), source: z.enum(movingSources), name: word(), url: word().nullable(), state: z.enum(movingStates), who: word(), made: moment(), changed: moment(),
      looked: moment().nullable(), began: moment().nullable(), holder: word().nullable(), holder_seen: moment().nullable(), stop_asked_by: word().nullable(), why: word().nullable(),
      progress: anyFields().nullable(), files: z.array(z.object({ name: word(), bytes: big(), received: big() })).readonly(), would_come: told, came: told,
    }), // prettier-ignore
    async read(db, _, { cursor, most }) {
      const found = await listMovings(db, { before: cursor === null ? null : Number(cursor), most })
      const rows = await Promise.all(found.map(async (moving) => ({ ...shownMoving(moving), files: await listMovingFiles(db, moving.id) })))
      return { rows, next: nextOf(found, most, (row) => row.id) }
    },
  }),
]

function shownMoving(moving: MovingRow) {
  const { id, source, name, url, state, who, progress, report, result } = moving
  return {
    moving: id,
    source,
    name,
    url,
    state,
    who,
    made: moving.madeAt,
    changed: moving.changedAt,
    looked: moving.lookedAt,
    began: moving.beganAt,
    holder: moving.holderName,
    holder_seen: moving.holderSeenAt,
    stop_asked_by: moving.stopAskedBy,
    why: moving.why?.words ?? null,
    progress,
    would_come: shownReport(report),
    came: shownReport(result),
  }
}

function shownReport(report: MovingRow['report']) {
  if (report === null) return null
  if (!('counts' in report)) return { counts: null, money: null, odd: [], rows: report.rows }
  const odd = report.odd.map(({ code, what, times }) => ({ code, what, times, left_out: isLeftOut(code) }))
  return { counts: report.counts, money: report.money, odd, rows: null }
}
