import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { findLinkedSignIn, linkSignIn, type ProvenIdentity } from '../../../customers/linked-sign-ins.ts'
import { noteProof, type Session } from '../../../customers/sessions.ts'
import { type ByProvider, newByProvider, openByProvider, signInByProvider } from '../../../customers/sign-in-by-provider.ts'
import { makeToken } from '../../../customers/token.ts'
import { beginAtProvider, BROWSER_SECRET_SECONDS, type Purpose, takeAnswer } from '../../../sign-in-providers/sign-in.ts'
import { clearCookie, readSecretCookie, writeCookie } from '../../cookies.ts'
import { field, laterFault } from '../../form-faults.ts'
import { sendSecretPage } from '../../send.ts'
import { type Faults, NO_FAULTS, TOO_MANY, UNPROCESSABLE } from '../../ui/page-ui.ts'
import type { Web } from '../../web.ts'
import { ownPath, type PageContext, pageContext, redirectDone } from '../page-context.ts'
import { drawCode, drawSignIn, enter, FOR_SIGNED_OUT, showAsk } from './entry-routes.ts'
import type { ProviderEnd } from './provider-pages.tsx'
import { acceptedIn } from './terms-routes.ts'

type Handle = (context: PageContext, web: Web) => Promise<FastifyReply>

/** Routes signing in and opening an account by a provider, like Google, and the address to which all providers lead back. */
export function routeProviders(pages: FastifyInstance, web: Web) {
  const on = (handle: Handle) => async (request: FastifyRequest, reply: FastifyReply) => handle(await pageContext(web, request, reply), web)
  pages.post('/sign-in/with/:provider', FOR_SIGNED_OUT, on(takeBegin))
  pages.get('/sign-in/with/:provider/callback', on(takeCallback))
  pages.post('/register/with-provider', FOR_SIGNED_OUT, on(takeOpen))
}

async function takeBegin(context: PageContext, web: Web): Promise<FastifyReply> {
  const { request } = context
  const next = ownPath(field(request, 'next'))
  const name = (request.params as { provider: string }).provider
  const again = (faults: Faults) => drawSignIn(context, { email: '', next, faults }, TOO_MANY)
  return goToProvider(context, web, { name, purpose: 'sign in', next, session: null, again })
}

interface Wanted {
  readonly name: string
  readonly purpose: Purpose
  readonly next: string
  /** Whoever is signed in; null: they want to sign in. */
  readonly session: Session | null
  /** Shows the page with the button again, to somebody who has to wait. */
  readonly again: (faults: Faults) => Promise<FastifyReply>
}

/**
 * Leads the browser to a provider. A page of our own does, because a form may not be redirected to another site; a form it is, so that no other site
 * begins a sign-in in somebody's browser.
 */
export async function goToProvider(context: PageContext, web: Web, { name, purpose, next, session, again }: Wanted): Promise<FastifyReply> {
  const { request, reply, accounts, visit, ui } = context
  const browser = readSecretCookie(request, accounts.site.url, 'provider') ?? makeToken()
  const begun = { purpose, next, sessionId: session?.id ?? null }
  const going = await beginAtProvider(web.providers(), { name, browser, begun }, visit)
  switch (going.kind) {
    case 'go': {
      writeCookie({ request, reply }, accounts.site.url, 'provider', { value: browser, maxAge: BROWSER_SECRET_SECONDS })
      const { goPage } = await import('./provider-pages.tsx')
      return sendSecretPage(reply.header('refresh', `0;url=${going.url}`), goPage(ui, going))
    }
    case 'later':
      return again(laterFault(going, context))
    case 'unknown':
      return drawEnd(context, 'void', { purpose })
    case 'silent':
    case 'refused':
      return failed(context, web, { ...going, purpose })
    default:
      return going satisfies never
  }
}

async function takeCallback(context: PageContext, web: Web): Promise<FastifyReply> {
  const { request, accounts } = context
  const name = (request.params as { provider: string }).provider
  const browser = readSecretCookie(request, accounts.site.url, 'provider')
  const answer = await takeAnswer(web.providers(), { name, browser, query: request.url.split('?', 2)[1] ?? '' })
  switch (answer.kind) {
    case 'proven':
      if (answer.purpose === 'sign in') return drawOutcome(context, answer.identity, answer.next)
      // Whoever has signed out meanwhile, or in as somebody else, has not asked for this.
      if (request.session?.id !== answer.sessionId || request.session?.viewedBy) return drawEnd(context, 'void', { purpose: 'sign in' })
      return answer.purpose === 'link'
        ? link(context, request.session, answer.identity)
        : prove(context, request.session, answer.identity, answer.next)
    case 'void':
      return drawEnd(context, 'void', { purpose: request.session ? 'link' : 'sign in' })
    case 'late':
    case 'cancelled':
      return drawEnd(context, answer.kind, answer)
    case 'silent':
    case 'refused':
      return failed(context, web, answer)
    default:
      return answer satisfies never
  }
}

