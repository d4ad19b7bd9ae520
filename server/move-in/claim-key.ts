import { type Actor, logAct } from '../customers/account-log.ts'
import { takeAttempt } from '../customers/attempts.ts'
import { bringKeys } from '../customers/bring-accounts.ts'
import { type Database, type Queryable, transaction } from '../db/pool.ts'
import { isObject, member, readJson, readText } from '../json.ts'
import { openOutgoing, type Outgoing } from '../outgoing/fetch.ts'
import type { StaffActor } from '../staff/actor.ts'
import { writeLine } from '../staff/log.ts'
import { plainJson } from '../text.ts'

/**
 * The claim of an old key. A hosted panel tells nobody the keys of its resellers, so the owner of one brings it: the old panel is asked with it for the
 * status of an order that is known to be theirs, and answers with data to its owner only. As a check on the panel itself, an order of somebody else must be
 * refused. Only then is the hash of the key kept.
 */
export type Claimed = 'claimed' | 'not a key' | 'not theirs' | 'no answer' | 'nothing to ask' | 'taken' | 'later'

export interface ClaimContext {
  readonly db: Database
  readonly now: () => Date
  readonly hashKey: (key: string) => Buffer
}

interface OldPanel {
  readonly name: string
  readonly url: string
  readonly privateNetwork: boolean
}

/** For the pages of customers. */
export function openOldKeys(context: ClaimContext) {
  return {
    mayClaim: async (account: number) => (await panelToClaimFrom(context.db, account)) !== undefined,
    claim: (account: number, key: string, actor: Actor) => claimKey(context, account, key, actor),
  }
}

const NOTE_PANEL = `
  insert into old_panels (name, url, private_network, added_at) values ($1, $2, $3, $4)
  on conflict (name) do update set url = excluded.url, private_network = excluded.private_network`

export async function noteOldPanel(db: Queryable, { name, url, privateNetwork }: OldPanel, now: Date): Promise<void> {
  await db.query(NOTE_PANEL, [name, url, privateNetwork, now])
}

const PANEL_OF = `
  select p.name, p.url, p.private_network as "privateNetwork" from moved_in m join old_panels p on p.name = m.panel
  where m.kind = 'account' and m.our_id = $1 and not exists (select from moved_in k where k.panel = m.panel and k.kind = 'key' and k.their_id = m.their_id) limit 1`

/** The panel of which this account may still bring a key; undefined: there is none. */
async function panelToClaimFrom(db: Queryable, account: number): Promise<OldPanel | undefined> {
  return (await db.query<OldPanel>({ name: 'panel to claim from', text: PANEL_OF, values: [account] })).rows[0]
}

const KEY = /^[\w.-]{16,128}$/
const SHOWN = 6

export async function claimKey(
  context: ClaimContext,
  account: number,
  key: string,
  actor: Actor,
  staff: StaffActor | null = null,
): Promise<Claimed> {
  const { db, now, hashKey } = context
  const panel = await panelToClaimFrom(db, account)
  if (!panel) return 'nothing to ask'
  if (!KEY.test(key) || key.startsWith('dk_')) return 'not a key'
  const orders = await ordersToAskFor(db, account, panel.name)
  if (!orders.own) return 'nothing to ask'
  if ((await takeAttempt(db, [{ subject: `old key of account ${account}`, atOnce: 5, pauseSeconds: 300 }], now())) > 0) return 'later'
  const outgoing = openOutgoing({ allowPrivate: panel.privateNetwork })
  try {
    const own = await shows(outgoing, panel, key, orders.own)
    if (own !== true) return own === undefined ? 'no answer' : 'not theirs'
    const foreign = orders.foreign === null ? false : await shows(outgoing, panel, key, orders.foreign)
    if (foreign !== false) return foreign === undefined ? 'no answer' : 'not theirs'
  } finally {
    await outgoing.close()
  }
  return keep(db, { account, panel: panel.name, key, hash: hashKey(key) }, { actor, staff, now: now() })
}

const ORDERS = `
  select (select o.id from orders o where o.book_id = b.id and o.moved_in_from = $2 order by o.id desc limit 1) as own,
    (select o.id from orders o where o.moved_in_from = $2 and o.book_id <> b.id order by o.id desc limit 1) as foreign
  from books b where b.account_id = $1 and not b.play`

/** The newest order of the account, and one of somebody else. */
async function ordersToAskFor(db: Queryable, account: number, panel: string): Promise<{ own: bigint | null; foreign: bigint | null }> {
  const { rows } = await db.query<{ own: bigint | null; foreign: bigint | null }>(ORDERS, [account, panel])
  return rows[0] ?? { own: null, foreign: null }
}

/** Whether the panel shows this order to the owner of the key; undefined: nobody knows. */
async function shows(outgoing: Outgoing, { url }: OldPanel, key: string, order: bigint): Promise<boolean | undefined> {
  const outcome = await outgoing.post(url, { key, action: 'status', order: String(order) })
  const answer = outcome.kind === 'answered' ? readJson(outcome.text) : undefined
  if (!isObject(answer)) return undefined
  if (readText(member(answer, 'error')) !== '') return false
  return readText(member(answer, 'status')) !== '' && member(answer, 'charge') !== undefined
}

interface Proven {
  readonly account: number
  readonly panel: string
  readonly key: string
  readonly hash: Buffer
}

const NOTE_KEY = `
  insert into moved_in (panel, kind, their_id, our_id, at)
  select $1, 'key', m.their_id, $3, $4 from moved_in m where m.panel = $1 and m.kind = 'account' and m.our_id = $2 on conflict do nothing`

interface Keeping {
  readonly actor: Actor
  /** Who of staff does it for the customer; null: the customer. */
  readonly staff: StaffActor | null
  readonly now: Date
}

function keep(db: Database, { account, panel, key, hash }: Proven, { actor, staff, now }: Keeping): Promise<Claimed> {
  return transaction(db, async (tx) => {
    const prefix = key.slice(0, SHOWN)
    const id = (await bringKeys(tx, [{ account, hash, prefix }], panel, now)).get(account)
    if (id === undefined) return 'taken'
    await tx.query(NOTE_KEY, [panel, account, id, now])
    await logAct(tx, account, actor, 'key added', now, `${prefix}… ${panel}`)
    const line = {
      at: now,
      act: 'key claim',
      subject: { account },
      input: plainJson({ account }),
      before: null,
      after: plainJson({ prefix }),
      requestKey: null,
    }
    if (staff) await writeLine(tx, { ...line, actor: staff, result: plainJson({ id }) })
    return 'claimed'
  })
}
