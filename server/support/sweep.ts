import { type Database, type Transaction, transaction } from '../db/pool.ts'
import { after } from '../loops/time.ts'
import { tellOfTicket } from './news.ts'
import { endSpeedUpsOfEnded } from './speed-up.ts'
import { addEvent } from './write.ts'

const DAY = 24 * 3600
/** An answer to which the customer says nothing ends the ticket. */
const ANSWERED_DAYS = 14
/** Pictures show more than is meant to be kept, so they go some time after their ticket. */
const PICTURES_KEPT_DAYS = 180
const NEWS_KEPT_DAYS = 30
const MOST = 200

/** Ends what has been left, and deletes what is not kept any longer. Answers how many tickets were ended or emptied, up to a limit. */
export async function sweepTickets(db: Database, now: Date): Promise<number> {
  await endSpeedUpsOfEnded(db, now)
  const ended = await transaction(db, (tx) => endAnswered(tx, now))
  const emptied = await transaction(db, (tx) => deleteOldPictures(tx, now))
  await db.query('delete from ticket_news where told_at < $1', [after(now, -NEWS_KEPT_DAYS * DAY)])
  return ended + emptied
}

const END = `
  update tickets set state = 'closed', closed_at = $2, changed_at = $2, staff_mail_due = null
  where id in (
    select id from tickets where merged_into is null and state = 'answered' and changed_at < $1 order by changed_at, id limit ${MOST} for update skip locked)
  returning id`

async function endAnswered(tx: Transaction, now: Date): Promise<number> {
  const { rows } = await tx.query<{ id: bigint }>({
    name: 'end answered tickets',
    text: END,
    values: [after(now, -ANSWERED_DAYS * DAY), now],
  })
  for (const { id } of rows) {
    await addEvent(tx, id, 'closed by itself', 'docket', now)
    await tellOfTicket(tx, id, { what: 'closed', side: 'staff', messageId: null }, now)
  }
  return rows.length
}

const OLD = `
  update tickets set pictures_gone = true
  where id in (
    select id from tickets where state = 'closed' and merged_into is null and not pictures_gone and closed_at < $1 order by closed_at limit ${MOST} for update skip locked)
  returning id`
const EMPTY = `
  update ticket_pictures set picture = null
  where picture is not null and message_id in (
    select m.id from tickets t join ticket_messages m on m.ticket_id = t.id where t.id = any($1::bigint[]) or t.merged_into = any($1::bigint[]))`

async function deleteOldPictures(tx: Transaction, now: Date): Promise<number> {
  const { rows } = await tx.query<{ id: bigint }>({
    name: 'tickets with old pictures',
    text: OLD,
    values: [after(now, -PICTURES_KEPT_DAYS * DAY)],
  })
  if (rows.length > 0) await tx.query({ name: 'delete old pictures', text: EMPTY, values: [rows.map(({ id }) => id)] })
  return rows.length
}
