import { randomUUID } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import { serviceReprice } from '../../../acts/service-reprice.ts'
import { serviceSetMany } from '../../../acts/service-set-many.ts'
import { readSheetRows } from '../../../catalog/sheet.ts'
import { isRefusal, type Refusal } from '../../../refusal.ts'
import { UNPROCESSABLE } from '../../ui/page-ui.ts'
import { leadBack, runOnDesk } from '../act-routes.ts'
import { refusalText } from '../act-words.ts'
import { type Desk, type DeskContext, ownDeskAddress } from '../desk.ts'
import { type Cell, clashesOf, decided, readCells, rowsOf, writeCells } from './cells.ts'

/** The changes of many services: what was edited in the sheet, and new prices by a margin or a percentage. Both are shown before they are made. */
export function routeChanges(desk: Desk) {
  desk.form('/services/preview', 'services.manage', (context) => previewCells(context, readCells(fieldsOf(context).get('cells') ?? '')))
  desk.form('/services/decide', 'services.manage', async (context) => {
    const fields = fieldsOf(context)
    const cells = readCells(fields.get('cells') ?? '')
    const clashes = clashesOf(cells, await currentOf(context, cells))
    return previewCells(
      context,
      decided(cells, clashes, ({ service, column }) => fields.get(`take:${service}:${column}`) === 'mine'),
    )
  })
  desk.form('/services/save', 'services.manage', saveCells)
  desk.page('/services/reprice', 'services.price', async (context) => {
    const { repricePage } = await import('./reprice-page.tsx')
    return context.send(await repricePage(context, context.query))
  })
  desk.form('/services/reprice', 'services.price', reprice)
}

function fieldsOf({ request }: DeskContext): URLSearchParams {
  return new URLSearchParams(request.body as Record<string, string>)
}

const newKey = () => `desk ${randomUUID()}`

async function previewCells(context: DeskContext, cells: readonly Cell[]): Promise<FastifyReply> {
  const back = ownDeskAddress(fieldsOf(context).get('back') ?? '/desk/services')
  if (cells.length === 0) return context.reply.redirect(back, 303)
  try {
    const answer = await runOnDesk(context, serviceSetMany, { rows: rowsOf(cells) }, { dryRun: true })
    const { previewPage } = await import('./preview-page.tsx')
    const hidden = { cells: writeCells(cells), back, once: newKey() }
    return context.send(await previewPage(context, { answer, action: '/desk/services/save', hidden, back }))
  } catch (error) {
    return sendRefusal(context, cells, back, error)
  }
}

async function saveCells(context: DeskContext): Promise<FastifyReply> {
  const fields = fieldsOf(context)
  const cells = readCells(fields.get('cells') ?? '')
  const back = ownDeskAddress(fields.get('back'))
  try {
    const input = { rows: rowsOf(cells), below_cost: fields.get('below_cost') === 'yes' }
    return leadBack(context, back, await runOnDesk(context, serviceSetMany, input, { requestKey: fields.get('once') ?? newKey() }))
  } catch (error) {
    return sendRefusal(context, cells, back, error)
  }
}

/** Shows both values where somebody else was faster, and otherwise why it was refused. */
async function sendRefusal(context: DeskContext, cells: readonly Cell[], back: string, error: unknown): Promise<FastifyReply> {
  if (!isRefusal(error)) throw error
  const { clashPage, refusedCellsPage } = await import('./clash-page.tsx')
  if (!isRefusal(error, 'services_changed_meanwhile'))
    return context.send(refusedCellsPage(context, cells, back, textOf(context, error)), UNPROCESSABLE)
  const clashes = clashesOf(cells, await currentOf(context, cells))
  return context.send(await clashPage(context, cells, clashes, back), UNPROCESSABLE)
}

async function currentOf({ db }: DeskContext, cells: readonly Cell[]) {
  const rows = await readSheetRows(db, [...new Set(cells.map(({ service }) => service))])
  return new Map(rows.map((row) => [row.id, { ...row, min: Number(row.min), max: Number(row.max) }]))
}

const textOf = ({ ui }: DeskContext, refusal: Refusal) => refusalText(ui.frame.texts, refusal)

async function reprice(context: DeskContext): Promise<FastifyReply> {
  const fields = fieldsOf(context)
  const back = ownDeskAddress(fields.get('back') ?? '/desk/services')
  const once = fields.get('once')
  const { repricePage, repriceInput } = await import('./reprice-page.tsx')
  try {
    const input = { ...repriceInput(fields), below_cost: fields.get('below_cost') === 'yes' }
    if (once !== null) return leadBack(context, back, await runOnDesk(context, serviceReprice, input, { requestKey: once }))
    const answer = await runOnDesk(context, serviceReprice, input, { dryRun: true })
    const { previewPage } = await import('./preview-page.tsx')
    const hidden = { ...Object.fromEntries([...fields].filter(([name]) => name !== 'csrf')), once: newKey() }
    return context.send(await previewPage(context, { answer, action: '/desk/services/reprice', hidden, back }))
  } catch (error) {
    if (!isRefusal(error)) throw error
    return context.send(await repricePage(context, fields, textOf(context, error)), UNPROCESSABLE)
  }
}
