import { finalStatuses } from '../../contract/statuses.ts'
import type { Queryable } from '../db/pool.ts'
import {
  type ChildTerms,
  type FoundChild,
  noteTheirNews,
  type Noted,
  readChildTerms,
  readKnownChildren,
} from '../orders/their-subscriptions.ts'
import { type Standing, type StatusAnswer, SupplierAway } from '../suppliers/supplier.ts'
import { type Alert, closeAlerts, raiseAlert } from '../loops/alerts.ts'
import { eachByItself } from '../loops/by-itself.ts'
import { childQuantity } from './child-quantity.ts'
import type { SupplierContext } from './context.ts'

/** A subscription that was sent to the supplier as a whole. */
export interface WatchedSubscription {
  readonly orderId: bigint
  readonly reference: string
}

type Answers = ReadonlyMap<string, StatusAnswer<Standing>>
type Standings = ReadonlyMap<string, Standing>

function standingsIn(answers: Answers): Standings {
  return new Map([...answers].flatMap(([reference, each]) => (each.kind === 'read' ? [[reference, each.standing] as const] : [])))
}

/**
 * Takes a supplier's answers about the subscriptions that it watches: their states, and the child orders that it has made since. The children are
 * recorded here, and the loop of subscriptions charges them like other posts.
 */
export async function takeSubscriptionNews(
  context: SupplierContext,
  watched: readonly WatchedSubscription[],
  answers: Answers,
): Promise<void> {
  const { db, supplierId } = context
  const standings = standingsIn(answers)
  const answered = watched.filter((each) => standings.has(each.reference))
  if (answered.length === 0) return
  const listed = await readListed(db, supplierId, answered, standings)
  const closely = await askClosely(context, [...new Set([...listed.values()].flatMap(({ fresh }) => fresh))])
  const orderIds = answered.map((each) => each.orderId)
  const terms = await readChildTerms(db, orderIds, supplierId)
  await eachByItself(answered, async ({ orderId, reference }) => {
    const { fresh, strangers } = listed.get(orderId)!
    const read = fresh.map((child) => readChild(child, closely.get(child), terms.get(orderId)!))
    await noteNews(context, orderId, { standing: standings.get(reference)!, read, strangers })
  })
}

/**
 * The states of children about which something is not known yet. When the supplier answers for none of them, its answers about the subscriptions
 * still count.
 */
async function askClosely({ supplier }: SupplierContext, children: readonly string[]): Promise<Answers> {
  if (children.length === 0) return new Map()
  try {
    return await supplier.status(children, { closely: true })
  } catch (error) {
    if (!(error instanceof SupplierAway)) throw error
    return new Map()
  }
}

interface SubscriptionNews {
  readonly standing: Standing
  readonly read: readonly ReadChild[]
  readonly strangers: readonly string[]
}

async function noteNews({ db, supplierId, now }: SupplierContext, orderId: bigint, news: SubscriptionNews): Promise<void> {
  const { standing, read, strangers } = news
  const children = read.flatMap(({ child }) => child ?? [])
  const noted = await noteTheirNews(db, { subscriptionId: orderId, supplierId, status: statusOf(standing), children }, now())
  const unclear = [...read.flatMap(({ words }) => words ?? []), ...strangers]
  await alertStaff(db, { supplierId, orderId }, { standing, noted, unclear }, now())
}

/** The statuses of a subscription; any other word is unknown. */
const STATUSES: ReadonlySet<string> = new Set(['Active', 'Paused', 'Completed', 'Expired', 'Canceled'])

function statusOf({ status }: Standing) {
  return status !== null && STATUSES.has(status) ? status : null
}

interface Listed {
  /** Children that are new to us, or whose quantity we do not know yet. */
  readonly fresh: readonly string[]
  /** Children that are another order of ours, or belong to another subscription: they are charged there, if at all. */
  readonly strangers: readonly string[]
}

