import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { unlinkSignIn } from '../../../customers/linked-sign-ins.ts'
import { checkCodeAgain } from '../../../customers/proof.ts'
import type { Session } from '../../../customers/sessions.ts'
import { field, laterFault } from '../../form-faults.ts'
import { type Faults, TOO_MANY, UNPROCESSABLE } from '../../ui/page-ui.ts'
import type { Web } from '../../web.ts'
import { goToProvider } from '../entry/provider-routes.ts'
import { ownPath, type PageContext, pageContext, redirectDone, toProof } from '../page-context.ts'
import { drawProfile, drawProof } from './account-routes.ts'

/** Routes linking and unlinking sign-ins by a provider, and showing by one of them again who one is. */
export function routeLinkedSignIns(pages: FastifyInstance, web: Web) {
  const on =
    (handle: (context: PageContext, session: Session) => Promise<FastifyReply>) => async (request: FastifyRequest, reply: FastifyReply) =>
      request.session ? handle(await pageContext(web, request, reply), request.session) : reply.redirect('/sign-in?next=/account', 303)
  pages.post(
    '/account/link',
    on(async (context, session) => {
      if (!session.fresh) return toProof(context, '/account')
      const again = (faults: Faults) => drawProfile(context, session, { newMail: '', faults }, TOO_MANY)
      return goToProvider(context, web, { name: field(context.request, 'provider'), purpose: 'link', next: '/account', session, again })
    }),
  )
  pages.post('/account/unlink', on(takeUnlink))
  pages.post(
    '/account/prove/with',
    on(async (context, session) => {
      const { request, accounts, visit, ui } = context
      const next = ownPath(field(request, 'next'))
      // Whoever has a password gives that.
      if (session.hasPassword) return toProof(context, next)
      const checked = await checkCodeAgain(accounts, session, field(request, 'code'), visit)
      const again = (faults: Faults, status: number) => drawProof(context, session, next, faults, status)
      if (checked.kind === 'later') return again(laterFault(checked, context), TOO_MANY)
      if (checked.kind === 'refused') return again({ code: ui.frame.texts.text('account.code.refused') }, UNPROCESSABLE)
      return goToProvider(context, web, {
        name: field(request, 'provider'),
        purpose: 'prove',
        next,
        session,
        again: (faults) => again(faults, TOO_MANY),
      })
    }),
  )
}

async function takeUnlink(context: PageContext, session: Session): Promise<FastifyReply> {
  const { request, accounts, visit, ui } = context
  const id = field(request, 'linked')
  const outcome = await unlinkSignIn(accounts, session, /^[1-9]\d{0,8}$/.test(id) ? Number(id) : 0, visit)
  switch (outcome.kind) {
    case 'unlinked':
    case 'unknown':
      return redirectDone(context, '/account', 'signInUnlinked')
    case 'stale':
      return toProof(context, '/account')
    case 'last way in':
      return drawProfile(context, session, { newMail: '', faults: { linked: ui.frame.texts.text('account.with.last') } }, UNPROCESSABLE)
    default:
      return outcome.kind satisfies never
  }
}
