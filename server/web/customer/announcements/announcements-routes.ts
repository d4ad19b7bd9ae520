import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { announcementsOnPages, dismissAnnouncement } from '../../../announcements/live.ts'
import { setWantsAnnouncements, userOfToken, wantsAnnouncements } from '../../../announcements/mails.ts'
import { sendOwnPage, sendSecretPage } from '../../send.ts'
import { visitorOf } from '../../visitor.ts'
import type { Web } from '../../web.ts'
import { field } from '../../form-faults.ts'
import { numberIn, onOwn, type OwnContext } from '../own-context.ts'
import { ownPath, pageContext } from '../page-context.ts'

/** How many a page shows above its own; the others are on their page. */
const ON_A_PAGE = 3
const ON_THEIR_PAGE = 100

/** Finds what a page of a signed-in customer tells above itself: one statement, which looks at the few that are live. */
export function findAnnouncements(pages: FastifyInstance, web: Web): void {
  pages.decorateRequest('announcements', undefined)
  pages.addHook('preHandler', async (request) => {
    const { session } = request
    if (!session || request.method !== 'GET' || !(request.headers.accept ?? '').includes('text/html')) return
    const { db, now } = web.accounts()
    const language = visitorOf(request, web.settings).language.code
    const { accountId, userId } = session
    request.announcements = await announcementsOnPages(db, { accountId, language, userId }, now(), ON_A_PAGE)
  })
}

/** Routes the announcements of the house: all that hold, dismissing one, and whether they come by mail. */
export function routeAnnouncements(pages: FastifyInstance, web: Web) {
  pages.get('/announcements', onOwn(web, showAll))
  pages.post('/announcements/mails', onOwn(web, takeMails))
  pages.post('/announcements/:id/dismiss', onOwn(web, takeDismiss))
  pages.get('/announcements/unsubscribe/:token', (request, reply) => showUnsubscribe(web, request, reply, false))
  // Sent by mail programs too, which have no form of ours; whoever has the address got it by mail.
  pages.post('/announcements/unsubscribe/:token', { config: { fromMail: true, forSignedOut: true } }, (request, reply) =>
    takeUnsubscribe(web, request, reply),
  )
}

async function showAll(context: OwnContext): Promise<FastifyReply> {
  const { reply, ui, session, accounts } = context
  const { announcementsPage } = await import('./announcements.tsx')
  const language = ui.frame.visitor.language.code
  const { accountId, userId } = session
  const [rows, byMail] = await Promise.all([
    announcementsOnPages(accounts.db, { accountId, language, userId: null }, accounts.now(), ON_THEIR_PAGE),
    wantsAnnouncements(accounts.db, userId),
  ])
  return sendOwnPage(reply, announcementsPage(ui, { rows, byMail }))
}

async function takeMails({ request, reply, session, accounts }: OwnContext): Promise<FastifyReply> {
  await setWantsAnnouncements(accounts.db, session.userId, field(request, 'mails') === 'on', accounts.now())
  return reply.redirect('/announcements', 303)
}

async function takeDismiss({ request, reply, session, accounts }: OwnContext): Promise<FastifyReply> {
  const id = numberIn(new URLSearchParams(request.params as Record<string, string>), 'id')
  if (id !== null && id < 2n ** 31n) await dismissAnnouncement(accounts.db, session.userId, Number(id), accounts.now())
  return reply.redirect(ownPath(field(request, 'next')), 303)
}

async function showUnsubscribe(web: Web, request: FastifyRequest, reply: FastifyReply, done: boolean): Promise<FastifyReply> {
  const { ui, accounts } = await pageContext(web, request, reply)
  const { unsubscribePage } = await import('./announcements.tsx')
  const { token } = request.params as { token: string }
  const isKnown = userOfToken(accounts.secret, token) !== undefined
  return sendSecretPage(reply, unsubscribePage(ui, { token, isKnown, done }), isKnown ? 200 : 410)
}

async function takeUnsubscribe(web: Web, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { db, secret, now } = web.accounts()
  const userId = userOfToken(secret, (request.params as { token: string }).token)
  if (userId !== undefined) await setWantsAnnouncements(db, userId, false, now())
  return showUnsubscribe(web, request, reply, true)
}
