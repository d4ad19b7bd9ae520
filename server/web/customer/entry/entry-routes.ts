import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { askForReset, askToRegister } from '../../../customers/ask-by-mail.ts'
import { confirmMail, readMailLink } from '../../../customers/change-mail.ts'
import { choosePassword, readPasswordLink } from '../../../customers/choose-password.ts'
import { type CodeNeeded, signIn, signInWithCode, type SignedIn, signOut } from '../../../customers/sign-in.ts'
import { findSession } from '../../../customers/sessions.ts'
import { sendSecretPage } from '../send.ts'
import type { Web } from '../../route.ts'
import { clearSession, writeSession } from '../../session.ts'
import { languageByCode } from '../../texts/languages.ts'
import { rememberLanguage } from '../../visitor.ts'
import {
  doneOf,
  type Errand,
  errandOf,
  faultOf,
  type Faults,
  field,
  laterFault,
  NO_FAULTS,
  ownPath,
  redirectDone,
  TOO_MANY,
  UNPROCESSABLE,
} from '../scene.ts'

type Handle = (errand: Errand) => Promise<FastifyReply>

const FOR_STRANGERS = { config: { forStrangers: true } } as const

/** The ways in: sign in, a forgotten password, an account of one's own, the links of mails. */
export function routeEntry(pages: FastifyInstance, web: Web) {
  const on = (handle: Handle) => async (request: FastifyRequest, reply: FastifyReply) => handle(await errandOf(web, request, reply))
  pages.get('/sign-in', on(showSignIn))
  pages.post('/sign-in', FOR_STRANGERS, on(takeSignIn))
  pages.post('/sign-in/code', FOR_STRANGERS, on(takeCode))
  pages.post('/sign-out', FOR_STRANGERS, on(takeSignOut))
  for (const of of ['register', 'forgot'] as const) {
    pages.get(`/${of}`, on((errand) => showAsk(errand, of, '', NO_FAULTS)))
    pages.post(`/${of}`, FOR_STRANGERS, on((errand) => takeAsk(errand, of)))
  } // prettier-ignore
  pages.get('/reset/:token', on(showChoose))
  pages.post('/reset/:token', FOR_STRANGERS, on(takeChoose))
  pages.get('/confirm-mail/:token', on(showConfirmMail))
  pages.post('/confirm-mail/:token', FOR_STRANGERS, on(takeConfirmMail))
}

async function showSignIn(errand: Errand): Promise<FastifyReply> {
  const { request, reply } = errand
  const next = ownPath(new URL(request.url, 'http://own').searchParams.get('next') ?? undefined)
  if (request.session) return reply.redirect(next, 303)
  return drawSignIn(errand, { email: '', next, faults: NO_FAULTS, done: doneOf(errand) })
}

async function drawSignIn(
  { reply, desk, scene }: Errand,
  view: { email: string; next: string; faults: Faults; done?: string | undefined },
  status = 200,
): Promise<FastifyReply> {
  const { signInPage } = await import('./entry.tsx')
  return sendSecretPage(reply, signInPage(scene, { ...view, mayRegister: desk.registration !== null }), status)
}

async function takeSignIn(errand: Errand): Promise<FastifyReply> {
  const { request, desk, visit, scene } = errand
  const { texts, house } = scene.frame
  const [email, next] = [field(request, 'email'), ownPath(field(request, 'next'))]
  const outcome = await signIn(desk, { email, password: field(request, 'password') }, visit)
  switch (outcome.kind) {
    case 'signed in':
      return enter(errand, outcome, next)
    case 'code needed':
      return drawCode(errand, outcome, next, NO_FAULTS)
    case 'later':
      return drawSignIn(errand, { email, next, faults: laterFault(outcome, errand) }, TOO_MANY)
    case 'suspended':
      return drawSignIn(errand, { email, next, faults: { form: texts.text('account.suspended', { name: house.name }) } }, UNPROCESSABLE)
    case 'refused':
    case 'code refused':
      return drawSignIn(errand, { email, next, faults: { form: texts.text('account.refused') } }, UNPROCESSABLE)
    default:
      return outcome satisfies never
  }
}

async function drawCode({ reply, scene }: Errand, { ticket }: Pick<CodeNeeded, 'ticket'>, next: string, faults: Faults, status = 200) {
  const { codePage } = await import('./entry.tsx')
  return sendSecretPage(reply, codePage(scene, { ticket, next, faults }), status)
}

async function takeCode(errand: Errand): Promise<FastifyReply> {
  const { request, desk, visit, scene } = errand
  const { texts, house } = scene.frame
  const [ticket, next] = [field(request, 'ticket'), ownPath(field(request, 'next'))]
  const outcome = await signInWithCode(desk, ticket, field(request, 'code'), visit)
  switch (outcome.kind) {
    case 'signed in':
      return enter(errand, outcome, next)
    case 'later':
      return drawCode(errand, { ticket }, next, laterFault(outcome, errand), TOO_MANY)
    case 'code refused':
    case 'code needed':
      return drawCode(errand, { ticket }, next, { code: texts.text('account.code.refused') }, UNPROCESSABLE)
    case 'suspended':
      return drawSignIn(errand, { email: '', next, faults: { form: texts.text('account.suspended', { name: house.name }) } }, UNPROCESSABLE)
    case 'refused':
      return drawSignIn(errand, { email: '', next, faults: { form: texts.text('account.code.again') } }, UNPROCESSABLE)
    default:
      return outcome satisfies never
  }
}

