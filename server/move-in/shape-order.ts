import type { OddRow } from './oddities.ts'
import type { OrderStatus, PanelOrder, Raw } from './panel.ts'
import type { Findings } from './report.ts'
import { bareName, dateOf, leftOut, textOf } from './shape.ts'
import { isMojibake, readId, readMoney, readWhole } from './values.ts'

/** The words of all families for the state of an order, without case and spaces. */
const STATUSES: Readonly<Record<string, OrderStatus>> = {
  pending: 'Pending',
  awaiting: 'Pending',
  processing: 'Processing',
  inprogress: 'In progress',
  active: 'In progress',
  completed: 'Completed',
  complete: 'Completed',
  partial: 'Partial',
  canceled: 'Canceled',
  cancelled: 'Canceled',
  refunded: 'Canceled',
}

const PARAMETERS = {
  comments: 'comments',
  usernames: 'usernames',
  hashtags: 'hashtags',
  hashtag: 'hashtag',
  username: 'username',
  media: 'media',
  keywords: 'keywords',
} as const

const MOST_ID = 9_007_199_254_740_991
const LONGEST_PARAMETER = 250_000

/** Where an order's own date is missing, the one before it has the nearest. */
export interface Before {
  placedAt: Date | null
}

export function shapeOrder(raw: Raw, before: Before, linkLimit: number | null, now: Date, findings: Findings): PanelOrder | undefined {
  const row: OddRow = ['order', raw['id']]
  const id = readId(raw['id'], MOST_ID)
  if (id === undefined) return leftOut(findings, 'order_id', row, raw['link'])
  const [account, service] = [readId(raw['account']), readId(raw['service'], 999_999_999)]
  if (account === undefined) return leftOut(findings, 'order_of_nobody', row, raw['account'])
  if (service === undefined) return leftOut(findings, 'order_without_service', row, raw['service'])
  if (raw['subscription']) return leftOut(findings, 'order_subscription', row, raw['status'])
  const charge = chargeOf(raw, row, findings)
  if (!charge || charge.units < 0n) return leftOut(findings, 'order_charge', row, raw['charge'])

  const status = STATUSES[bareName(textOf(raw['status']))]
  const counts = countsOf(raw, row, findings)
  const placedAt = dateOf(raw['createdAt'], row, findings) ?? before.placedAt ?? now
  before.placedAt = placedAt
  const order = {
    id: BigInt(id),
    account,
    service,
    supplier: referenceOf(raw['supplier']),
    reference: referenceOf(raw['reference']),
    link: linkOf(raw['link'], linkLimit, row, findings),
    charge: charge.units,
    status: status ?? 'Pending',
    attention: status === undefined ? `It was "${textOf(raw['status'])}" at the old panel` : null,
    parameters: parametersOf(raw),
    placedAt,
    ...counts,
  } as const
  tellContradictions(order, row, findings)
  const endedAt = status === 'Completed' || status === 'Partial' || status === 'Canceled' ? endOf(raw, placedAt, now) : null
  return {
    ...order,
    endedAt,
    attention: order.attention ?? (endedAt === null && raw['dripfeed'] ? 'Its runs were started by the old panel' : null),
  }
}

/** A run of a drip-feed has a charge in some panels, which its drip-feed has paid already: two refunds must not come from one payment. */
function chargeOf(raw: Raw, row: OddRow, findings: Findings): ReturnType<typeof readMoney> {
  const charge = readMoney(raw['charge'] ?? '0')
  if (!raw['run'] || !charge || charge.units === 0n) return charge
  findings.odd('order_run', row, raw['charge'])
  return { units: 0n, isRounded: false }
}

/** Ids of others: nothing where there is none. */
function referenceOf(text: string | null | undefined): string | null {
  const plain = textOf(text)
  return plain === '' || plain === '0' ? null : plain.slice(0, 200)
}

function countsOf(raw: Raw, row: OddRow, findings: Findings): Pick<PanelOrder, 'quantity' | 'startCount' | 'remains'> {
  const quantity = readWhole(raw['quantity'])
  if (quantity === undefined || quantity < 1n) findings.odd('order_quantity', row, raw['quantity'])
  const usable = quantity === undefined || quantity < 1n ? 1n : quantity
  return { quantity: usable, startCount: readWhole(raw['startCount']) ?? 0n, remains: readWhole(raw['remains']) ?? 0n }
}

function linkOf(text: string | null | undefined, limit: number | null, row: OddRow, findings: Findings): string {
  const link = textOf(text).replaceAll('\0', '').toWellFormed()
  if (limit !== null && link.length >= limit) findings.odd('order_link_cut', row, link)
  if (isMojibake(link)) findings.odd('text_broken', row, link)
  return link
}

function parametersOf(raw: Raw): Record<string, string> | null {
  const found = Object.entries(PARAMETERS).flatMap(([field, name]) => {
    const text = textOf(raw[field]).replaceAll('\0', '').toWellFormed()
    return text === '' || text.length > LONGEST_PARAMETER ? [] : [[name, text] as const]
  })
  return found.length === 0 ? null : Object.fromEntries(found)
}

function tellContradictions(order: Pick<PanelOrder, 'status' | 'remains' | 'quantity'>, row: OddRow, findings: Findings) {
  const { status, remains, quantity } = order
  if (status === 'Completed' && remains > 0n) findings.odd('order_completed_with_rest', row, `${remains} of ${quantity}`)
  if (status === 'Partial' && remains === 0n) findings.odd('order_partial_without_rest', row, `${remains} of ${quantity}`)
  if (remains > quantity) findings.odd('order_more_remains', row, `${remains} of ${quantity}`)
}

/** Panels that do not tell when an order ended: not before it was placed, so that no refill is given that is over. */
function endOf(raw: Raw, placedAt: Date, now: Date): Date {
  const told = raw['endedAt'] ? new Date(`${raw['endedAt'].replace(' ', 'T')}Z`) : placedAt
  return Number.isNaN(told.getTime()) || told < placedAt ? placedAt : told > now ? now : told
}
