import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { jobAdd } from '../../../acts/job-add.ts'
import {
  everyJobOrder,
  findJob,
  type JobStanding,
  listJobOrders,
  listJobs,
  RESULT_COLUMNS,
  resultRow,
  sumsOfJob,
} from '../../../jobs/jobs.ts'
import { refuse } from '../../../refusal.ts'
import { plainJson } from '../../../text.ts'
import { BYTE_ORDER_MARK, csvRow, plainText } from '../../csv.ts'
import { runOnDesk } from '../act-routes.ts'
import type { Desk, DeskContext } from '../desk.ts'

const JOBS_PER_PAGE = 50
const ORDERS_PER_PAGE = 100

/** The changes of many orders: what is under way, what was tried, and what came of each order. */
export function routeJobs(desk: Desk) {
  desk.page('/jobs', 'orders.read', showJobs)
  desk.page('/jobs/:id', 'orders.read', showJob)
  desk.page('/jobs/:id/result.csv', 'orders.read', (context) => sendResult(context, 'csv'))
  desk.page('/jobs/:id/result.jsonl', 'orders.read', (context) => sendResult(context, 'jsonl'))
  desk.form('/jobs/:id/do', 'orders.settle', doWhatWasTried)
}

function numberIn(text: string | null | undefined): bigint | null {
  return text !== null && text !== undefined && /^[1-9]\d{0,15}$/.test(text) ? BigInt(text) : null
}

function jobOf({ db, params }: DeskContext): Promise<JobStanding> {
  const id = numberIn(params['id'])
  if (id === null) throw refuse('unknown_job', 0)
  return findJob(db, id)
}

async function showJobs(context: DeskContext): Promise<FastifyReply> {
  const { jobsPage } = await import('./jobs-page.tsx')
  const jobs = await listJobs(context.db, { before: numberIn(context.query.get('before')), most: JOBS_PER_PAGE + 1 })
  const shown = jobs.slice(0, JOBS_PER_PAGE)
  return context.send(jobsPage(context, shown, jobs.length > JOBS_PER_PAGE ? shown.at(-1)!.id : null))
}

async function showJob(context: DeskContext): Promise<FastifyReply> {
  const { db, query } = context
  const job = await jobOf(context)
  const { jobPage } = await import('./job-page.tsx')
  const after = numberIn(query.get('after')) ?? 0n
  const orders = await listJobOrders(db, job.id, { after, most: ORDERS_PER_PAGE + 1 })
  const shown = orders.slice(0, ORDERS_PER_PAGE)
  const next = orders.length > ORDERS_PER_PAGE ? shown.at(-1)!.order : null
  return context.send(jobPage(context, { job, sums: await sumsOfJob(db, job.id), orders: shown, isFirst: after === 0n, next }))
}

const TYPES = { csv: 'text/csv; charset=utf-8', jsonl: 'application/x-ndjson; charset=utf-8' } as const

/** A row per order, while they are read. */
async function sendResult(context: DeskContext, format: keyof typeof TYPES): Promise<FastifyReply> {
  const { id } = await jobOf(context)
  void context.reply.headers({
    'content-type': TYPES[format],
    'content-disposition': `attachment; filename="job-${id}.${format}"`,
    'cache-control': 'no-store',
  })
  return context.reply.send(Readable.from(resultOf(context, id, format)))
}

async function* resultOf({ db }: DeskContext, id: bigint, format: keyof typeof TYPES): AsyncGenerator<string> {
  if (format === 'csv') yield BYTE_ORDER_MARK + csvRow(RESULT_COLUMNS)
  for await (const order of everyJobOrder(db, id)) {
    const row = resultRow(order)
    if (format === 'jsonl') yield `${plainJson(row)}\n`
    else yield csvRow(Object.values(row).map((value) => plainText(value === null ? null : String(value))))
  }
}

/** Once per trial, however often the button is pressed. */
async function doWhatWasTried(context: DeskContext): Promise<FastifyReply> {
  const trial = await jobOf(context)
  const asked = { act: trial.act, with: trial.input, of_trial: Number(trial.id) }
  const { result } = await runOnDesk(context, jobAdd, asked, { requestKey: `do what job ${trial.id} tried` })
  return context.reply.redirect(`/desk/jobs/${result.job}`, 303)
}
