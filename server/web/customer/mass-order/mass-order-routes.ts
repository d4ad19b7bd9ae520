import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { checkMassOrder, GIVEN_UP_AFTER_MS, KEPT_DAYS, placeFor, placeNextLines } from '../../../ordering/mass-order.ts'
import { MOST_BYTES, MOST_LINES } from '../../../ordering/mass-order-text.ts'
import {
  beginPlacing,
  type LineFilter,
  listMassOrders,
  type MassOrder,
  readMassOrder,
  readMassOrderLines,
  readOutstanding,
  takeUpShortLines,
} from '../../../orders/mass-orders.ts'
import { isRefusal } from '../../../refusal.ts'
import { makeToken } from '../../../customers/token.ts'
import type { Web } from '../../web.ts'
import { nothingHerePage } from '../app-frame.tsx'
import { numberIn, onOwn, type OwnContext } from '../own-context.ts'
import { field } from '../../form-faults.ts'
import { UNPROCESSABLE } from '../../ui/page-ui.ts'
import { sendOwnPage } from '../../send.ts'
import { offered } from '../services/services-routes.ts'
import type { MassOrderView, Phase } from './mass-order.tsx'
import { LARGEST_UPLOAD, readUpload } from './upload.ts'

/** Routes mass orders: the user sends rows, checks the result, and then watches while they are placed. */
export function routeMassOrder(pages: FastifyInstance, web: Web) {
  // In a scope of its own, because no other page accepts files or forms of this size.
  void pages.register(async (own: FastifyInstance) => {
    own.addContentTypeParser('multipart/form-data', (request: FastifyRequest, payload: NodeJS.ReadableStream) =>
      readUpload(request, payload),
    )
    const tooLarge = onOwn(web, (context) => drawForm(context, { text: '', fault: 'list_too_long' }, 413))
    const errorHandler = async (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      if (error.statusCode !== 413 && !isRefusal(error, 'form_too_large')) throw error
      return tooLarge(request, reply)
    }
    own.post('/mass-order', { bodyLimit: LARGEST_UPLOAD, errorHandler }, onOwn(web, takeLines))
  })
  pages.get('/mass-order', onOwn(web, showForm))
  pages.get('/mass-order/:id', onOwn(web, onOne(showOne)))
  pages.get('/mass-order/:id/result.csv', onOwn(web, onOne(sendResult)))
  pages.post('/mass-order/:id/place', onOwn(web, onOne(takePlace)))
  pages.post('/mass-order/:id/go-on', onOwn(web, onOne(takeGoOn)))
  pages.post('/mass-order/:id/again', onOwn(web, onOne(takeAgain)))
}

type HandleOne = (context: OwnContext, massOrder: MassOrder) => Promise<FastifyReply>

function onOne(handle: HandleOne) {
  return async (context: OwnContext): Promise<FastifyReply> => {
    const { id } = context.request.params as { id: string }
    const massOrder = await ownMassOrder(context, /^\d{1,18}$/.test(id) ? BigInt(id) : null)
    return massOrder ? handle(context, massOrder) : sendOwnPage(context.reply, nothingHerePage(context.ui), 404)
  }
}

async function ownMassOrder({ orders, caller }: OwnContext, id: bigint | null): Promise<MassOrder | undefined> {
  return id === null ? undefined : readMassOrder(orders.db, caller.bookId, id)
}

async function showForm(context: OwnContext): Promise<FastifyReply> {
  const again = await ownMassOrder(context, numberIn(context.query, 'again'))
  return drawForm(context, { text: again ? await typedAgain(context, again) : '', fault: undefined })
}

/** The rows to correct: all rows of a list that was only checked, else the refused ones. */
async function typedAgain({ orders }: OwnContext, { id, heading, placingSince }: MassOrder): Promise<string> {
  const lines = await readMassOrderLines(orders.db, id, placingSince === null ? 'all' : 'refused', { after: 0, most: MOST_LINES })
  return [...(heading === null ? [] : [heading]), ...lines.map((line) => line.source)].join('\n')
}

const LISTS_PER_PAGE = 20

async function drawForm(context: OwnContext, typed: { text: string; fault: string | undefined }, status = 200): Promise<FastifyReply> {
  const { reply, ui, caller, query, orders } = context
  const { pastePage } = await import('./paste.tsx')
  const before = numberIn(query, 'before')
  const lists = await listMassOrders(orders.db, caller.bookId, { before, most: LISTS_PER_PAGE + 1 })
  const shown = lists.slice(0, LISTS_PER_PAGE)
  const earlier = shown.map((massOrder) => ({ massOrder, phase: phaseOf(context, massOrder) }))
  const older = lists.length > LISTS_PER_PAGE ? shown.at(-1)!.id : null
  const bounds = { lines: MOST_LINES, bytes: MOST_BYTES, days: KEPT_DAYS }
  const view = { ...typed, form: makeToken(), earlier, isFirst: before === null, older, currency: caller.currency, bounds }
  return sendOwnPage(reply, pastePage(ui, view), status)
}

