import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { House } from '../../acts/house.ts'
import { makeToken } from '../../customers/token.ts'
import type { Database } from '../../db/pool.ts'
import { isRefusal, type Refusal, refuse } from '../../refusal.ts'
import { type LogLine, readLine } from '../../staff/log.ts'
import type { SetupStep } from '../../settings/setup.ts'
import { type AlsoPresent, notePresence } from '../../staff/presence.ts'
import type { Permission } from '../../staff/roles.ts'
import { findStaffSession, type StaffSession } from '../../staff/sessions.ts'
import { checkForm, readCookie, readSecretCookie, SAFE_METHODS, writeCookie } from '../cookies.ts'
import { formToken } from '../csrf.ts'
import { sendOwnPage } from '../send.ts'
import type { PageUi } from '../ui/page-ui.ts'
import { visitorOf } from '../visitor.ts'
import type { Web } from '../web.ts'
import { openSetupReminder, type SetupReminder } from './setup/progress.ts'
import { StreamedForm } from './streamed-form.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The member of staff who asks; undefined for everybody else, and on pages that are not the desk's. */
    staff: StaffSession | undefined
  }
}

/** Everything below this address is for staff. */
export const DESK = '/desk'

/** A request of a signed-in member of staff. */
export interface DeskContext extends DeskVisit {
  readonly staff: StaffSession
  /** An act of this person that the page tells as done, because its form led back to the page. */
  readonly told: LogLine | undefined
  /** The step of the set-up that is still to be done; undefined: none, or this person does not set up. */
  readonly unfinished: SetupStep | undefined
  /** Who else has the thing open that the page is about; undefined: it is about no single thing. */
  readonly others: readonly AlsoPresent[] | undefined
}

/** A request to the desk, whoever sends it. */
export interface DeskVisit {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly query: URLSearchParams
  /** The parts of the address that the route names with a colon. */
  readonly params: Readonly<Record<string, string>>
  readonly web: Web
  /** What acts are run with. */
  readonly house: House
  readonly db: Database
  readonly now: Date
  readonly ui: PageUi
  /** Sends the page. */
  readonly send: (html: string, status?: number) => Promise<FastifyReply>
}

type Work<Context> = (context: Context) => Promise<FastifyReply>

/** How a route of the desk was declared. */
export interface DeskRoute {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** Null: all staff; `open`: visitors too. */
  readonly permission: Permission | null | 'open'
}

/** The desk: its routes can only be declared together with the permission that they need. */
export interface Desk {
  readonly routes: readonly DeskRoute[]
  /** A page; `path` is below /desk. Null: all staff may see it. */
  page(path: string, permission: Permission | null, work: Work<DeskContext>): void
  /** What a form of the desk does. */
  form(path: string, permission: Permission | null, work: Work<DeskContext>): void
  /** A page and its form for visitors who are not signed in, like the page to sign in. */
  open(path: string, work: { readonly page: Work<DeskVisit>; readonly form?: Work<DeskVisit> }): void
}

/** Adds the session of staff to this part of the server, and answers the way to declare its routes. */
export function openDesk(pages: FastifyInstance, web: Web, house: () => House): Desk {
  const routes: DeskRoute[] = []
  const unfinished = openSetupReminder()
  findStaff(pages, web)
  const visit = (request: FastifyRequest, reply: FastifyReply) => visitTo(web, house(), request, reply)
  const add = (route: DeskRoute, work: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>) => {
    routes.push(route)
    pages.route({ method: route.method, url: route.path === '/' ? DESK : DESK + route.path, handler: work })
  }
  const forStaff = (method: DeskRoute['method'], path: string, permission: Permission | null, work: Work<DeskContext>) =>
    add({ method, path, permission }, async (request, reply) => {
      if (!request.staff) return reply.redirect(`${DESK}/sign-in?next=${encodeURIComponent(nextOf(request))}`, 303)
      if (request.staff.mustSetUpCode && !isOpenWithoutCode(path)) return reply.redirect(`${DESK}/own/code`, 303)
      const context = await contextOf(await visit(request, reply), request.staff, unfinished)
      try {
        if (permission !== null && !request.staff.may.has(permission)) throw refuse('act_not_allowed', path, permission)
        const others = method === 'GET' && isAboutOne(path) ? await openedBy(context) : undefined
        return await work({ ...context, others })
      } catch (error) {
        return sendRefused(context, error)
      }
    })
  return {
    routes,
    page: (path, permission, work) => forStaff('GET', path, permission, work),
    form: (path, permission, work) => forStaff('POST', path, permission, work),
    open(path, { page, form }) {
      add({ method: 'GET', path, permission: 'open' }, async (request, reply) => page(await visit(request, reply)))
      if (form) add({ method: 'POST', path, permission: 'open' }, async (request, reply) => form(await visit(request, reply)))
    },
  }
}

