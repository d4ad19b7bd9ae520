import type { Site } from '../customers/account-context.ts'
import { usersOf } from '../customers/users.ts'
import { type Database, type Queryable, type Transaction, transaction } from '../db/pool.ts'
import { queueMail } from '../mails/queue.ts'
import type { Secret } from '../secret.ts'

interface TicketMails {
  readonly db: Database
  readonly now: () => Date
  readonly secret: Secret
  readonly site: Site
}

/** Queues a mail for each ticket with something that one side has not seen for a while. One mail tells of all of it, and the next follows when somebody has
 * looked, or a day later. Answers how many tickets were told of. */
export function mailTickets(context: TicketMails): Promise<number> {
  return transaction(
    context.db,
    async (tx) => (await mailCustomers(tx, context)) + (await mailAssignees(tx, context)) + (await mailAboutNobodys(tx, context)),
  )
}

const MOST = 50
const DUE_FOR_CUSTOMERS = `
  update tickets t set customer_mail_due = null, customer_mailed_at = $1
  where t.id in (select id from tickets where customer_mail_due <= $1 order by customer_mail_due limit ${MOST} for update skip locked)
  returning t.id, t.account_id as "accountId", (
    select count(*) from ticket_messages m
    where m.ticket_id in (select id from tickets where id = t.id or merged_into = t.id) and m.side = 'staff' and m.id > t.seen_by_customer)::int as unseen`

async function mailCustomers(tx: Queryable, { now, secret, site }: TicketMails): Promise<number> {
  const { rows } = await tx.query<{ id: bigint; accountId: number; unseen: number }>({
    name: 'tickets to mail customers',
    text: DUE_FOR_CUSTOMERS,
    values: [now()],
  })
  for (const { id, accountId, unseen } of rows.filter((row) => row.unseen > 0)) {
    const values = { site: site.name, link: `${site.url}/support/${id}`, ticket: String(id), count: unseen }
    for (const { email, locale } of await usersOf(tx, accountId))
      await queueMail(tx, secret, { accountId, recipient: email, name: 'ticketAnswered', locale: locale ?? 'en', values }, now())
  }
  return rows.length
}

// Whoever has left gets none: their tickets are told as those of nobody.
const DUE_FOR_ASSIGNEES = `
  update tickets t set staff_mail_due = null, staff_mailed_at = $1
  from staff s
  where s.id = t.assignee and s.ended_at is null and t.id in (
    select w.id from tickets w join staff p on p.id = w.assignee and p.ended_at is null
    where w.staff_mail_due <= $1 order by w.staff_mail_due limit ${MOST} for update of w skip locked)
  returning t.id, s.email, s.locale, (
    select count(*) from ticket_messages m
    where m.ticket_id in (select id from tickets where id = t.id or merged_into = t.id) and m.side = 'customer' and m.id > t.seen_by_staff)::int as unseen`

interface Due {
  readonly id: bigint
  readonly email: string
  readonly locale: string | null
  readonly unseen: number
}

async function mailAssignees(tx: Queryable, { now, secret, site }: TicketMails): Promise<number> {
  const { rows } = await tx.query<Due>({ name: 'tickets to mail staff', text: DUE_FOR_ASSIGNEES, values: [now()] })
  for (const { id, email, locale, unseen } of rows.filter((row) => row.unseen > 0)) {
    const values = { site: site.name, link: `${site.url}/desk/tickets/${id}`, ticket: String(id), count: unseen }
    await queueMail(tx, secret, { accountId: null, recipient: email, name: 'ticketWritten', locale: locale ?? 'en', values }, now())
  }
  return rows.length
}

/** Of tickets that nobody has taken, staff get one mail for all of them, at most once an hour. */
const DIGEST = `
  insert into ticket_digests as d (mailed_at) select $1 where exists (
    select from tickets t left join staff s on s.id = t.assignee where t.staff_mail_due <= $1 and (s.id is null or s.ended_at is not null))
  on conflict (id) do update set mailed_at = excluded.mailed_at where d.mailed_at <= excluded.mailed_at - interval '1 hour'
  returning id`
const DUE_OF_NOBODY = `
  update tickets t set staff_mail_due = null, staff_mailed_at = $1
  where t.staff_mail_due <= $1 and not exists (select from staff s where s.id = t.assignee and s.ended_at is null)`
const WAITING = `
  select count(*)::int as count from (
    select from tickets t where state = 'waiting' and not exists (select from staff s where s.id = t.assignee and s.ended_at is null) limit 1000) w`
// Those who answer customers; where there are none, the owners.
const PEOPLE = `
  select email, locale from staff where ended_at is null and role = (
    select role from staff where ended_at is null and role in ('support', 'owner') order by role desc limit 1)
  order by id limit 50`

async function mailAboutNobodys(tx: Transaction, { now, secret, site }: TicketMails): Promise<number> {
  if ((await tx.query({ name: 'ticket digest', text: DIGEST, values: [now()] })).rowCount === 0) return 0
  const { rowCount } = await tx.query({ name: 'tickets of nobody to mail', text: DUE_OF_NOBODY, values: [now()] })
  const { count } = (await tx.query<{ count: number }>(WAITING)).rows[0]!
  if (count === 0) return rowCount ?? 0
  const values = { site: site.name, link: `${site.url}/desk/tickets?assignee=0`, count }
  for (const { email, locale } of (await tx.query<{ email: string; locale: string | null }>(PEOPLE)).rows)
    await queueMail(tx, secret, { accountId: null, recipient: email, name: 'ticketsWait', locale: locale ?? 'en', values }, now())
  return rowCount ?? 0
}
