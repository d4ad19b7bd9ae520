import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { acceptTerms, mustAccept } from '../../../customers/terms.ts'
import { transaction } from '../../../db/pool.ts'
import { field } from '../../form-faults.ts'
import { sendSecretPage } from '../../send.ts'
import { type Faults, NO_FAULTS, UNPROCESSABLE } from '../../ui/page-ui.ts'
import type { Web } from '../../web.ts'
import { ownPath, type PageContext, pageContext } from '../page-context.ts'

const ACCEPT = '/accept-terms'
/** What customers may open before they have accepted the terms: those themselves, the way out, and what is for everybody. */
const OPEN: ReadonlySet<string> = new Set([ACCEPT, '/sign-out', '/assets/:file', '/openapi.json', '/api/postman.json', '/llms.txt', '/robots.txt', '/sitemap.xml']) // prettier-ignore
const FOR_EVERYBODY = /\/(?:p\/:name|api)$/

/** Leads customers who have to accept the terms again to where they do. Register it after the hook that finds the session. */
export function askForTerms(pages: FastifyInstance, web: Web): void {
  pages.addHook('onRequest', async (request, reply) => {
    const { session } = request
    const { url = '' } = request.routeOptions
    // Staff who look at the pages of a customer accept nothing in their name.
    if (!session || session.viewedBy || OPEN.has(url) || FOR_EVERYBODY.test(url) || !mustAccept(session, web.accounts().terms))
      return undefined
    const next = request.method === 'GET' ? ownPath(request.url.split('?', 1)[0]) : '/'
    // A form that comes meanwhile is not read, and changes nothing.
    if (request.method !== 'GET') void reply.header('connection', 'close')
    return reply.redirect(`${ACCEPT}?next=${next}`, 303)
  })
}

/** Routes the page on which customers accept the terms again. */
export function routeTerms(pages: FastifyInstance, web: Web): void {
  const on = (handle: (context: PageContext) => Promise<FastifyReply>) => async (request: FastifyRequest, reply: FastifyReply) =>
    request.session ? handle(await pageContext(web, request, reply)) : reply.redirect('/sign-in', 303)
  pages.get(
    ACCEPT,
    on((context) => {
      const next = ownPath(new URL(context.request.url, 'http://own').searchParams.get('next') ?? undefined)
      return draw(context, next, NO_FAULTS)
    }),
  )
  pages.post(ACCEPT, on(take))
}

async function draw({ reply, accounts, ui }: PageContext, next: string, faults: Faults, status = 200): Promise<FastifyReply> {
  if (!accounts.terms) return reply.redirect(next, 303)
  const { acceptTermsPage } = await import('./terms-field.tsx')
  return sendSecretPage(reply, acceptTermsPage(ui, { next, version: accounts.terms.version, faults }), status)
}

async function take(context: PageContext): Promise<FastifyReply> {
  const { request, reply, accounts, visit, ui } = context
  const next = ownPath(field(request, 'next'))
  const version = acceptedIn(request)
  // Terms that were published after the page was opened have to be seen first.
  if (accounts.terms && version !== accounts.terms.version)
    return draw(context, next, { accept: ui.frame.texts.text('account.terms.missing') }, UNPROCESSABLE)
  if (version !== undefined) await transaction(accounts.db, (tx) => acceptTerms(tx, request.session!, version, visit, accounts.now()))
  return reply.redirect(next, 303)
}

/** The version of the terms that a form accepts; undefined: none. */
export function acceptedIn(request: FastifyRequest): number | undefined {
  const version = field(request, 'terms')
  return field(request, 'accept') === 'on' && /^[1-9]\d{0,8}$/.test(version) ? Number(version) : undefined
}
