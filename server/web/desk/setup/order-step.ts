import type { FastifyReply } from 'fastify'
import { orderAdd } from '../../../acts/order-add.ts'
import type { Queryable } from '../../../db/pool.ts'
import { isRefusal } from '../../../refusal.ts'
import { type Faults, NO_FAULTS, UNPROCESSABLE } from '../../ui/page-ui.ts'
import { runOnDesk } from '../act-routes.ts'
import { refusalText } from '../act-words.ts'
import type { DeskContext } from '../desk.ts'
import { bodyOf } from '../settings/settings-routes.ts'
import { readProgress } from './progress.ts'
import { onceKey } from './services-step.ts'

const MOST_CHOICES = 50

export interface Payer {
  readonly id: number
  readonly email: string
  readonly currency: string
  readonly wallet: bigint
}

const PAYERS = `
  select a.id, a.email, a.currency, b.wallet from accounts a join books b on b.account_id = a.id and not b.play
  where a.suspended_at is null order by a.id desc limit ${MOST_CHOICES}`

export interface Offered {
  readonly id: number
  readonly name: string
  readonly rate: string
  readonly min: bigint
}

const OFFERED = `
  select id, name, rate, min from services where state = 'on sale' and type = 'Default' and supplier_id is not null
  order by position, id limit ${MOST_CHOICES}`

export interface Followed {
  readonly id: bigint
  readonly status: string
  readonly quantity: bigint
  readonly remains: bigint | null
  readonly charge: bigint
  readonly currency: string
  readonly byHand: boolean
}

const FOLLOWED = `
  select o.id, o.status, o.quantity, o.remains, o.charge, b.currency, s.protocol = 'manual' as "byHand"
  from orders o join books b on b.id = o.book_id left join suppliers s on s.id = o.supplier_id where o.id = $1`

export async function showOrder(context: DeskContext, faults: Faults = NO_FAULTS): Promise<FastifyReply> {
  const { db, query } = context
  const { followedPage, orderPage } = await import('./order.tsx')
  const progress = await readProgress(db)
  const followed = await findFollowed(db, query.get('order'))
  if (followed) return context.send(followedPage(context, progress, followed))
  const view = {
    progress,
    payers: (await db.query<Payer>(PAYERS)).rows,
    services: (await db.query<Offered>(OFFERED)).rows,
    typed: { account: query.get('account') ?? '', ...bodyOf(context) },
    once: onceKey(),
    faults,
  }
  return context.send(orderPage(context, view), faults === NO_FAULTS ? 200 : UNPROCESSABLE)
}

async function findFollowed(db: Queryable, order: string | null): Promise<Followed | undefined> {
  if (order === null || !/^[1-9]\d{0,17}$/.test(order)) return undefined
  return (await db.query<Followed>(FOLLOWED, [order])).rows[0]
}

/** Places the order, once however often the form is sent, and leads to where it is followed. */
export async function takeOrder(context: DeskContext): Promise<FastifyReply> {
  const typed = bodyOf(context)
  const { account = '', service = '', link = '', quantity = '' } = typed
  const input = { account: Number(account), service: Number(service), link: link.trim(), quantity: Number(quantity) }
  try {
    const { result } = await runOnDesk(context, orderAdd, input, { requestKey: typed['form:once'] ?? onceKey() })
    return context.reply.redirect(`/desk/setup/order?order=${result.order}`, 303)
  } catch (error) {
    if (!isRefusal(error)) throw error
    return showOrder(context, { form: refusalText(context.ui.frame.texts, error) })
  }
}
