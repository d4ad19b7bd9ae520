import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { FastifyReply } from 'fastify'
import type { ActWith } from '../../../acts/act.ts'
import { movingAdd } from '../../../acts/moving-add.ts'
import { movingLook } from '../../../acts/moving-look.ts'
import { movingOut } from '../../../acts/moving-out.ts'
import { movingRemove } from '../../../acts/moving-remove.ts'
import { movingRun } from '../../../acts/moving-run.ts'
import { movingStop } from '../../../acts/moving-stop.ts'
import { MovingFiles } from '../../../move-in/moving-files.ts'
import { listMovingFiles, findMoving, listMovings, type MovingRow, movingSources } from '../../../move-in/movings.ts'
import { beginFile, nameOfFile, takePiece, takeStream } from '../../../move-in/receive-file.ts'
import { EXPORT_FILE } from '../../../move-in/take-export.ts'
import { isRefusal, type Refusal, refuse } from '../../../refusal.ts'
import { type Faults, NO_FAULTS, UNPROCESSABLE } from '../../ui/page-ui.ts'
import { type Given, readFields } from '../act-fields.tsx'
import { leadBack, runOnDesk } from '../act-routes.ts'
import { faultsOfRefusal, refusalText } from '../act-words.ts'
import { checkDeskForm, type Desk, type DeskContext } from '../desk.ts'
import { bodyOf } from '../settings/settings-routes.ts'
import { StreamedForm } from '../streamed-form.ts'
import { MOVING } from './moving-address.ts'

const MOST = 100

/** Moving another panel in, and everything out. */
export function routeMoving(desk: Desk) {
  desk.page('/moving', 'moving.manage', showMovings)
  desk.page('/moving/new', 'moving.manage', (context) => showNew(context, context.query.get('source'), {}))
  desk.form('/moving/new', 'moving.manage', addOne)
  desk.form('/moving/out', 'moving.manage', takeOut)
  desk.page('/moving/:id', 'moving.manage', (context) => showOne(context))
  desk.form('/moving/:id/file', 'moving.manage', (context) => answerJson(context, beginOne))
  desk.form('/moving/:id/piece', 'moving.manage', (context) => answerJson(context, takeOnePiece))
  desk.form('/moving/:id/upload', 'moving.manage', takeUpload)
  desk.form('/moving/:id/look', 'moving.manage', (context) => change(context, movingLook))
  desk.form('/moving/:id/run', 'moving.manage', (context) => change(context, movingRun))
  desk.form('/moving/:id/stop', 'moving.manage', (context) => change(context, movingStop))
  desk.form('/moving/:id/remove', 'moving.manage', (context) => change(context, movingRemove))
  desk.page('/moving/:id/export.tar.gz', 'moving.manage', sendExport)
  desk.page('/moving/:id/report.json', 'moving.manage', sendReport)
}

async function showMovings(context: DeskContext): Promise<FastifyReply> {
  const { movingsPage } = await import('./movings-page.tsx')
  return context.send(movingsPage(context, await listMovings(context.db, { before: null, most: MOST })))
}

type NewSource = Exclude<MovingRow['source'], 'out'>

function sourceIn(text: string | null): NewSource | undefined {
  return movingSources.find((source): source is NewSource => source === text && source !== 'out')
}

async function showNew(context: DeskContext, source: string | null, given: Given, faults: Faults = NO_FAULTS): Promise<FastifyReply> {
  const { newMovingPage } = await import('./new-moving-page.tsx')
  const view = { source: sourceIn(source), given, faults, requestKey: given['form:once'] ?? `desk ${randomUUID()}` }
  return context.send(newMovingPage(context, view), faults === NO_FAULTS ? 200 : UNPROCESSABLE)
}

async function addOne(context: DeskContext): Promise<FastifyReply> {
  const typed = bodyOf(context)
  const given = Object.fromEntries(Object.keys(movingAdd.input.shape).flatMap((name) => (typed[name] ? [[name, typed[name]]] : [])))
  const again = (faults: Faults) => showNew(context, typed['source'] ?? null, { ...given, 'form:once': typed['form:once'] ?? '' }, faults)
  const ticked = { private_network: 'private_network' in given ? 'yes' : 'no', try_suppliers: 'try_suppliers' in given ? 'yes' : 'no' }
  const { input, faults } = readFields(movingAdd, { ...given, ...ticked })
  if (Object.keys(faults).length > 0) return again(faults)
  try {
    const answer = await runOnDesk(context, movingAdd, input, { requestKey: typed['form:once'] ?? `desk ${randomUUID()}` })
    return leadBack(context, `${MOVING}/${answer.result.moving}`, answer)
  } catch (error) {
    if (!isRefusal(error)) throw error
    return again(faultsOfRefusal(context.ui.frame.texts, error))
  }
}

async function takeOut(context: DeskContext): Promise<FastifyReply> {
  const { result } = await runOnDesk(context, movingOut, {}, { requestKey: bodyOf(context)['form:once'] ?? `desk ${randomUUID()}` })
  return context.reply.redirect(`${MOVING}/${result.moving}`, 303)
}

function idOf({ params }: DeskContext): number {
  const text = params['id'] ?? ''
  if (!/^[1-9]\d{0,8}$/.test(text)) throw refuse('unknown_moving', 0)
  return Number(text)
}