interface Failure {
  readonly kind: 'silent' | 'refused'
  readonly provider: string
  readonly purpose: Purpose
  readonly why: string
}

function failed(context: PageContext, web: Web, failure: Failure): Promise<FastifyReply> {
  web.settings.log.warn({ provider: failure.provider, why: failure.why }, 'a sign-in by a provider failed')
  return drawEnd(context, failure.kind, failure)
}

/** What came of a sign-in by a provider. */
async function drawOutcome(context: PageContext, identity: ProvenIdentity, next: string): Promise<FastifyReply> {
  return drawSignedIn(context, await signInByProvider(context.accounts, identity, context.visit), identity, next)
}

async function drawSignedIn(context: PageContext, outcome: ByProvider, identity: ProvenIdentity, next: string): Promise<FastifyReply> {
  const { ui } = context
  const { texts, house } = ui.frame
  switch (outcome.kind) {
    case 'signed in':
      return enter(context, outcome, next)
    case 'code needed':
      return drawCode(context, outcome, next, NO_FAULTS)
    case 'new':
      return drawOpen(context, outcome.ticket, identity, NO_FAULTS)
    case 'closed':
      return showAsk(context, 'register', '', NO_FAULTS)
    case 'suspended':
      return drawSignIn(
        context,
        { email: '', next, faults: { form: texts.text('account.suspended', { name: house.name }) } },
        UNPROCESSABLE,
      )
    case 'later':
      return drawSignIn(context, { email: '', next, faults: laterFault(outcome, context) }, TOO_MANY)
    case 'address not confirmed':
    case 'sign in first':
      return drawEnd(context, outcome.kind, { ...identity, purpose: 'sign in' })
    case 'refused':
    case 'code refused':
      return drawEnd(context, 'void', { purpose: 'sign in' })
    default:
      return outcome satisfies never
  }
}

async function drawOpen({ reply, accounts, ui }: PageContext, ticket: string, identity: ProvenIdentity, faults: Faults, status = 200) {
  const { openPage } = await import('./provider-pages.tsx')
  return sendSecretPage(reply, openPage(ui, { ticket, identity, terms: accounts.terms, faults }), status)
}

async function takeOpen(context: PageContext): Promise<FastifyReply> {
  const { request, reply, accounts, visit, ui } = context
  const ticket = field(request, 'ticket')
  const identity = newByProvider(accounts, ticket)
  if (!identity) return drawEnd(context, 'void', { purpose: 'sign in' })
  const outcome = await openByProvider(accounts, ticket, acceptedIn(request), visit)
  switch (outcome.kind) {
    case 'ticket void':
      return drawEnd(context, 'void', { purpose: 'sign in' })
    case 'terms not accepted':
      return drawOpen(context, ticket, identity, { accept: ui.frame.texts.text('account.terms.missing') }, UNPROCESSABLE)
    case 'later':
      return drawOpen(context, ticket, identity, laterFault(outcome, context), TOO_MANY)
    case 'signed in':
      clearCookie(request, reply, accounts.site.url, 'came-by')
      return enter(context, outcome, '/start')
    default:
      return drawSignedIn(context, outcome, identity, '/')
  }
}

async function link(context: PageContext, session: Session, identity: ProvenIdentity): Promise<FastifyReply> {
  const outcome = await linkSignIn(context.accounts, session, identity, context.visit)
  if (outcome.kind === 'linked') return redirectDone(context, '/account', 'signInLinked')
  return drawEnd(context, outcome.kind, { ...identity, purpose: 'link' })
}

/** The person shows again who they are, by a sign-in that they have linked. */
async function prove(context: PageContext, session: Session, identity: ProvenIdentity, next: string): Promise<FastifyReply> {
  const { reply, accounts } = context
  const linked = await findLinkedSignIn(accounts.db, identity)
  if (linked?.userId !== session.userId) return drawEnd(context, 'not linked', { ...identity, purpose: 'prove' })
  await noteProof(accounts.db, session.id, accounts.now())
  return reply.redirect(next, 303)
}

interface About {
  readonly purpose: Purpose
  readonly provider?: string
  readonly email?: string | null
}

/** Says why it ends here. The ways on begin at our own address, which is where the provider leads back to. */
async function drawEnd(
  { reply, accounts, ui }: PageContext,
  end: ProviderEnd,
  { purpose, provider = '', email }: About,
): Promise<FastifyReply> {
  const { providerEndPage } = await import('./provider-pages.tsx')
  const mayRegister = accounts.registration !== null && end !== 'sign in first'
  const ways =
    purpose === 'sign in'
      ? ([
          { href: '/sign-in', text: 'account.signIn' },
          ...(mayRegister ? [{ href: '/register', text: 'account.register' } as const] : []),
          ...(end === 'sign in first' ? [{ href: '/forgot', text: 'account.forgot' } as const] : []),
        ] as const)
      : ([{ href: '/account', text: 'account.profile' }] as const)
  return sendSecretPage(reply, providerEndPage(ui, end, { provider, email: email ?? '', ways }), end === 'cancelled' ? 200 : UNPROCESSABLE)
}