async function takeLines(context: OwnContext): Promise<FastifyReply> {
  const { request, reply, orders, caller } = context
  if (field(request, 'file_fault') !== '') return drawForm(context, { text: field(request, 'lines'), fault: 'encoding' }, UNPROCESSABLE)
  const file = field(request, 'file')
  const text = file.trim() === '' ? field(request, 'lines') : file
  try {
    const id = await checkMassOrder(orders, caller, { text, form: field(request, 'form') })
    return await reply.redirect(`/mass-order/${id}`, 303)
  } catch (error) {
    if (!isRefusal(error, 'list_empty', 'list_too_long')) throw error
    return drawForm(context, { text, fault: error.code }, UNPROCESSABLE)
  }
}

function phaseOf({ orders }: OwnContext, { placingSince, workedAt, doneAt }: MassOrder): Phase {
  if (placingSince === null) return 'checked'
  if (doneAt !== null) return 'done'
  const since = workedAt === null ? Infinity : orders.now().getTime() - workedAt.getTime()
  return since < GIVEN_UP_AFTER_MS ? 'placing' : 'left'
}

const LINES_PER_PAGE = 100
const FILTERS: readonly LineFilter[] = ['all', 'refused', 'open']

async function showOne(context: OwnContext, massOrder: MassOrder): Promise<FastifyReply> {
  const { reply, ui, caller, query, orders } = context
  const { massOrderPage } = await import('./mass-order.tsx')
  const phase = phaseOf(context, massOrder)
  const asked = FILTERS.find((one) => one === query.get('show'))
  const filter = asked ?? (phase === 'checked' && massOrder.refused > 0 ? 'refused' : 'all')
  const after = Number(numberIn(query, 'after') ?? 0n)
  const page = { after: Number.isSafeInteger(after) && after < 2 ** 31 ? after : 0, most: LINES_PER_PAGE + 1 }
  const [lines, outstanding, wallet] = await Promise.all([
    readMassOrderLines(orders.db, massOrder.id, filter, page),
    readOutstanding(orders.db, massOrder.id),
    walletOf(context),
  ])
  const shown = lines.slice(0, LINES_PER_PAGE)
  const { services } = orders.catalogue.current()
  const view: MassOrderView = {
    massOrder,
    phase,
    filter,
    lines: shown.map((line) => {
      const service = services.get(Number(line.parameters?.['service']))
      return { line, service: service && service.state !== 'hidden' ? offered(context, service) : undefined }
    }),
    isFirst: page.after === 0,
    next: lines.length > LINES_PER_PAGE ? shown.at(-1)!.number : null,
    outstanding,
    wallet,
    currency: caller.currency,
    keptDays: KEPT_DAYS,
  }
  return sendOwnPage(reply, massOrderPage(ui, view))
}

async function walletOf({ orders, caller }: OwnContext): Promise<bigint> {
  return BigInt((await orders.balances({ bookId: caller.bookId, keyId: caller.keyId })) ?? '0')
}

async function sendResult({ reply, orders, caller }: OwnContext, massOrder: MassOrder): Promise<FastifyReply> {
  const { resultFile } = await import('./result-file.ts')
  const lines = await readMassOrderLines(orders.db, massOrder.id, 'all', { after: 0, most: MOST_LINES })
  const headers = {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="mass-order-${massOrder.id}.csv"`,
    'cache-control': 'no-store',
  }
  return reply.headers(headers).send(resultFile(lines, caller.currency))
}

/** Without script, a list of usual size is placed before its page is sent. With script, the page requests one step after another. */
const WORK_BEFORE_ANSWER_MS = 2000

async function takePlace(context: OwnContext, massOrder: MassOrder): Promise<FastifyReply> {
  await beginPlacing(context.orders.db, massOrder, context.orders.now())
  return workAndShow(context, massOrder)
}

async function takeAgain(context: OwnContext, massOrder: MassOrder): Promise<FastifyReply> {
  await takeUpShortLines(context.orders.db, massOrder, context.orders.now())
  return workAndShow(context, massOrder)
}

async function workAndShow({ request, reply, orders, caller }: OwnContext, { id }: MassOrder): Promise<FastifyReply> {
  const begun = (await readMassOrder(orders.db, caller.bookId, id))!
  if (begun.placingSince !== null && field(request, 'watched') === '') await placeFor(orders, begun, WORK_BEFORE_ANSWER_MS)
  return reply.redirect(`/mass-order/${id}`, 303)
}

/** With script, places one step and sends the progress. A form places as many steps as fit into its time. */
async function takeGoOn(context: OwnContext, massOrder: MassOrder): Promise<FastifyReply> {
  const { request, reply, orders, caller, ui } = context
  if (massOrder.placingSince === null) return reply.redirect(`/mass-order/${massOrder.id}`, 303)
  if (!(request.headers.accept ?? '').includes('application/json')) return takePlace(context, massOrder)
  const now = massOrder.doneAt === null ? await placeNextLines(orders, caller, massOrder) : massOrder
  const [{ progressText }, { sumsOf }] = await Promise.all([import('./progress.tsx'), import('./mass-order.tsx')])
  const { texts } = ui.frame
  const [outstanding, wallet] = await Promise.all([readOutstanding(orders.db, now.id), walletOf(context)])
  const view = { massOrder: now, phase: 'placing', outstanding, wallet, currency: caller.currency } as const
  const progress = { done: now.doneAt !== null, value: now.placed + now.refused, text: progressText(texts, now), sums: sumsOf(texts, view) }
  return reply.header('cache-control', 'no-store').send(progress)
}
