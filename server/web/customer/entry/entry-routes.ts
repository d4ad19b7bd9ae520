import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { askForReset, askToRegister } from '../../../customers/ask-by-mail.ts'
import { confirmMail, readMailLink } from '../../../customers/change-mail.ts'
import { choosePassword, readPasswordLink, termsFor } from '../../../customers/choose-password.ts'
import { type CodeNeeded, signIn, signInWithCode, type SignedIn, signOut } from '../../../customers/sign-in.ts'
import { findSession } from '../../../customers/sessions.ts'
import { sendSecretPage } from '../../send.ts'
import type { Web } from '../../web.ts'
import { clearCookie } from '../../cookies.ts'
import { clearSession, writeSession } from '../../session.ts'
import { languageByCode } from '../../../texts/languages.ts'
import { rememberLanguage } from '../../visitor.ts'
import { doneOf, type PageContext, pageContext, ownPath, redirectDone } from '../page-context.ts'
import { faultOf, field, laterFault } from '../../form-faults.ts'
import { acceptedIn } from './terms-routes.ts'
import { listOffered } from '../../../sign-in-providers/providers.ts'
import { type Faults, NO_FAULTS, TOO_MANY, UNPROCESSABLE } from '../../ui/page-ui.ts'

type Handle = (context: PageContext) => Promise<FastifyReply>

export const FOR_SIGNED_OUT = { config: { forSignedOut: true } } as const

/** Routes signing in, resetting a password, registering, and the links in mails. */
export function routeEntry(pages: FastifyInstance, web: Web) {
  const on = (handle: Handle) => async (request: FastifyRequest, reply: FastifyReply) => handle(await pageContext(web, request, reply))
  pages.get('/sign-in', on(showSignIn))
  pages.post('/sign-in', FOR_SIGNED_OUT, on(takeSignIn))
  pages.post('/sign-in/code', FOR_SIGNED_OUT, on(takeCode))
  pages.post('/sign-out', FOR_SIGNED_OUT, on(takeSignOut))
  for (const of of ['register', 'forgot'] as const) {
    pages.get(`/${of}`, on((context) => showAsk(context, of, '', NO_FAULTS)))
    pages.post(`/${of}`, FOR_SIGNED_OUT, on((context) => takeAsk(context, of)))
  } // prettier-ignore
  pages.get('/reset/:token', on(showChoose))
  pages.post('/reset/:token', FOR_SIGNED_OUT, on(takeChoose))
  pages.get('/confirm-mail/:token', on(showConfirmMail))
  pages.post('/confirm-mail/:token', FOR_SIGNED_OUT, on(takeConfirmMail))
}

async function showSignIn(context: PageContext): Promise<FastifyReply> {
  const { request, reply } = context
  const next = ownPath(new URL(request.url, 'http://own').searchParams.get('next') ?? undefined)
  if (request.session) return reply.redirect(next, 303)
  return drawSignIn(context, { email: '', next, faults: NO_FAULTS, done: doneOf(context) })
}

export async function drawSignIn(
  { reply, accounts, ui }: PageContext,
  view: { email: string; next: string; faults: Faults; done?: string | undefined },
  status = 200,
): Promise<FastifyReply> {
  const { signInPage } = await import('./entry.tsx')
  const providers = await listOffered(accounts.db)
  return sendSecretPage(reply, signInPage(ui, { ...view, mayRegister: accounts.registration !== null, providers }), status)
}

async function takeSignIn(context: PageContext): Promise<FastifyReply> {
  const { request, accounts, visit, ui } = context
  const { texts, house } = ui.frame
  const [email, next] = [field(request, 'email'), ownPath(field(request, 'next'))]
  const outcome = await signIn(accounts, { email, password: field(request, 'password') }, visit)
  switch (outcome.kind) {
    case 'signed in':
      return enter(context, outcome, next)
    case 'code needed':
      return drawCode(context, outcome, next, NO_FAULTS)
    case 'later':
      return drawSignIn(context, { email, next, faults: laterFault(outcome, context) }, TOO_MANY)
    case 'suspended':
      return drawSignIn(context, { email, next, faults: { form: texts.text('account.suspended', { name: house.name }) } }, UNPROCESSABLE)
    case 'refused':
    case 'code refused':
      return drawSignIn(context, { email, next, faults: { form: texts.text('account.refused') } }, UNPROCESSABLE)
    default:
      return outcome satisfies never
  }
}

export async function drawCode(
  { reply, ui }: PageContext,
  { ticket }: Pick<CodeNeeded, 'ticket'>,
  next: string,
  faults: Faults,
  status = 200,
) {
  const { codePage } = await import('./entry.tsx')
  return sendSecretPage(reply, codePage(ui, { ticket, next, faults }), status)
}

async function takeCode(context: PageContext): Promise<FastifyReply> {
  const { request, accounts, visit, ui } = context
  const { texts, house } = ui.frame
  const [ticket, next] = [field(request, 'ticket'), ownPath(field(request, 'next'))]
  const outcome = await signInWithCode(accounts, ticket, field(request, 'code'), visit)
  switch (outcome.kind) {
    case 'signed in':
      return enter(context, outcome, next)
    case 'later':
      return drawCode(context, { ticket }, next, laterFault(outcome, context), TOO_MANY)
    case 'code refused':
    case 'code needed':
      return drawCode(context, { ticket }, next, { code: texts.text('account.code.refused') }, UNPROCESSABLE)
    case 'suspended':
      return drawSignIn(
        context,
        { email: '', next, faults: { form: texts.text('account.suspended', { name: house.name }) } },
        UNPROCESSABLE,
      )
    case 'refused':
      return drawSignIn(context, { email: '', next, faults: { form: texts.text('account.code.again') } }, UNPROCESSABLE)
    default:
      return outcome satisfies never
  }
}

