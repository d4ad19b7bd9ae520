import { type Actor, logAct, STAFF } from '../customers/account-log.ts'
import { findAccount } from '../customers/accounts.ts'
import { type Database, type Queryable, type Transaction, transaction } from '../db/pool.ts'
import type { Units } from '../ledger/money.ts'
import type { Outgoing } from '../outgoing/fetch.ts'
import { type Refusal, refuse } from '../refusal.ts'
import type { Secret } from '../secret.ts'
import { closeFailingAlert } from './failing.ts'
import { isEventName, messageTypes } from './message.ts'
import { makeWebhookSecret } from './signature.ts'

const LONGEST_URL = 2048
const MOST_PER_ACCOUNT = 20

export interface NewWebhook {
  readonly accountId: number
  readonly url: string
  /** Like order.completed, or order.* for all types of that kind. */
  readonly events: readonly string[]
  /** Events of the account's test keys instead of the real ones. */
  readonly test: boolean
  /** Id of the form on the page: a form that is sent twice makes one webhook. */
  readonly form?: string
}

// A new webhook gets events from now on; `action=changes` has those of the past.
const ADD = `
  insert into webhooks (account_id, book_id, url, sealed_secret, events, seen_change, created_at, form)
  select $1, $2, $3, $4, $5, coalesce((select changes from feeds where book_id = $2), 0), $6, $7
  where (select count(*) from webhooks where account_id = $1) < ${MOST_PER_ACCOUNT}
  on conflict (account_id, form) where form is not null do nothing
  returning id`
const OF_FORM = 'select from webhooks where account_id = $1 and form = $2'

/** Throws a Refusal for an address that we may not call, which is looked up, and for unknown events. */
export async function checkNewWebhook(
  deps: { outgoing: Pick<Outgoing, 'check'> },
  { url, events }: Pick<NewWebhook, 'url' | 'events'>,
): Promise<void> {
  checkEvents(events)
  await checkAddress(deps, url)
}

/** Registers an endpoint. Its secret is answered here and never again. Throws a Refusal for an address that we may not call. */
export async function addWebhook(
  db: Database,
  deps: { secret: Secret; outgoing: Pick<Outgoing, 'check'> },
  webhook: NewWebhook,
  now: Date,
  actor: Actor = STAFF,
): Promise<{ webhook: number; secret: string }> {
  await checkNewWebhook(deps, webhook)
  return insertWebhook(db, deps.secret, webhook, now, actor)
}

/** Registers an endpoint that was checked. */
export async function insertWebhook(
  db: Database | Transaction,
  sealing: Secret,
  webhook: NewWebhook,
  now: Date,
  actor: Actor,
): Promise<{ webhook: number; secret: string }> {
  await findAccount(db, webhook.accountId)
  const bookId = await bookOf(db, webhook.accountId, webhook.test)
  const secret = makeWebhookSecret()
  const values = [webhook.accountId, bookId, webhook.url, sealing.seal(secret), webhook.events, now, webhook.form ?? null]
  return transaction(db, async (tx) => {
    const { rows } = await tx.query<{ id: number }>(ADD, values)
    if (!rows[0]) throw await notAdded(tx, webhook)
    await logAct(tx, webhook.accountId, actor, 'webhook added', now, inLog(webhook))
    return { webhook: rows[0].id, secret }
  })
}

function checkEvents(events: readonly string[]): void {
  for (const event of events) {
    if (!isEventName(event)) {
      throw refuse('unknown_event', event, messageTypes.join(', '))
    }
  }
  if (events.length === 0) throw refuse('no_events')
}

async function checkAddress({ outgoing }: { outgoing: Pick<Outgoing, 'check'> }, url: string): Promise<void> {
  const notCalled = url.length > LONGEST_URL ? 'The address is too long' : await outgoing.check(url)
  if (notCalled !== null) throw refuse('address_refused', notCalled)
}

/** Leaves out the part after the `?`: customers may have put a password there. */
export function inLog({ url }: { readonly url: string }): string {
  const { origin, pathname } = new URL(url)
  return origin + pathname
}

async function notAdded(tx: Queryable, { accountId, form }: NewWebhook): Promise<Refusal> {
  const { rowCount } = await tx.query(OF_FORM, [accountId, form ?? null])
  return rowCount === 0 ? refuse('too_many_webhooks', MOST_PER_ACCOUNT) : refuse('webhook_form_used')
}

async function bookOf(db: Queryable, accountId: number, test: boolean): Promise<number> {
  const { rows } = await db.query<{ id: number }>('select id from books where account_id = $1 and play = $2', [accountId, test])
  if (rows[0]) return rows[0].id
  throw refuse(test ? 'no_test_key' : 'no_book', accountId)
}

export interface WebhookRow {
  readonly id: number
  readonly accountId: number
  readonly url: string
  readonly events: readonly string[]
  readonly test: boolean
  readonly waiting: number
  readonly failingSince: Date | null
  /** The result of the newest attempt, while the endpoint fails. */
  readonly lastAnswer: string | null
  /** Until when the previous secret signs too. */
  readonly oldSecretUntil: Date | null
  readonly balanceLow: Units | null
  readonly pausedAt: Date | null
  readonly rotations: number
  readonly createdAt: Date
}

/** For a webhook `w`. */
const LAST_ANSWER = `(select m.words from webhook_messages m where m.webhook_id = w.id and m.tried_at is not null order by m.tried_at desc, m.id desc limit 1)`
const WEBHOOKS = `
  select w.id, w.account_id as "accountId", w.url, w.events, b.play as test, w.failing_since as "failingSince", w.old_secret_until as "oldSecretUntil", a.below as "balanceLow",
    w.paused_at as "pausedAt", w.rotations, w.created_at as "createdAt",
    (select count(*)::int from webhook_messages m where m.webhook_id = w.id and m.state = 'waiting') as waiting,
    case when w.failing_since is not null then ${LAST_ANSWER} end as "lastAnswer"
  from webhooks w join books b on b.id = w.book_id left join balance_alarms a on a.book_id = w.book_id
  where $1::int is null or w.account_id = $1 order by w.id`

