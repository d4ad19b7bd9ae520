import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { refuse } from '../refusal.ts'
import { endView, openView } from '../staff/account-views.ts'
import { clearCookie, readSecretCookie, SAFE_METHODS, writeCookie } from './cookies.ts'
import type { Web } from './web.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** This route accepts forms of staff who see the pages of a customer. */
    forViewers?: true
  }
}

/** Pages that may show a secret of the customer: the code of a second factor, a link from a mail. */
const hidden: ReadonlySet<string> = new Set(['/account/codes', '/reset/:token', '/confirm-mail/:token', '/mailbox'])

/** Staff who see the pages of a customer see all but secrets, and send no form. Register it after the hook that finds the session. */
export function refuseViewers(pages: FastifyInstance): void {
  pages.addHook('onRequest', async (request, reply) => {
    if (!request.session?.viewedBy) return
    const { config, url = '' } = request.routeOptions
    if (hidden.has(url)) throw refuse('not_for_viewers')
    if (SAFE_METHODS.has(request.method) || config.forViewers) return
    // What the form holds is not read.
    void reply.header('connection', 'close')
    throw refuse('only_looking')
  })
}

/** Routes the beginning and the end of a view. */
export function routeViews(pages: FastifyInstance, web: Web): void {
  pages.get('/view/:token', (request, reply) => beginViewing(web, request, reply))
  pages.post('/view/end', { config: { forViewers: true } }, (request, reply) => endViewing(web, request, reply))
}

const VIEW_SECONDS = 30 * 60

async function beginViewing(web: Web, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { db, now, site } = web.accounts()
  const token = await openView(db, (request.params as { token: string }).token, now())
  if (token === undefined) return reply.redirect('/desk/customers', 303)
  writeCookie({ request, reply }, site.url, 'view', { value: token, maxAge: VIEW_SECONDS })
  return reply.header('cache-control', 'no-store').redirect('/', 303)
}

async function endViewing(web: Web, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { db, now, site } = web.accounts()
  const token = readSecretCookie(request, site.url, 'view')
  const account = token === undefined ? undefined : await endView(db, token, now())
  clearCookie(request, reply, site.url, 'view')
  return reply.redirect(account === undefined ? '/desk/customers' : `/desk/customers/${account}`, 303)
}
