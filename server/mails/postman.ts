import type { Logger } from 'pino'
import type { Database } from '../db/pool.ts'
import { closeAlerts, raiseAlert } from '../loops/alerts.ts'
import { backOff } from '../loops/back-off.ts'
import { type Loop, repeat } from '../loops/repeat.ts'
import { after } from '../loops/time.ts'
import type { Secret } from '../secret.ts'
import { MailRefused, type MailServer, type SentMail } from './mail-server.ts'
import { type MailName, mailText, type MailValues } from './text.ts'

export interface PostmanDependencies {
  readonly db: Database
  readonly now: () => Date
  readonly log: Logger
  readonly secret: Secret
  readonly server: MailServer
}

const TURN_MS = 2000
const MOST_CLAIMED = 8
/** After this time another node may take a claimed mail. Longer than we wait for a mail server. */
const LEASE_SECONDS = 180

/** Sends mails for as long as somebody has said who they come from; else they wait. */
export function startPostman(deps: PostmanDependencies, hasSender: () => boolean): Loop {
  return repeat(deps.log, 'mails', TURN_MS, () => (hasSender() ? sendDueMails(deps) : Promise.resolve(0)))
}

interface Claimed {
  readonly id: bigint
  readonly accountId: number | null
  readonly recipient: string
  readonly name: MailName
  readonly locale: string
  readonly sealedValues: Buffer
  readonly attempts: number
  /** The result of the previous attempt. */
  readonly words: string | null
  readonly createdAt: Date
  readonly giveUpAt: Date
}

const CLAIM = `
  with due as (
    select id from mails where state = 'waiting' and due_at <= $1 order by due_at, id limit $3 for update skip locked
  )
  update mails m set due_at = $2, attempts = m.attempts + 1 from due where m.id = due.id
  returning m.id, m.account_id as "accountId", m.recipient, m.name, m.locale, m.sealed_values as "sealedValues", m.attempts, m.words,
    m.created_at as "createdAt", m.give_up_at as "giveUpAt"`

/** Sends the mails that are due: claim → call → record. Any number of nodes may do so on one database. Answers how many it tried. */
export async function sendDueMails(deps: PostmanDependencies): Promise<number> {
  const { db, now } = deps
  const values = [now(), after(now(), LEASE_SECONDS), MOST_CLAIMED]
  const { rows } = await db.query<Claimed>({ name: 'claim mails', text: CLAIM, values })
  await Promise.all(rows.map((mail) => send(deps, mail)))
  return rows.length
}

const SENT = `update mails set state = 'sent', ended_at = $2, sealed_values = null, words = $3 where id = $1 and state = 'waiting'`
// Only while no other node has tried again since.
const LATER = `update mails set due_at = $3, words = $4 where id = $1 and attempts = $2 and state = 'waiting'`
const GIVE_UP = `
  update mails set state = 'given up', ended_at = $3, sealed_values = null, words = $4
  where id = $1 and attempts = $2 and state = 'waiting'`

async function send({ db, now, log, secret, server }: PostmanDependencies, mail: Claimed): Promise<void> {
  // A mail that has waited a day without a mail server may say something that is not true any more.
  if (mail.giveUpAt <= now()) return giveUp(db, mail, mail.words ?? 'no mail server was set', now())
  try {
    const words = await server.send(written(mail, secret))
    await db.query(SENT, [mail.id, now(), words.slice(0, 500)])
  } catch (error) {
    const words = (error instanceof Error ? error.message : String(error)).slice(0, 500)
    const again = backOff(now(), mail.attempts)
    log.warn({ mail: mail.id.toString(), name: mail.name, attempts: mail.attempts, words }, 'a mail could not be sent')
    // An address that does not exist is the customer's mistake, and staff cannot mend it.
    if (error instanceof MailRefused) await db.query(GIVE_UP, [mail.id, mail.attempts, now(), words])
    else if (again > mail.giveUpAt) await giveUp(db, mail, words, now())
    else await db.query(LATER, [mail.id, mail.attempts, again, words])
  }
}

function written(mail: Claimed, secret: Secret): SentMail {
  const values = JSON.parse(secret.open(mail.sealedValues)) as MailValues
  const unsubscribe = typeof values['unsubscribe'] === 'string' ? values['unsubscribe'] : undefined
  return {
    messageId: `${mail.id}.${mail.createdAt.getTime()}`,
    recipient: mail.recipient,
    ...mailText(mail.locale, mail.name, values),
    unsubscribe,
  }
}

async function giveUp(db: Database, mail: Claimed, words: string, now: Date): Promise<void> {
  const { rowCount } = await db.query(GIVE_UP, [mail.id, mail.attempts, now, words])
  if (rowCount === 0) return
  const whose = mail.accountId === null ? '' : ` to account ${mail.accountId}`
  const sentence = `A mail (${mail.name})${whose} could not be sent for a day: ${words}`
  await raiseAlert(db, { kind: 'mails given up', supplierId: null, orderId: null, words: sentence }, now)
}

const FORGET = `delete from mails where ended_at < $1`
const KEPT_MS = 30 * 24 * 3_600_000
const ALERT_KEPT_MS = 7 * 24 * 3_600_000

/** Deletes mails that ended a month ago. Closes the alert when a week has passed without another mail given up. */
export async function forgetOldMails(db: Database, now: Date): Promise<void> {
  await db.query(FORGET, [new Date(now.getTime() - KEPT_MS)])
  const lately = new Date(now.getTime() - ALERT_KEPT_MS)
  const { rowCount } = await db.query(`select from mails where state = 'given up' and ended_at > $1 limit 1`, [lately])
  if (rowCount === 0) await closeAlerts(db, { kind: 'mails given up', supplierId: null, orderId: null }, now)
}