async function showOne(context: DeskContext, fault?: Refusal): Promise<FastifyReply> {
  const { movingPage } = await import('./moving-page.tsx')
  const moving = await findMoving(context.db, idOf(context))
  const files = await listMovingFiles(context.db, moving.id)
  const holder = await new MovingFiles(context.house.config.dataDirectory).knownHolder()
  const view = { moving, files, isHere: moving.holder !== null && moving.holder === holder?.id, fault }
  return context.send(movingPage(context, view), fault === undefined ? 200 : UNPROCESSABLE)
}

/** Runs an act on the moving of the page, and shows the page, with what was refused. */
async function change(context: DeskContext, act: ActWith<object>): Promise<FastifyReply> {
  const moving = idOf(context)
  try {
    await runOnDesk(context, act, { moving })
    return await context.reply.redirect(`${MOVING}/${moving}`, 303)
  } catch (error) {
    if (!isRefusal(error) || isRefusal(error, 'unknown_moving')) throw error
    return showOne(context, error)
  }
}

async function receiving({ db, house, now }: DeskContext) {
  return { db, files: new MovingFiles(house.config.dataDirectory), secret: await house.secret(), now }
}

/** A page's script asks: it is answered with what was done, or why it was refused. */
async function answerJson(context: DeskContext, work: (context: DeskContext) => Promise<object>): Promise<FastifyReply> {
  const send = (status: number, body: object) => context.reply.code(status).header('cache-control', 'private, no-store').send(body)
  try {
    return await send(200, await work(context))
  } catch (error) {
    if (!isRefusal(error) || !error.isAnswer) throw error
    return send(isRefusal(error, 'unknown_moving') ? 404 : UNPROCESSABLE, { why: refusalText(context.ui.frame.texts, error) })
  }
}

const LONGEST_STAMP = 500

async function beginOne(context: DeskContext): Promise<object> {
  const { name: chosen = '', bytes = '', stamp = '' } = bodyOf(context)
  const { id, source } = await findMoving(context.db, idOf(context))
  const name = nameOfFile(source, chosen)
  if (!/^\d{1,15}$/.test(bytes)) throw refuse('file_not_of_moving', chosen)
  const { at } = await beginFile(await receiving(context), id, { name, bytes: Number(bytes), stamp: stamp.slice(0, LONGEST_STAMP) })
  return { name, at: Number(at) }
}

async function takeOnePiece(context: DeskContext): Promise<object> {
  const { query, request } = context
  const { id } = await findMoving(context.db, idOf(context))
  const [name, at, bytes] = [query.get('name') ?? '', query.get('at') ?? '', request.body]
  if (!Buffer.isBuffer(bytes) || !/^\d{1,15}$/.test(at)) throw refuse('file_not_of_moving', name)
  const taken = await takePiece(await receiving(context), id, { name, at: BigInt(at), bytes })
  return { at: Number(taken.at), full: taken.isFull }
}

/** Takes whole files as they stream in, and looks at them. */
async function takeUpload(context: DeskContext): Promise<FastifyReply> {
  const { request, web } = context
  const form = request.body
  const { id, source } = await findMoving(context.db, idOf(context))
  try {
    if (!(form instanceof StreamedForm)) throw refuse('moving_without_files', id)
    const where = await receiving(context)
    await form.read(
      (fields) => checkDeskForm(web, request, fields),
      async ({ field, name, bytes }) => {
        // A field in which no file was chosen.
        if (name === '') return
        await takeStream(where, id, nameOfFile(source, source === 'csv' ? csvName(field, name) : name), bytes)
      },
    )
  } catch (error) {
    if (!isRefusal(error) || !error.isAnswer) throw error
    return showOne(context, error)
  }
  return change(context, movingLook)
}

/** Each file of CSV has a field of its own, whatever the file is called. */
function csvName(field: string, chosen: string): string {
  return chosen.toLowerCase().endsWith('.gz') ? `${field}.gz` : field
}

async function sendExport(context: DeskContext): Promise<FastifyReply> {
  const { reply, house, db } = context
  const moving = await findMoving(db, idOf(context))
  const files = new MovingFiles(house.config.dataDirectory)
  const size = await files.sizeOf(moving, EXPORT_FILE)
  if (moving.source !== 'out' || moving.state !== 'done') throw refuse('unknown_moving', moving.id)
  if (size === null) throw refuse('file_elsewhere', moving.holderName ?? '')
  void reply.headers({
    'content-type': 'application/gzip',
    'content-length': size,
    'content-disposition': `attachment; filename="docket-${moving.madeAt.toISOString().slice(0, 10)}.tar.gz"`,
    'cache-control': 'no-store',
  })
  return reply.send(createReadStream(files.fileOf(moving, EXPORT_FILE)))
}

async function sendReport(context: DeskContext): Promise<FastifyReply> {
  const { id, report, result } = await findMoving(context.db, idOf(context))
  if (report === null && result === null) throw refuse('moving_not_looked_at', id)
  void context.reply.headers({
    'content-type': 'application/json',
    'content-disposition': `attachment; filename="moving-${id}.json"`,
    'cache-control': 'no-store',
  })
  return context.reply.send(`${JSON.stringify({ would_come: report, came: result }, null, 2)}\n`)
}
