import { randomUUID } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import type { ActWith, AnyAct } from '../../acts/act.ts'
import { acts } from '../../acts/acts.ts'
import { type Answer, type Asked, runAct } from '../../acts/run-act.ts'
import { isRefusal, type Refusal } from '../../refusal.ts'
import { sendSecretPage } from '../send.ts'
import { type Faults, NO_FAULTS, UNPROCESSABLE } from '../ui/page-ui.ts'
import { fieldsOf, type Given, readFields } from './act-fields.tsx'
import { faultsOfRefusal } from './act-words.ts'
import { type Desk, type DeskContext, ownDeskAddress } from './desk.ts'

/** Each act has a form of its own at /desk/do/its-name: fill in → see what would change → confirm. */
export function routeActs(desk: Desk) {
  for (const act of acts) {
    const path = `/do/${act.name.replaceAll(' ', '-')}`
    desk.page(path, act.permission, (context) => showForm(context, act))
    desk.form(path, act.permission, (context) => takeForm(context, act))
  }
}

/** Runs an act for the person who asks. `requestKey` makes it once, however often the form is sent. Throws a Refusal. */
export function runOnDesk<Result extends object>(
  context: DeskContext,
  act: ActWith<Result>,
  input: object,
  asked: Pick<Asked, 'dryRun' | 'requestKey' | 'saw'> = {},
): Promise<Answer<Result>> {
  return runAct(context.house, context.staff.actor, act, { input, ...asked })
}

async function showForm(context: DeskContext, act: AnyAct): Promise<FastifyReply> {
  const { actFormPage } = await import('./act-form.tsx')
  const given = givenIn(act, context.query)
  // What an address names is what the form is about.
  const fixed = new Set(fieldsOf(act).flatMap(({ name, told }) => ((told.argument || SUBJECTS.has(name)) && name in given ? [name] : [])))
  return context.send(actFormPage({ context, act, with: given, fixed, back: ownDeskAddress(context.query.get('back')) }))
}

/** Fields that name what an act is about. */
const SUBJECTS: ReadonlySet<string> = new Set([
  'account',
  'order',
  'service',
  'supplier',
  'webhook',
  'subscription',
  'child',
  'payment',
  'receipt',
])

async function takeForm(context: DeskContext, act: AnyAct): Promise<FastifyReply> {
  const { actFormPage } = await import('./act-form.tsx')
  const fields = new URLSearchParams(context.request.body as Record<string, string>)
  const given = givenIn(act, fields)
  const fixed = new Set((fields.get('form:fixed') ?? '').split(' ').filter((name) => name in given))
  const back = ownDeskAddress(fields.get('form:back'))
  const again = (faults: Faults, status = UNPROCESSABLE) =>
    context.send(actFormPage({ context, act, with: given, fixed, back, faults }), status)
  if (fields.get('form:edit') !== null) return again(NO_FAULTS, 200)
  const { input, faults } = readFields(act, given)
  if (Object.keys(faults).length > 0) return again(faults)
  const refused = (refusal: Refusal) => again(faultsOfRefusal(context.ui.frame.texts, refusal))
  return previewThenDo(context, fields, { act, input, given, fixed, back, refused })
}

export interface Previewed {
  readonly act: AnyAct
  readonly input: object
  /** The texts of the form: its preview holds them, and sends them again. */
  readonly given: Given
  readonly fixed?: ReadonlySet<string>
  readonly back: string
  /** Where the form is sent; by default to that of the act. */
  readonly action?: string
  /** Shows the form again. */
  readonly refused: (refusal: Refusal) => FastifyReply | Promise<FastifyReply>
}

/** Shows what a form would change, and does it once that was confirmed. What somebody else has changed since is shown first. */
export async function previewThenDo(context: DeskContext, fields: URLSearchParams, form: Previewed): Promise<FastifyReply> {
  const { previewPage, secretPage } = await import('./act-form.tsx')
  const { act, input, back, refused } = form
  const preview = async (changedSince?: object | null) => {
    const answer = await runOnDesk(context, act, input, { dryRun: true })
    const requestKey = `desk ${randomUUID()}`
    const html = previewPage({ context, ...form, answer, requestKey, ...(changedSince !== undefined && { changedSince }) })
    // It may hold a secret that was typed, like the key of a supplier.
    return sendSecretPage(context.reply, html, changedSince === undefined ? 200 : CONFLICT)
  }
  const requestKey = fields.get('form:once')
  const saw = sawIn(fields)
  try {
    if (requestKey === null) return await preview()
    const answer = await runOnDesk(context, act, input, { requestKey, ...(saw !== undefined && { saw }) })
    const told = act.secrets?.some((name) => name in answer.result)
    return told ? sendSecretPage(context.reply, secretPage(context, act, answer, back)) : leadBack(context, back, answer)
  } catch (error) {
    if (!isRefusal(error)) throw error
    return isRefusal(error, 'changed_meanwhile') ? preview(saw) : refused(error)
  }
}

const CONFLICT = 409

/** The values that the preview showed as those of before; undefined: it showed none that count. */
function sawIn(fields: URLSearchParams): object | null | undefined {
  const text = fields.get('form:saw')
  if (text === null) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' ? value : undefined
  } catch {
    return undefined
  }
}

/** Leads to a page that tells the act as done. */
export function leadBack({ reply }: DeskContext, back: string, { line }: Pick<Answer, 'line'>): FastifyReply {
  const url = new URL(back, 'http://desk')
  if (line !== null) url.searchParams.set('told', String(line))
  return reply.redirect(url.pathname + url.search, 303)
}

function givenIn(act: AnyAct, parameters: URLSearchParams): Given {
  return Object.fromEntries(fieldsOf(act).flatMap(({ name }) => (parameters.get(name) === null ? [] : [[name, parameters.get(name)!]])))
}