/** Signs the browser in and sets the language of its user. */
export async function enter({ request, reply, accounts, visit }: PageContext, signedIn: SignedIn, next: string): Promise<FastifyReply> {
  writeSession(request, reply, accounts, signedIn)
  const session = await findSession(accounts.db, signedIn.token, visit, accounts.now())
  const language = languageByCode(session?.locale ?? '')
  if (language) rememberLanguage(request, reply, language)
  return reply.redirect(next, 303)
}

async function takeSignOut(context: PageContext): Promise<FastifyReply> {
  const { request, reply, accounts, visit } = context
  if (request.session) await signOut(accounts, request.session, visit)
  clearSession(request, reply, accounts)
  return redirectDone(context, '/sign-in', 'signedOut')
}

export async function showAsk(
  { reply, accounts, ui }: PageContext,
  of: 'register' | 'forgot',
  email: string,
  faults: Faults,
  status = 200,
) {
  const { askPage, deadEndPage } = await import('./entry.tsx')
  if (of === 'register' && !accounts.registration) return sendSecretPage(reply, deadEndPage(ui, 'closed'))
  const providers = of === 'register' ? await listOffered(accounts.db) : []
  return sendSecretPage(reply, askPage(ui, { of, email, faults, providers }), status)
}

async function takeAsk(context: PageContext, of: 'register' | 'forgot'): Promise<FastifyReply> {
  const { request, reply, accounts, visit, ui } = context
  const email = field(request, 'email').trim()
  const ask = of === 'register' ? askToRegister : askForReset
  const outcome = await ask(accounts, email, visit).catch((error: unknown) => ({ kind: 'fault', faults: faultOf(error, ui) }) as const)
  switch (outcome.kind) {
    case 'asked':
      return sendSecretPage(reply, (await import('./entry.tsx')).askedPage(ui, email))
    case 'fault':
      return showAsk(context, of, email, outcome.faults, UNPROCESSABLE)
    case 'later':
      return showAsk(context, of, email, laterFault(outcome, context), TOO_MANY)
    case 'closed':
      return showAsk(context, of, email, NO_FAULTS)
    default:
      return outcome satisfies never
  }
}

function tokenOf(request: FastifyRequest): string {
  return (request.params as { token: string }).token
}

async function showChoose(context: PageContext): Promise<FastifyReply> {
  return drawChoose(context, NO_FAULTS)
}

async function drawChoose({ request, reply, accounts, ui }: PageContext, faults: Faults, status = 200): Promise<FastifyReply> {
  const { choosePage, deadEndPage } = await import('./entry.tsx')
  const token = tokenOf(request)
  const link = await readPasswordLink(accounts, token)
  if (!link) return sendSecretPage(reply, deadEndPage(ui, 'linkVoid'), 410)
  return sendSecretPage(reply, choosePage(ui, { token, email: link.email, terms: termsFor(accounts, link), faults }), status)
}

async function takeChoose(context: PageContext): Promise<FastifyReply> {
  const { request, accounts, visit, ui } = context
  const { texts, house } = ui.frame
  // A new user begins with the first steps.
  const link = await readPasswordLink(accounts, tokenOf(request))
  const next = link?.purpose === 'reset' ? '/account' : '/start'
  const chosen = await choosePassword(accounts, tokenOf(request), field(request, 'wanted'), visit, acceptedIn(request)).catch(
    (error: unknown) => ({ kind: 'fault', faults: faultOf(error, ui) }) as const,
  )
  switch (chosen.kind) {
    case 'signed in':
      if (link?.purpose === 'register') clearCookie(request, context.reply, accounts.site.url, 'came-by')
      return enter(context, chosen, next)
    case 'code needed':
      return drawCode(context, chosen, next, NO_FAULTS)
    case 'fault':
      return drawChoose(context, chosen.faults, UNPROCESSABLE)
    case 'suspended':
      return drawSignIn(context, { email: '', next, faults: { form: texts.text('account.suspended', { name: house.name }) } })
    case 'terms not accepted':
      return drawChoose(context, { accept: texts.text('account.terms.missing') }, UNPROCESSABLE)
    case 'link void':
      return drawChoose(context, NO_FAULTS)
    default:
      return chosen satisfies never
  }
}

async function showConfirmMail({ request, reply, accounts, ui }: PageContext): Promise<FastifyReply> {
  const { confirmMailPage, deadEndPage } = await import('./entry.tsx')
  const token = tokenOf(request)
  const email = await readMailLink(accounts, token)
  if (email === undefined) return sendSecretPage(reply, deadEndPage(ui, 'linkVoid'), 410)
  return sendSecretPage(reply, confirmMailPage(ui, { token, email }))
}

async function takeConfirmMail(context: PageContext): Promise<FastifyReply> {
  const { request, reply, accounts, visit, ui } = context
  const outcome = await confirmMail(accounts, tokenOf(request), visit)
  if (outcome.kind === 'changed') return redirectDone(context, request.session ? '/account' : '/sign-in', 'mailChanged')
  return sendSecretPage(reply, (await import('./entry.tsx')).deadEndPage(ui, 'linkVoid'), 410)
}