function findStaff(pages: FastifyInstance, web: Web) {
  pages.decorateRequest('staff', undefined)
  pages.decorateRequest('formToken', undefined)
  // Pages of customers have it; here nobody is signed in as a customer.
  pages.decorateRequest('session', undefined)
  pages.addHook('onRequest', async (request, reply) => {
    const { db, site, now } = web.accounts()
    const visit = { address: request.ip, agent: request.headers['user-agent'] ?? '' }
    request.staff = await findStaffSession(db, readCookie(request, site.url, 'desk'), visit, now())
    void reply.header('cache-control', 'no-store')
    if (request.staff) request.formToken = formToken(readSecretCookie(request, site.url, 'desk')!)
  })
  pages.addHook('preHandler', async (request) => {
    // A form that is streamed has its token within: whoever reads it checks it.
    if (SAFE_METHODS.has(request.method) || request.body instanceof StreamedForm) return
    checkDeskForm(web, request, request.body)
  })
}

/** Throws a Refusal for a form that does not come from a page of the desk in the reader's browser. */
export function checkDeskForm(web: Web, request: FastifyRequest, fields: unknown): void {
  const { site } = web.accounts()
  const secret = readSecretCookie(request, site.url, request.staff ? 'desk' : 'desk-visitor')
  checkForm({ ...pick(request), body: fields }, site.url, secret)
}

function pick({ headers, protocol, host }: FastifyRequest) {
  return { headers, protocol, host }
}

async function visitTo(web: Web, house: House, request: FastifyRequest, reply: FastifyReply): Promise<DeskVisit> {
  const site = await web.site()
  return {
    request,
    reply,
    query: new URL(request.url, 'http://desk').searchParams,
    params: request.params as Readonly<Record<string, string>>,
    web,
    house,
    db: house.db,
    now: house.now(),
    ui: { frame: site.frame(visitorOf(request, web.settings)), csrf: csrfOf(web, request, reply) },
    send: (html, status = 200) => sendOwnPage(reply, html, status),
  }
}

function csrfOf(web: Web, request: FastifyRequest, reply: FastifyReply): string {
  if (request.formToken !== undefined) return request.formToken
  const { url } = web.accounts().site
  const held = readSecretCookie(request, url, 'desk-visitor')
  if (held !== undefined) return formToken(held)
  const visitor = makeToken()
  writeCookie({ request, reply }, url, 'desk-visitor', { value: visitor })
  return formToken(visitor)
}

async function contextOf(visit: DeskVisit, staff: StaffSession, unfinished: SetupReminder): Promise<DeskContext> {
  const line = visit.query.get('told') ?? ''
  const told = /^\d{1,15}$/.test(line) ? await readLine(visit.db, BigInt(line)) : undefined
  const toDo = staff.may.has('settings.manage') ? await unfinished(visit.db) : undefined
  return { ...visit, staff, told: told?.staff === staff.staffId ? told : undefined, unfinished: toDo, others: undefined }
}

/** Whether the pages of a route are about one thing each, like `/orders/:id`. */
function isAboutOne(path: string): boolean {
  return path.slice(path.lastIndexOf('/')).startsWith('/:')
}

/** Notes that the reader has the page open, and answers who else has. */
function openedBy({ request, db, staff, now }: DeskContext): Promise<AlsoPresent[]> {
  return notePresence(db, request.url.split('?', 1)[0]!, staff.staffId, now)
}

/** Where somebody whose role demands a code may go before they have one. */
function isOpenWithoutCode(path: string): boolean {
  return path === '/own' || path.startsWith('/own/') || path === '/sign-out'
}

const LONGEST_NEXT = 500

function nextOf({ method, url }: FastifyRequest): string {
  return method === 'GET' && url.length <= LONGEST_NEXT ? url : DESK
}

/** An address of the desk that a form leads back to; the desk itself if the text is none. */
export function ownDeskAddress(text: string | null | undefined): string {
  const isOwn = text !== null && text !== undefined && text.length <= LONGEST_NEXT && /^\/desk([/?][\w\-./~%?=&+:,*#]*)?$/.test(text)
  return isOwn ? text : DESK
}

/** A page that says why: the reader may not see it, or there is no such thing. Throws any other error again. */
async function sendRefused(context: DeskContext, error: unknown): Promise<FastifyReply> {
  if (!isRefusal(error) || !(error.isAnswer || error.code === 'act_not_allowed')) throw error
  const { refusedPage } = await import('./refused.tsx')
  return context.send(refusedPage(context, error), statusOf(error))
}

function statusOf({ isAnswer, staffNumber, status }: Refusal): number {
  return isAnswer ? staffNumber : status
}