/** The children that each subscription lists, each once. */
async function readListed(db: Queryable, supplierId: number, answered: readonly WatchedSubscription[], standings: Standings) {
  const childrenOf = ({ reference }: WatchedSubscription) => [...new Set(standings.get(reference)!.children ?? [])]
  const all = answered.flatMap(childrenOf)
  if (all.length === 0) return new Map<bigint, Listed>(answered.map(({ orderId }) => [orderId, { fresh: [], strangers: [] }]))
  const orders = await readOrdersUnder(db, supplierId, all)
  const known = new Map((await readKnownChildren(db, supplierId, all)).map((child) => [child.reference, child]))
  /** The order of ours that has this child, when it is not a child of this subscription. */
  const ownerOf = (child: string, orderId: bigint) => {
    const { subscriptionId = orders.get(child) } = known.get(child) ?? {}
    return subscriptionId === orderId && known.has(child) ? undefined : subscriptionId
  }
  return new Map(
    answered.map((each): [bigint, Listed] => {
      const children = childrenOf(each)
      const owners = children.map((child) => [child, ownerOf(child, each.orderId)] as const)
      const strangers = owners.flatMap(([child, owner]) => (owner === undefined ? [] : [`${child}: is our order ${owner} already`]))
      const fresh = owners.filter(([child, owner]) => owner === undefined && known.get(child)?.isOpen !== false).map(([child]) => child)
      return [each.orderId, { fresh, strangers }]
    }),
  )
}

const ORDERS_UNDER = `
  select reference, order_id as "orderId" from hand_offs where supplier_id = $1 and reference = any($2::text[])
    and reference is not null and reference <> 'manual' and not shares_reference`

/** Our orders under these references. */
async function readOrdersUnder(db: Queryable, supplierId: number, references: readonly string[]): Promise<ReadonlyMap<string, bigint>> {
  const { rows } = await db.query<{ reference: string; orderId: bigint }>({
    name: 'orders under references',
    text: ORDERS_UNDER,
    values: [supplierId, references],
  })
  return new Map(rows.map((row) => [row.reference, row.orderId]))
}

const LINK = /^https?:\/\/[^\s\p{Cc}]{1,2000}$/iu

interface ReadChild {
  readonly child?: FoundChild
  readonly words?: string
}

/** Reads what to record of a child, and what staff should know about it. A child that the supplier lists but does not know is not recorded. */
function readChild(reference: string, answer: StatusAnswer<Standing> | undefined, terms: ChildTerms): ReadChild {
  if (!answer) return { words: `${reference}: listed, and it gave no answer for it` }
  if (answer.kind === 'unclear') return { words: `${reference}: it answers "${answer.words}"` }
  if (answer.kind !== 'read') return { words: `${reference}: listed, but the supplier does not know it` }
  const { standing } = answer
  const link = standing.link && LINK.test(standing.link) ? standing.link : null
  const found = childQuantity(standing, terms)
  switch (found.kind) {
    case 'known':
      return { child: { reference, link, quantity: found.quantity, refused: null } }
    case 'nothing':
      return { child: { reference, link, quantity: null, refused: found.words } }
    case 'unclear':
      return { child: { reference, link, quantity: null, refused: null }, words: `${reference}: ${found.words}` }
    default:
      return found satisfies never
  }
}

interface ChildrenNews {
  readonly standing: Standing
  readonly noted: Noted
  readonly unclear: readonly string[]
}

/** Each problem has an alert of its own, which closes when the problem is over. */
async function alertStaff(
  db: Queryable,
  whom: { readonly supplierId: number; readonly orderId: bigint },
  { standing, noted, unclear }: ChildrenNews,
  now: Date,
): Promise<void> {
  const raiseOrClose = (kind: Alert['kind'], words: string | null) =>
    words === null ? closeAlerts(db, { ...whom, kind }, now) : raiseAlert(db, { ...whom, kind, words }, now)
  const isOver = finalStatuses.some((status) => status === standing.status)
  await raiseOrClose('unknown status word', statusOf(standing) === null ? `The supplier calls it "${standing.words}"` : null)
  await raiseOrClose(
    'subscription paused there',
    standing.status === 'Paused' ? 'The supplier paused it: our balance there may be short' : null,
  )
  if (noted.ended !== null) {
    await raiseOrClose('child order unclear', null)
    // When all posts were served here, the supplier may take its time to finish, as long as it makes no more.
    const goesOn = isOver || noted.ended === 'Completed' ? [] : [`it says ${standing.words}`]
    const made = noted.unwanted.length > 0 ? [`and made ${noted.unwanted.join(', ')} since`] : []
    const words = `It ended ${noted.ended} here; ${[...goesOn, ...made].join(' ')}`
    return raiseOrClose('supplier delivers unpaid', goesOn.length + made.length > 0 ? words : null)
  }
  await raiseOrClose('child order unclear', unclear.length > 0 ? unclear.join('; ') : null)
  if (noted.unwanted.length > 0)
    await raiseOrClose('supplier delivers unpaid', `More posts than were ordered: ${noted.unwanted.join(', ')}`)
  if (noted.suspended && !isOver)
    await raiseOrClose('supplier delivers unpaid', 'The account is suspended, and the supplier goes on delivering')
}
