import { orderSet } from '../../../acts/order-set.ts'
import { workClaim } from '../../../acts/work-claim.ts'
import { holdWork } from '../../../fulfilment/claims.ts'
import { readOrderSteps } from '../../../fulfilment/staff.ts'
import { findWork, listWork, type WorkRow, workViews } from '../../../fulfilment/work.ts'
import { isRefusal, refuse } from '../../../refusal.ts'
import { leadBack, runOnDesk } from '../act-routes.ts'
import { refusalText } from '../act-words.ts'
import { DESK, type Desk, type DeskContext } from '../desk.ts'

const PAGE = '/work'
const MOST = 50
const CONFLICT = 409

/** Routes the work that people do by hand: the list, one order, and its page's signs of life. */
export function routeWork(desk: Desk) {
  desk.page(PAGE, 'orders.read', showAll)
  desk.page(`${PAGE}/:id`, 'orders.read', (context) => showOne(context))
  desk.form(`${PAGE}/:id/claim`, 'orders.settle', claim)
  desk.form(`${PAGE}/:id/counts`, 'orders.settle', setCounts)
  desk.form(`${PAGE}/:id/hold`, 'orders.settle', hold)
}

async function showAll(context: DeskContext) {
  const { db, now, query, staff } = context
  const view = workViews.find((one) => one === query.get('show')) ?? 'waiting'
  const supplier = /^\d{1,9}$/.exec(query.get('supplier') ?? '')
  const supplierId = supplier && Number(supplier[0])
  const after = /^\d{1,18}$/.exec(query.get('after') ?? '')
  const page = { after: BigInt(after?.[0] ?? 0), most: MOST + 1 }
  const rows = await listWork(db, view, { who: staff.email, supplierId, now }, page)
  const { workPage } = await import('./work.tsx')
  return context.send(
    workPage(context, { view, supplierId, rows: rows.slice(0, MOST), hasMore: rows.length > MOST, isFirst: after === null }),
  )
}

async function showOne(context: DeskContext, fault?: string) {
  const work = await workOf(context)
  const steps = await readOrderSteps(context.db, work.order)
  const { oneWorkPage } = await import('./one-work.tsx')
  const html = oneWorkPage(context, { work, steps, fault, isMine: isMine(context, work) })
  return context.send(html, fault === undefined ? 200 : CONFLICT)
}

function isMine({ staff }: DeskContext, { claimed_by, claimed_by_id }: WorkRow): boolean {
  return claimed_by === staff.email && claimed_by_id === staff.staffId
}

async function workOf({ db, now, params }: DeskContext): Promise<WorkRow> {
  const work = /^\d{1,18}$/.test(params['id'] ?? '') ? await findWork(db, BigInt(params['id']!), now) : undefined
  if (!work) throw refuse('unknown_order')
  return work
}

/** Takes an order at once: nothing of it changes but who works on it, so nobody needs to see that before. */
async function claim(context: DeskContext) {
  const { order } = await workOf(context)
  return done(context, () => runOnDesk(context, workClaim, { order: String(order) }))
}

/** Reports how far the work has come, as often as somebody does: without a preview each time. */
async function setCounts(context: DeskContext) {
  const { order } = await workOf(context)
  const fields = context.request.body as Readonly<Record<string, string | undefined>>
  return done(context, async () => {
    const given = Object.entries({ start_count: fields['start_count'], remains: fields['remains'] })
    const counts = given.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, countIn(name, value)]]))
    return runOnDesk(context, orderSet, { order: String(order), ...Object.fromEntries(counts) })
  })
}

function countIn(name: string, text: string): number {
  if (!/^\d{1,12}$/.test(text.trim())) throw refuse('incorrect_act_field', name, 'It must be a whole number.')
  return Number(text)
}

async function done(context: DeskContext, act: () => ReturnType<typeof runOnDesk>) {
  try {
    return leadBack(context, `${DESK}${PAGE}/${context.params['id']}`, await act())
  } catch (error) {
    if (!isRefusal(error)) throw error
    return showOne(context, refusalText(context.ui.frame.texts, error))
  }
}

/** A sign of life of the page: the order stays with whoever has it open. */
async function hold({ db, now, staff, params, reply }: DeskContext) {
  const order = /^\d{1,18}$/.test(params['id'] ?? '') ? BigInt(params['id']!) : 0n
  const until = await holdWork(db, order, { staffId: staff.staffId, who: staff.email }, now)
  return until ? reply.send({ until: until.toISOString() }) : reply.code(CONFLICT).send({ until: null })
}
