import type { Queryable } from '../db/pool.ts'
import type { MovingRow } from './movings.ts'
import { removeMoving } from './movings.ts'
import type { MovingContext } from './moving-work.ts'

/** For how long files wait for a person. */
export const FILES_KEPT_DAYS = 7
const DAY_MS = 86_400_000

const SEEN = `
  update movings set holder_seen_at = $2 where holder = $1 and (holder_seen_at is null or holder_seen_at < $2::timestamptz - interval '20 seconds')`
const DONE_WITH = `select id, folder from movings where holder = $1 and (state = 'removed' or (state = 'done' and source <> 'out'))`
const GONE = 'update movings set holder = null, holder_name = null, holder_seen_at = null where id = $1'
const GONE_FILES = 'delete from moving_files where moving_id = $1'
const TOO_OLD = `
  select id from movings where state not in ('look', 'run', 'removed') and (state <> 'done' or source = 'out') and changed_at < $1 order by id limit 100`
const FOLDERS = 'select folder from movings where holder = $1'

/** Says that this node is there for the files that it has, and removes those that nobody needs any more. */
export async function sweepMovings({ db, now, files, log }: MovingContext): Promise<void> {
  await removeTooOld(db, now())
  const holder = await files.knownHolder()
  if (!holder) return
  await db.query(SEEN, [holder.id, now()])
  const { rows } = await db.query<Pick<MovingRow, 'id' | 'folder'>>(DONE_WITH, [holder.id])
  for (const moving of rows) {
    await files.removeFolder(moving)
    await db.query(GONE_FILES, [moving.id])
    await db.query(GONE, [moving.id])
    log.info({ moving: moving.id }, 'the files of a moving are removed')
  }
  const known = async () => new Set((await db.query<{ folder: string }>(FOLDERS, [holder.id])).rows.map(({ folder }) => folder))
  await files.removeForgotten(known, new Date(Date.now() - (FILES_KEPT_DAYS + 2) * DAY_MS))
}

async function removeTooOld(db: Queryable, now: Date): Promise<void> {
  const { rows } = await db.query<{ id: number }>(TOO_OLD, [new Date(now.getTime() - FILES_KEPT_DAYS * DAY_MS)])
  for (const { id } of rows) await removeMoving(db, id, now)
}