/** From here on the browser is signed in, and the pages are in its person's language. */
async function enter({ request, reply, desk, visit }: Errand, signedIn: SignedIn, next: string): Promise<FastifyReply> {
  writeSession(request, reply, desk, signedIn)
  const session = await findSession(desk.db, signedIn.token, visit, desk.now())
  const language = languageByCode(session?.locale ?? '')
  if (language) rememberLanguage(request, reply, language)
  return reply.redirect(next, 303)
}

async function takeSignOut(errand: Errand): Promise<FastifyReply> {
  const { request, reply, desk, visit } = errand
  if (request.session) await signOut(desk, request.session, visit)
  clearSession(request, reply, desk)
  return redirectDone(errand, '/sign-in', 'signedOut')
}

async function showAsk({ reply, desk, scene }: Errand, of: 'register' | 'forgot', email: string, faults: Faults, status = 200) {
  const { askPage, deadEndPage } = await import('./entry.tsx')
  if (of === 'register' && !desk.registration) return sendSecretPage(reply, deadEndPage(scene, 'closed'))
  return sendSecretPage(reply, askPage(scene, { of, email, faults }), status)
}

async function takeAsk(errand: Errand, of: 'register' | 'forgot'): Promise<FastifyReply> {
  const { request, reply, desk, visit, scene } = errand
  const email = field(request, 'email').trim()
  const ask = of === 'register' ? askToRegister : askForReset
  const outcome = await ask(desk, email, visit).catch((error: unknown) => ({ kind: 'fault', faults: faultOf(error, scene) }) as const)
  switch (outcome.kind) {
    case 'asked':
      return sendSecretPage(reply, (await import('./entry.tsx')).askedPage(scene, email))
    case 'fault':
      return showAsk(errand, of, email, outcome.faults, UNPROCESSABLE)
    case 'later':
      return showAsk(errand, of, email, laterFault(outcome, errand), TOO_MANY)
    case 'closed':
      return showAsk(errand, of, email, NO_FAULTS)
    default:
      return outcome satisfies never
  }
}

function tokenOf(request: FastifyRequest): string {
  return (request.params as { token: string }).token
}

async function showChoose(errand: Errand): Promise<FastifyReply> {
  return drawChoose(errand, NO_FAULTS)
}

async function drawChoose({ request, reply, desk, scene }: Errand, faults: Faults, status = 200): Promise<FastifyReply> {
  const { choosePage, deadEndPage } = await import('./entry.tsx')
  const token = tokenOf(request)
  const link = await readPasswordLink(desk, token)
  if (!link) return sendSecretPage(reply, deadEndPage(scene, 'linkVoid'), 410)
  return sendSecretPage(reply, choosePage(scene, { token, email: link.email, faults }), status)
}

async function takeChoose(errand: Errand): Promise<FastifyReply> {
  const { request, desk, visit, scene } = errand
  const { texts, house } = scene.frame
  // Whoever is new begins with the first steps.
  const link = await readPasswordLink(desk, tokenOf(request))
  const next = link?.purpose === 'reset' ? '/account' : '/start'
  const chosen = await choosePassword(desk, tokenOf(request), field(request, 'wanted'), visit).catch(
    (error: unknown) => ({ kind: 'fault', faults: faultOf(error, scene) }) as const,
  )
  switch (chosen.kind) {
    case 'signed in':
      return enter(errand, chosen, next)
    case 'code needed':
      return drawCode(errand, chosen, next, NO_FAULTS)
    case 'fault':
      return drawChoose(errand, chosen.faults, UNPROCESSABLE)
    case 'suspended':
      return drawSignIn(errand, { email: '', next, faults: { form: texts.text('account.suspended', { name: house.name }) } })
    case 'link void':
      return drawChoose(errand, NO_FAULTS)
    default:
      return chosen satisfies never
  }
}

async function showConfirmMail({ request, reply, desk, scene }: Errand): Promise<FastifyReply> {
  const { confirmMailPage, deadEndPage } = await import('./entry.tsx')
  const token = tokenOf(request)
  const email = await readMailLink(desk, token)
  if (email === undefined) return sendSecretPage(reply, deadEndPage(scene, 'linkVoid'), 410)
  return sendSecretPage(reply, confirmMailPage(scene, { token, email }))
}

async function takeConfirmMail(errand: Errand): Promise<FastifyReply> {
  const { request, reply, desk, visit, scene } = errand
  const outcome = await confirmMail(desk, tokenOf(request), visit)
  if (outcome.kind === 'changed') return redirectDone(errand, request.session ? '/account' : '/sign-in', 'mailChanged')
  return sendSecretPage(reply, (await import('./entry.tsx')).deadEndPage(scene, 'linkVoid'), 410)
}