export async function listWebhooks(db: Queryable, accountId: number | null): Promise<WebhookRow[]> {
  return (await db.query<WebhookRow>(WEBHOOKS, [accountId])).rows
}

const LONGEST_OVERLAP_HOURS = 24 * 30

// At most two secrets sign: a receiver may be one change behind, never more.
const ROTATE = `
  update webhooks set sealed_secret = $2, old_sealed_secret = case when $3::timestamptz is not null then sealed_secret end, old_secret_until = $3,
    rotations = rotations + 1
  where id = $1 and ($4::int is null or rotations = $4)
  returning account_id as "accountId", url`

/** Who rotates the secret, and the number of rotations that the form has seen: an outdated form changes nothing. */
export interface RotatedBy {
  readonly actor: Actor
  readonly rotations: number | null
}

/**
 * Makes a new secret, answered here and never again. The previous secret signs too for so many hours (0: it stops now), so that the receiver can
 * change over at any time; an even older one stops now.
 */
export async function rotateSecret(
  db: Database | Transaction,
  secret: Secret,
  id: number,
  keepOldHours: number,
  now: Date,
  by: RotatedBy = { actor: STAFF, rotations: null },
): Promise<{ secret: string; oldUntil: Date | null }> {
  if (keepOldHours > LONGEST_OVERLAP_HOURS) {
    throw refuse('incorrect_hours', LONGEST_OVERLAP_HOURS)
  }
  const oldUntil = keepOldHours === 0 ? null : new Date(now.getTime() + keepOldHours * 3_600_000)
  const fresh = makeWebhookSecret()
  return transaction(db, async (tx) => {
    const { rows } = await tx.query<NamedWebhook>(ROTATE, [id, secret.seal(fresh), oldUntil, by.rotations])
    if (!rows[0]) throw by.rotations === null ? unknownWebhook(id) : refuse('secret_changed_meanwhile')
    await logAct(tx, rows[0].accountId, by.actor, 'webhook secret changed', now, inLog(rows[0]))
    return { secret: fresh, oldUntil }
  })
}

/** The parts that the log of its account shows. */
export interface NamedWebhook {
  readonly accountId: number
  readonly url: string
}

const FORGET_OLD = 'update webhooks set old_sealed_secret = null, old_secret_until = null where old_secret_until <= $1'

export async function forgetOldSecrets(db: Queryable, now: Date): Promise<void> {
  await db.query(FORGET_OLD, [now])
}

const EDIT = `
  update webhooks set url = $2, events = $3, failures = 0, resting_until = null, failing_since = null where id = $1
  returning account_id as "accountId", url`
// Messages that are being sent keep their lease.
const TRY_NOW = `update webhook_messages set due_at = $2 where webhook_id = $1 and state = 'waiting' and due_at > $2::timestamptz + interval '1 minute'`

/** Changes the address or the events. Waiting messages are tried there at once, and the endpoint counts as working until it fails again. */
export async function editWebhook(
  db: Database,
  deps: { outgoing: Pick<Outgoing, 'check'> },
  id: number,
  to: { readonly url: string; readonly events: readonly string[] },
  now: Date,
  actor: Actor,
): Promise<void> {
  checkEvents(to.events)
  await checkAddress(deps, to.url)
  await transaction(db, async (tx) => {
    const { rows } = await tx.query<NamedWebhook>(EDIT, [id, to.url, to.events])
    if (!rows[0]) throw unknownWebhook(id)
    await tx.query(TRY_NOW, [id, now])
    await logAct(tx, rows[0].accountId, actor, 'webhook changed', now, inLog(rows[0]))
    await closeFailingAlert(tx, now)
  })
}

const REMOVE = 'delete from webhooks where id = $1 returning account_id as "accountId", url'

/** Deletes a webhook and its log. */
export function removeWebhook(db: Database | Transaction, id: number, now: Date, actor: Actor = STAFF): Promise<void> {
  return transaction(db, async (tx) => {
    const { rows } = await tx.query<NamedWebhook>(REMOVE, [id])
    if (!rows[0]) throw unknownWebhook(id)
    await logAct(tx, rows[0].accountId, actor, 'webhook removed', now, inLog(rows[0]))
    await closeFailingAlert(tx, now)
  })
}

/** Throws a Refusal when there is no such webhook. */
export async function checkWebhook(db: Queryable, id: number): Promise<void> {
  const { rowCount } = await db.query('select from webhooks where id = $1', [id])
  if (rowCount === 0) throw unknownWebhook(id)
}

export function unknownWebhook(id: number): Refusal {
  return refuse('unknown_webhook', id)
}

// A balance that is below the limit already is reported at the next check.
const SET_ALARM = `
  insert into balance_alarms (book_id, below) values ($1, $2)
  on conflict (book_id) do update set below = excluded.below, low = false where balance_alarms.below <> excluded.below`

/** The balance below which the account gets a balance.low message; null: never. */
export async function setBalanceLow(db: Queryable, accountId: number, test: boolean, below: Units | null): Promise<void> {
  await findAccount(db, accountId)
  const bookId = await bookOf(db, accountId, test)
  if (below === null) await db.query('delete from balance_alarms where book_id = $1', [bookId])
  else if (below > 0n) await db.query(SET_ALARM, [bookId, below])
  else throw refuse('incorrect_alarm')
}
